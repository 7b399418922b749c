"""Getting hold of a whole run, also while it is being trained."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from core.base.events import Captured, Event, RunFailed, RunFinished
from core.training.run import Run
from gui.session.phase import Phase
from gui.session.session import Session


class RunSnapshot(QObject):
    """Hands a copy of the session's run to whoever asks: at once, or between two batches."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._waiting: list[Callable[[Run], None]] = []
        session.received.connect(self._receive)
        session.situation_changed.connect(self._look)

    def ask(self, then: Callable[[Run], None]) -> None:
        """Call `then` with a copy of the run; never, if there is none."""
        if self._session.run is None:
            return
        self._waiting.append(then)
        if not self._give_resting():
            self._session.request_capture()

    def _receive(self, events: list[Event]) -> None:
        if not self._waiting:
            return
        for event in events:
            if isinstance(event, Captured):
                self._give(event.run)
            elif isinstance(event, (RunFinished, RunFailed)):
                self._give_resting()

    def _look(self) -> None:
        if self._waiting and self._session.phase in (Phase.PAUSED, Phase.IDLE):
            self._give_resting()

    def _give_resting(self) -> bool:
        run = self._session.resting_run()
        if run is not None:
            self._give(run.copy())
        return run is not None

    def _give(self, run: Run) -> None:
        waiting, self._waiting = self._waiting, []
        for then in waiting:
            then(run)
