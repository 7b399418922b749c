"""Runs a training in a thread of its own and brings its events to the window.

A plain thread pulls the trainer's generator and puts events into a mailbox; one timer in
the window's thread empties it. No Qt object is ever touched by the thread.
"""

import logging
import threading
from collections.abc import Generator
from contextlib import closing

from PySide6.QtCore import QObject, QTimer, Signal

from core.errors import InklingError, out_of_memory
from core.events import Evaluating, Event, Progress, RunFailed, RunFinished, Working

_FRAME_MS = 90  # 11 Hz: quick to the eye, and each frame costs the training a little
_JOIN_S = 5.0

_log = logging.getLogger(__name__)


class Mailbox:
    """Holds events until they are fetched. Safe to use from two threads.

    Events marked `latest_only` replace an older one of their kind that is still
    waiting, so a slow window costs freshness, never memory.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[Event] = []

    def put(self, event: Event) -> None:
        """Add an event."""
        with self._lock:
            if getattr(event, "latest_only", False):
                self._waiting = [old for old in self._waiting if type(old) is not type(event)]
            self._waiting.append(event)

    def take_all(self) -> list[Event]:
        """Return what is waiting, oldest first, and forget it."""
        with self._lock:
            taken, self._waiting = self._waiting, []
        return taken


class TrainingBridge(QObject):
    """Runs one event stream at a time in the background.

    Signals:
        received(list[Event]): everything new since the last frame, in order.
        rested(): a pause has taken hold: the run is at rest until `set_paused(False)`.
    """

    received = Signal(list)
    rested = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mailbox = Mailbox()
        self._gate = threading.Condition()
        self._paused = self._stopping = self._resting = False
        self._steps_allowed = 0
        self._rest_told = True
        self._thread: threading.Thread | None = None
        self._timer = QTimer(self, interval=_FRAME_MS)
        self._timer.timeout.connect(self._deliver)

    @property
    def running(self) -> bool:
        """True until the last event of the run has been delivered."""
        return self._thread is not None

    @property
    def resting(self) -> bool:
        """True while a pause holds the run: nothing changes it."""
        return self._resting

    def start(self, events: Generator[Event, None, None], paused: bool = False) -> None:
        """Pull `events` in a new thread. Raises RuntimeError if a run is going.

        With `paused` it halts after its first iterations, as if paused at once.
        """
        if self._thread is not None:
            raise RuntimeError("a run is still going; stop it first")
        self._paused, self._stopping, self._resting = paused, False, False
        self._steps_allowed, self._rest_told = int(paused), False
        self._thread = threading.Thread(
            target=self._work, args=(events,), name="training", daemon=True
        )
        self._thread.start()
        self._timer.start()

    def set_paused(self, paused: bool) -> None:
        """Hold the run after its next iterations, or let it go on."""
        with self._gate:
            self._paused, self._steps_allowed = paused, 0
            self._rest_told = False
            self._gate.notify_all()

    def allow_step(self) -> None:
        """Let a held run do its next iterations, and hold it again."""
        with self._gate:
            self._steps_allowed += 1
            self._rest_told = False
            self._gate.notify_all()

    def request_stop(self) -> None:
        """Ask the run to end. Returns at once; RunFinished arrives later."""
        with self._gate:
            self._stopping = True
            self._gate.notify_all()

    def shut_down(self) -> None:
        """End the run and wait for its thread; for closing the program only."""
        self.request_stop()
        if self._thread is not None:
            self._thread.join(_JOIN_S)
            self._thread = None
        self._timer.stop()

    def _work(self, events: Generator[Event, None, None]) -> None:
        step = 0
        try:
            with closing(events) as stream:
                for event in stream:
                    step = getattr(event, "step", step)
                    self._mailbox.put(event)
                    # Only between iterations: a pause amid an evaluation would hold back
                    # the numbers of the iteration it belongs to.
                    if isinstance(event, Progress):
                        self._use_step()
                    # One iteration may take hours: a pause takes hold within it, too.
                    if isinstance(event, (Progress, Working)):
                        self._wait_at_gate()
                    # Nor before the numbers of iterations that are done have been told.
                    if self._stopping and isinstance(event, (Progress, Evaluating, Working)):
                        self._mailbox.put(RunFinished(step, stopped_early=True))
                        return
        except InklingError as error:
            self._mailbox.put(RunFailed(step, error.message, error.hint))
        except MemoryError:
            _log.exception("the training had too little memory")
            lack = out_of_memory()
            hint = f"The network is kept as it was. {lack.hint}"
            self._mailbox.put(RunFailed(step, f"Training stopped. {lack.message}", hint))
        except Exception as error:  # noqa: BLE001 - a bug must reach the user, not die here
            _log.exception("the training thread failed")
            self._mailbox.put(
                RunFailed(
                    step,
                    f"Training stopped because of a fault in the program ({error!r}).",
                    "The network is kept as it was.",
                )
            )

    def _use_step(self) -> None:
        with self._gate:
            self._steps_allowed = max(self._steps_allowed - 1, 0)

    def _wait_at_gate(self) -> None:
        with self._gate:
            while self._paused and not self._stopping and not self._steps_allowed:
                self._resting = True
                self._gate.wait()
            self._resting = False

    def _deliver(self) -> None:
        # Both are read before the mailbox: what was put in before them is then in it.
        ended = self._thread is not None and not self._thread.is_alive()
        resting = self._resting
        events = self._mailbox.take_all()
        if ended:
            self._thread = None
            self._timer.stop()
        if events:
            self.received.emit(events)
        if resting and not self._rest_told and not ended:
            self._rest_told = True
            self.rested.emit()
