"""The digits a model was trained on: found again, where the user agrees to look."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from core.data.correction import correction_from
from core.data.sources import find_source, plausible_source
from core.training.further import knows_its_data, trains_on
from core.training.run import Run
from gui.session.dataset_store import BUILTIN, DatasetStore
from gui.session.jobs import Jobs
from gui.session.messages import Message
from gui.session.patience import Patience
from gui.session.session import Session
from gui.session.settings import Settings

_JOB = "find-digits"


class DataFinding(QObject):
    """Loads the digits of a network that was opened.

    Where they lay is said by its file, which may come from anybody: that place is not even
    looked at before the user agrees, unless he has opened these digits himself before.

    Signals:
        message(Message): something to tell the user.
        settled(Message): what was told to be waited for is there, or given up.
    """

    message = Signal(object)
    settled = Signal(object)

    def __init__(
        self,
        session: Session,
        shelf: DatasetStore,
        jobs: Jobs,
        settings: Settings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._shelf, self._jobs, self._settings = session, shelf, jobs, settings
        self._patience = Patience(self)
        self._patience.message.connect(self.message)
        self._patience.settled.connect(self.settled)

    def find(self, run: Run) -> Message | None:
        """Load the digits of `run`, or return what is to be told or asked first."""
        present = self._session.parts
        if present is not None and trains_on(run, present):
            return None
        if not knows_its_data(run):
            # Digits that are on their way may fit.
            return _of_unknown_digits(run) if present is not None else None
        if run.data["key"] == BUILTIN:
            self._shelf.load(BUILTIN)
            return None
        source = plausible_source(run.data["source"])
        if source is None:
            return _not_found(run)
        if str(source) in self._settings.chosen_data:
            self._look_for(source, run)
            return None
        return Message(
            "info",
            f"This network was trained on other digits: {run.data['name']}, in {source}.",
            "It reads drawings all the same. To train it further, load its digits.",
            (("Load its digits", lambda: self._look_for(source, run)),),
        )

    def cancel(self) -> None:
        """Give up looking; the digits in use stay."""
        self._jobs.cancel(_JOB)
        self._patience.end()

    def _look_for(self, source: Path, run: Run) -> None:
        self._patience.begin(f"Looking at “{source.name}”…", self.cancel)
        self._jobs.start(
            _JOB,
            lambda _report: find_source(source),
            lambda _: self._load(source, run),
            lambda _: self._miss(run),
            may_hang=True,
        )

    def _load(self, source: Path, run: Run) -> None:
        self._patience.end()
        if self._session.run is run:  # else another network is in use by now
            correction = correction_from(run.data.get("correction", {}))
            self._shelf.load(str(source), correction, asked=False)

    def _miss(self, run: Run) -> None:
        self._patience.end()
        self.message.emit(_not_found(run))


def _not_found(run: Run) -> Message:
    return Message(
        "info",
        f"The digits this model was trained on ({run.data['name']}) were not found.",
        "It reads drawings all the same. To train it further, open its data again.",
    )


def _of_unknown_digits(run: Run) -> Message:
    height, width = run.image_shape
    return Message(
        "info",
        "Which digits this network was trained on is not known.",
        f"It reads images of {width} × {height} pixels, {len(run.class_names)} classes:"
        f" {', '.join(run.class_names)}. To train it further, open such digits.",
    )
