"""The digits in use: loaded in the background, one set at a time."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from core.base.errors import InklingError
from core.data.correction import Correction, Findings, corrected
from core.data.dataset import Dataset
from core.data.reader import RawData
from core.data.readers import named, open_dataset
from gui.session.jobs import Jobs, Report

BUILTIN = "builtin"
_JOB = "data"


class DatasetStore(QObject):
    """Loads data sets and holds the present one.

    Signals:
        changed(): another data set is in use.
        progress(str, object): what is being loaded, and the share done (0..1), or None
            when loading has ended, well or not.
        failed(InklingError): it could not be loaded; the set in use stays.
        chosen(str): a set is in use that the user opened himself; its source.
        cancelled(): the user gave up what is being loaded, or read to be loaded.
    """

    changed = Signal()
    progress = Signal(str, object)
    failed = Signal(object)
    chosen = Signal(str)
    cancelled = Signal()

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self.dataset: Dataset | None = None

    @property
    def loading(self) -> bool:
        """True while a set is being loaded."""
        return self._jobs.busy(_JOB)

    def load(
        self, source: str, correction: Correction | None = None, *, asked: bool = True
    ) -> None:
        """Load the digits at `source`: "builtin", a file or a folder, without a question.

        `asked` says that the user chose this source himself; else a file named it.
        """
        name = "the built-in digits" if source == BUILTIN else Path(source).name
        self._start(name, lambda report: open_dataset(source, report, correction), asked)

    def take(self, raw: RawData, findings: Findings) -> None:
        """Use digits that were read already, taken as `findings` say. `raw` is used up."""
        self._start(raw.name, lambda report: named(corrected(raw, findings, report)), True)

    def _start(self, name: str, make: Callable[[Report], Dataset], asked: bool) -> None:
        def work(report: Report) -> Dataset:
            dataset = make(report)
            dataset.fingerprint()  # hashing 50 MB is no work for the window's thread
            return dataset

        self._jobs.start(
            _JOB,
            work,
            lambda dataset: self._loaded(dataset, asked),
            self._refused,
            lambda share: self.progress.emit(f"Loading {name}", share),
            may_hang=True,
        )
        self.progress.emit(f"Loading {name}", 0.0)

    def cancel(self) -> None:
        """Stop loading; the set in use stays."""
        self._jobs.cancel(_JOB)
        self.cancelled.emit()
        self.progress.emit("", None)

    def use(self, dataset: Dataset) -> None:
        """Take a set that is already there."""
        self.dataset = dataset
        self.changed.emit()

    def _loaded(self, dataset: Dataset, asked: bool) -> None:
        self.progress.emit("", None)
        self.use(dataset)
        if asked and dataset.source:
            self.chosen.emit(dataset.source)

    def _refused(self, error: InklingError) -> None:
        self.progress.emit("", None)
        self.failed.emit(error)
