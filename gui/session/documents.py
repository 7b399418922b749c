"""The model file: opening, saving, and whether there is work that no file holds."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from core.base.errors import InklingError
from core.base.events import Captured, Event, RunFailed, RunFinished
from core.modelfile import load_model, save_model
from core.modelfile.filed import Filed, State, state_of
from core.training.run import Run
from core.training.timeline import Moment
from gui.session.jobs import Jobs, Report
from gui.session.messages import Message, error_message
from gui.session.patience import Patience
from gui.session.phase import Phase
from gui.session.session import Session
from gui.session.settings import Settings

_SAVE, _OPEN = "save", "open"


def _no_path() -> Path | None:
    return None


class Documents(QObject):
    """Ties the session's network to a file on disk.

    Attributes:
        find_data: loads the digits of a network, or returns what is to be said or asked first.
        path: the file that holds the network, or None.
        dirty: there is work that no file holds.
        past: returns the past moments to be written with the network; set by who knows them.
        suggested: returns where to save a network that is in no file, or None; likewise.

    Signals:
        changed(): another file, or the unsaved-work mark came or went.
        message(Message): something to tell the user.
        settled(Message): what was told to be waited for is there, or given up.
    """

    changed = Signal()
    message = Signal(object)
    settled = Signal(object)

    def __init__(
        self,
        session: Session,
        find_data: Callable[[Run], Message | None],
        jobs: Jobs,
        settings: Settings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self.find_data, self._jobs = session, find_data, jobs
        self._settings = settings
        self._patience = Patience(self)
        self._patience.message.connect(self.message)
        self._patience.settled.connect(self.settled)
        self._waiting: tuple[Path, Callable[[], None]] | None = None
        self._since = 0  # the iteration at which saving was asked for
        self.path: Path | None = None
        self.dirty = False
        self.past: Callable[[], Sequence[Moment]] = tuple
        self.suggested: Callable[[], Path | None] = _no_path
        self._kept: State | None = None  # the state that the file at `path` holds
        session.situation_changed.connect(self._take_resting)
        session.received.connect(self._receive)
        session.work_done.connect(self._mark)
        session.run_changed.connect(self._run_changed)

    @property
    def name(self) -> str:
        """What to call the model in the window's title."""
        return self.path.name if self.path else "Untitled"

    @property
    def filed(self) -> Filed:
        """Where the network stands to its file."""
        return Filed(self.path, self._kept, self.dirty)

    @property
    def saving(self) -> bool:
        """True while a file is being written, or waits for the training's snapshot."""
        return self._waiting is not None or self._jobs.busy(_SAVE)

    def save(self, path: Path, then: Callable[[], None] = lambda: None) -> None:
        """Write the network to `path` in the background; `then` is called once it is safe.

        While training runs, its next whole state is what is saved.
        """
        resting = self._session.resting_run()
        if resting is not None:
            self._write(path, resting.copy(), then)
        elif self._session.run is not None:
            self._waiting, self._since = (path, then), self._session.run.step
            self._session.request_capture()

    def open(self, path: Path) -> None:
        """Read a model file in the background; what is open stays until it is read."""
        self._patience.begin(f"Opening “{path.name}”…", self.cancel_open)
        self._jobs.start(
            _OPEN,
            lambda report: load_model(path, report),
            lambda run: self._opened(path, run),
            self._refuse,
            may_hang=True,
        )

    def cancel_open(self) -> None:
        """Give up opening; what is open stays."""
        self._jobs.cancel(_OPEN)
        self._patience.end()

    def mark_unsaved(self) -> None:
        """Say that the network in use is in no file of ours."""
        self.dirty = True
        self.changed.emit()

    def restore(self, filed: Filed) -> None:
        """Say where the network in use stands to its file: it has been brought back."""
        self.path, self._kept, self.dirty = filed.path, filed.state, filed.dirty
        self.changed.emit()

    def take_away(self, path: Path) -> None:
        """Say that this file holds another network by now: if it was the one in use, it was."""
        if self.path == path:
            self.path = self._kept = None
            self.mark_unsaved()

    def new(self) -> None:
        """Put the network away and start with none; it can be brought back."""
        self._session.adopt(None)
        self.path, self.dirty = None, False
        self.changed.emit()

    def wait(self) -> None:
        """Block until a file being written is safe; for closing the program."""
        self._jobs.wait(_SAVE)

    def _opened(self, path: Path, run: Run) -> None:
        self._patience.end()
        if self._session.phase is not Phase.IDLE:
            self.message.emit(
                Message(
                    "info",
                    f"Training has begun, so “{path.name}” was not opened.",
                    "Stop the training first; the network is kept.",
                )
            )
            return
        self._session.edit_recipe(run.recipe_now, f"Open “{path.name}”")
        self._session.adopt(run)
        self.path, self.dirty, self._kept = path, False, state_of(run)
        self._settings.add_recent(path)
        self.changed.emit()
        question = self.find_data(run)
        if question is not None:
            self.message.emit(question)

    def _write(self, path: Path, run: Run, then: Callable[[], None]) -> None:
        source = self._session.run

        def saved(_: None) -> None:
            if self._session.run is source:  # else another network is in use by now
                self.path, self._kept = path, state_of(run)
                self.dirty = source is not None and state_of(source) != self._kept
            self._settings.add_recent(path)
            self._settings.folder = path.parent
            self.message.emit(Message("success", f"Saved as “{path.name}”."))
            self.changed.emit()
            then()

        past = tuple(moment for moment in self.past() if moment.step <= run.step)

        def work(_report: Report) -> None:
            save_model(path, replace(run, moments=past), datetime.now(UTC))

        self._jobs.start(_SAVE, work, saved, self._tell)

    def _receive(self, events: list[Event]) -> None:
        for event in events:
            if isinstance(event, Captured) and self._waiting is not None:
                if event.run.step >= self._since:  # else it was taken for others, before
                    (path, then), self._waiting = self._waiting, None
                    self._write(path, event.run, then)
            elif isinstance(event, (RunFinished, RunFailed)) and self._waiting is not None:
                # The training ended before it came to give a snapshot: take the end.
                (path, then), self._waiting = self._waiting, None
                self.save(path, then)

    def _take_resting(self) -> None:
        """Save what a pause holds: a run at rest gives no snapshot."""
        if self._waiting is not None and self._session.phase is Phase.PAUSED:
            (path, then), self._waiting = self._waiting, None
            self.save(path, then)

    def _mark(self) -> None:
        run = self._session.run
        if not self.dirty and run is not None and state_of(run) != self._kept:
            self.dirty = True
            self.changed.emit()

    def _run_changed(self) -> None:
        # Another network, and no word yet that a file holds it.
        self.path = self._kept = None
        self.dirty = self._session.run is not None and self._session.run.step > 0
        self.changed.emit()

    def _tell(self, error: InklingError) -> None:
        self._waiting = None
        self.message.emit(error_message(error))

    def _refuse(self, error: InklingError) -> None:
        self._patience.end()
        self.message.emit(error_message(error))
