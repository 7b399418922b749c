"""Opening the user's own digits: read in the background, looked over, then used."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core.base.errors import InklingError
from core.data.correction import Correction, Findings, inspect
from core.data.reader import RawData
from core.data.readers import read_raw
from gui.features.data_import.dialog import ImportDialog
from gui.features.data_import.model import ImportModel
from gui.session.dataset_store import DatasetStore
from gui.session.jobs import Jobs, Report
from gui.style.theme import Themes

_READ, _INSPECT = "import", "inspect"


class Importing(QObject):
    """Shows what a file holds, and lets it be corrected, before it is trained on.

    Signals:
        progress(str, object): what is being read, and the share done; None: it has ended.
        failed(InklingError): it could not be read; the set in use stays.
    """

    progress = Signal(str, object)
    failed = Signal(object)

    def __init__(self, shelf: DatasetStore, jobs: Jobs, window: QWidget, themes: Themes) -> None:
        super().__init__(window)
        self._shelf, self._jobs, self._window, self._themes = shelf, jobs, window, themes
        self.dialog: ImportDialog | None = None

    def open(self, path: Path) -> None:
        """Read the digits at `path`, a file or folder, and show what was found."""

        def work(report: Report) -> tuple[RawData, Findings]:
            raw = read_raw(path, report)
            return raw, inspect(raw)

        self._jobs.start(
            _READ,
            work,
            lambda found: self._show(*found),
            self._refuse,
            lambda share: self.progress.emit(f"Reading {path.name}", share),
            may_hang=True,
        )
        self.progress.emit(f"Reading {path.name}", 0.0)

    def cancel(self) -> None:
        """Stop reading; the set in use stays."""
        self._jobs.cancel(_READ)
        self.progress.emit("", None)

    def _refuse(self, error: InklingError) -> None:
        self.progress.emit("", None)
        self.failed.emit(error)

    def _show(self, raw: RawData, findings: Findings) -> None:
        self.progress.emit("", None)
        if self.dialog is not None:
            self.dialog.reject()
        model = ImportModel(raw, findings)
        dialog = ImportDialog(model, self._themes, self._window)
        dialog.answered.connect(lambda correction: self._correct(model, correction))
        dialog.chosen.connect(lambda: self._use(model))
        dialog.closed.connect(self._forget)
        self.dialog = dialog
        dialog.open()

    def _correct(self, model: ImportModel, correction: Correction) -> None:
        model.ask(correction)
        self._jobs.start(
            _INSPECT,
            lambda _report: inspect(model.raw, correction),
            model.show_findings,
            model.show_problem,
        )

    def _use(self, model: ImportModel) -> None:
        if model.findings is None or self._jobs.busy(_INSPECT):
            return  # what the last correction leads to is not known yet
        raw, findings = model.raw, model.findings
        if self.dialog is not None:
            self.dialog.accept()
        self._shelf.take(raw, findings)

    def _forget(self) -> None:
        self._jobs.cancel(_INSPECT)
        self.dialog = None
