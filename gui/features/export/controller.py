"""Exporting the network, or pictures and tables of it, for other programs."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from core.base.arrays import ByteArray, LabelArray
from core.base.errors import InklingError
from core.exchange.exporter import Exported, export, preview, report
from core.exchange.portable import Portable, portable_of
from core.exchange.sample_images import made_up_images
from core.training.run import Run
from gui.features.export.dialog import ExportDialog
from gui.features.export.model import ExportModel
from gui.session.jobs import Jobs, Report
from gui.session.run_snapshot import RunSnapshot
from gui.session.session import Session
from gui.session.settings import Settings
from gui.style.theme import Themes
from gui.toolkit.file_dialog import file_dialog

_EXPORT, _PREVIEW = "export", "export-preview"
_COMPARED = 2_000  # images by which the loss of accuracy is measured


class Exporting(QObject):
    """Opens the export dialog and does what it asks for.

    The network is that of the moment at which Export is pressed, unless another one, such as
    a past moment of the time line, was given.

    Attributes:
        model: what the dialog shows.
        dialog: None until it is first shown.
    """

    def __init__(
        self, session: Session, jobs: Jobs, window: QWidget, themes: Themes, settings: Settings
    ) -> None:
        super().__init__(window)
        self._session, self._jobs, self._window = session, jobs, window
        self._themes, self._settings = themes, settings
        self._capture = RunSnapshot(session, self)
        self.model = ExportModel()
        self.dialog: ExportDialog | None = None
        self._given: Run | None = None

    def show(self, given: Run | None = None) -> None:
        """Open the dialog for a given network, or for the one in use, if there is one."""
        run = given or self._session.run
        if run is None:
            return
        self._given = given
        if self.dialog is None:
            self.dialog = self._make_dialog()
        name = run.recipe.key or "my-network"
        if given is not None:
            name = f"{name}-iteration-{given.step}"
        self.model.start(self._settings.folder, name)
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()
        self._with_run(self._measure)

    def _make_dialog(self) -> ExportDialog:
        dialog = ExportDialog(self.model, self._themes, self._window)
        dialog.export_requested.connect(lambda: self._with_run(self._export))
        dialog.browse_requested.connect(self._browse)
        dialog.show_requested.connect(self._show_file)
        return dialog

    def _with_run(self, then: Callable[[Run], None]) -> None:
        if self._given is not None:
            then(self._given)
        else:
            self._capture.ask(then)

    def _digits(self, run: Run) -> tuple[ByteArray, LabelArray, str]:
        """Return images to try the network on, their labels, and what they are."""
        parts = self._session.parts
        fits = parts is not None and (
            (parts.image_shape, parts.class_names) == (run.image_shape, run.class_names)
        )
        if parts is not None and parts.held_out is not None and fits:
            some = parts.held_out.images[:_COMPARED], parts.held_out.labels[:_COMPARED]
            return *some, f"{len(some[0]):,} {parts.held_out_name.lower()} images"
        images, labels = made_up_images(run.image_shape, len(run.class_names))
        return images, labels, f"{len(images):,} images made up by the program"

    def _measure(self, run: Run) -> None:
        images, labels, what = self._digits(run)
        portable = portable_of(run)
        self._jobs.start(
            _PREVIEW,
            lambda _report: preview(portable, images, labels),
            lambda found: self.model.set_accuracies(found, what),
            lambda _error: None,
        )

    def _export(self, run: Run) -> None:
        model, path = self.model, self.model.path
        self._settings.folder = path.parent
        if not model.format.precisions:
            key = model.format.key
            self._jobs.start(
                _EXPORT,
                lambda _report: report(path, run, key),
                lambda size: model.show_reported(path, size),
                lambda error: model.show_problem(error.sentence),
            )
            model.set_share(0.0)
            return
        images, labels, _ = self._digits(run)
        self._write(path, portable_of(run), images, labels)

    def _write(self, path: Path, portable: Portable, images: ByteArray, labels: LabelArray) -> None:
        model, key, precision = self.model, self.model.format.key, self.model.precision

        def work(tell: Report) -> Exported:
            return export(path, portable, key, precision, images, labels, tell)

        def refuse(error: InklingError) -> None:
            model.show_problem(error.sentence)

        self._jobs.start(_EXPORT, work, model.show_exported, refuse, model.set_share)
        model.set_share(0.0)

    def _browse(self) -> None:
        assert self.dialog is not None, "its button asks for this"
        dialog = file_dialog(self.dialog, "Export to", self.model.path.parent, self.model.set_path)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        one = self.model.format
        dialog.setNameFilters([f"{one.label} (*{one.suffix})", "All files (*)"])
        dialog.setDefaultSuffix(one.suffix.removeprefix("."))
        dialog.selectFile(self.model.path.name)
        dialog.open()

    def _show_file(self) -> None:
        if self.model.written is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.model.written.parent)))
