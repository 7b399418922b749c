"""Runs a training in a thread of its own and brings its events to the window.

A plain thread pulls the trainer's generator and puts events into a mailbox; one timer in
the window's thread empties it. No Qt object is ever touched by the thread.
"""

import logging
import threading
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager

from PySide6.QtCore import QObject, QTimer, Signal

from core.base.errors import InklingError, out_of_memory
from core.base.events import Evaluating, Event, Progress, RunFailed, RunFinished, Working
from gui.session.phase import Phase

_FRAME_MS = 90  # 11 Hz: quick to the eye, and each frame costs the training a little
_JOIN_S = 5.0
_NO_END = RunFailed(
    0,
    "Training stopped because of a fault in the program: it ended without a word.",
    "The network is kept as it was.",
)

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

    What it is doing is its `phase`, which is worked out from what is so, never kept beside
    it. In this table the worker is the thread, "told" is what `received` and `rested` said:

        phase      the worker                    left by
        IDLE       there is none                 start -> RUNNING, or PAUSING with `paused`
        RUNNING    pulls events                  set_paused(True) -> PAUSING
        PAUSING    finishes its iterations, or   rest told -> PAUSED,
                   waits and it is not yet told  set_paused(False) -> RUNNING
        PAUSED     waits at the gate; told       allow_step -> PAUSING, set_paused(False) -> RUNNING
        STOPPING   finishes what it is at        (nothing but the end)
        any        has ended, and its last       the end told -> IDLE
                   event waits to be told

    `request_stop` leads from all but IDLE to STOPPING. The end is told once the thread has
    ended: whoever hears of it may start the next run at once.

    Signals:
        received(list[Event]): everything new since the last frame, in order. The list with
            RunFinished or RunFailed is a run's last.
        rested(): a pause has taken hold: the run is at rest until it is let go on.
    """

    received = Signal(list)
    rested = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._mailbox = Mailbox()
        self._gate = threading.Condition()  # guards all that both threads look at:
        self._paused = self._stopping = self._at_gate = False
        self._steps_allowed = 0
        self._requests = 0  # how often the worker was asked for something
        self._rest_told = False
        self._end: RunFinished | RunFailed = _NO_END
        self._thread: threading.Thread | None = None
        self._timer = QTimer(self, interval=_FRAME_MS)
        self._timer.timeout.connect(self._deliver)

    @property
    def phase(self) -> Phase:
        """What the run is doing, as far as the window has been told."""
        if self._thread is None:
            return Phase.IDLE
        if self._stopping:
            return Phase.STOPPING
        if not self._paused:
            return Phase.RUNNING
        return Phase.PAUSED if self._rest_told else Phase.PAUSING

    @property
    def running(self) -> bool:
        """True until the last event of the run has been delivered."""
        return self._thread is not None

    @property
    def resting(self) -> bool:
        """True while a pause holds the run: nothing changes it, nor is about to."""
        with self._gate:
            return self._at_gate and self._held()

    def start(self, events: Generator[Event, None, None], paused: bool = False) -> None:
        """Pull `events` in a new thread.

        With `paused` it halts after its first iterations, as if paused at once.

        Raises:
            InklingError: the system gives no thread. Nothing has changed then.
            RuntimeError: a run is still going.
        """
        if self._thread is not None:
            raise RuntimeError("a run is still going; stop it first")
        thread = threading.Thread(target=self._work, args=(events,), name="training", daemon=True)
        self._paused, self._stopping, self._at_gate = paused, False, False
        self._steps_allowed, self._rest_told = int(paused), False
        self._end = _NO_END
        try:
            thread.start()
        except RuntimeError as error:
            raise InklingError(
                "Training could not start: the system has no thread left for it.",
                "Close other programs, and press Train again.",
            ) from error
        self._thread = thread
        self._timer.start()

    def set_paused(self, paused: bool) -> None:
        """Hold the run after its next iterations, or let it go on."""
        with self._asking():
            self._paused, self._steps_allowed = paused, 0
            self._rest_told = False

    def allow_step(self) -> None:
        """Let a held run do its next iterations, and hold it again."""
        with self._asking():
            self._steps_allowed += 1
            self._rest_told = False

    def request_stop(self) -> None:
        """Ask the run to end. Returns at once; RunFinished arrives later."""
        with self._asking():
            self._stopping = True

    def shut_down(self) -> bool:
        """End the run, wait for its thread, and deliver its last events.

        For closing the program only.

        Returns:
            Whether it has ended; a thread that hangs is left behind.
        """
        self.request_stop()
        if self._thread is not None:
            self._thread.join(_JOIN_S)
            self._deliver()
        self._timer.stop()
        return self._thread is None

    @contextmanager
    def _asking(self) -> Iterator[None]:
        """Change what the worker looks at, and wake it."""
        with self._gate:
            yield
            self._requests += 1
            self._gate.notify_all()

    def _work(self, events: Generator[Event, None, None]) -> None:
        step, end = 0, self._end
        try:
            with closing(events) as stream:
                for event in stream:
                    step = getattr(event, "step", step)
                    if isinstance(event, (RunFinished, RunFailed)):
                        end = event
                        break
                    self._mailbox.put(event)
                    self._pause_after(event)
                    # Not before the numbers of iterations that are done have been told.
                    if self._stopping and isinstance(event, (Progress, Evaluating, Working)):
                        end = RunFinished(step, stopped_early=True)
                        break
        except InklingError as error:
            end = RunFailed(step, error.message, error.hint)
        except MemoryError:
            _log.exception("the training had too little memory")
            lack = out_of_memory()
            hint = f"The network is kept as it was. {lack.hint}"
            end = RunFailed(step, f"Training stopped. {lack.message}", hint)
        except Exception as error:  # noqa: BLE001 - a bug must reach the user, not die here
            _log.exception("the training thread failed")
            end = RunFailed(
                step,
                f"Training stopped because of a fault in the program ({error!r}).",
                "The network is kept as it was.",
            )
        # Not into the mailbox: this thread has not ended yet, nor might it have closed the
        # stream, which brings the run up to date.
        self._end = end

    def _pause_after(self, event: Event) -> None:
        # Only between iterations: a pause amid an evaluation would hold back the numbers
        # of the iteration it belongs to.
        if isinstance(event, Progress):
            with self._gate:
                self._steps_allowed = max(self._steps_allowed - 1, 0)
        # One iteration may take hours: a pause takes hold within it, too.
        if isinstance(event, (Progress, Working)):
            with self._gate:
                self._at_gate = True
                while self._held():
                    self._gate.wait()
                self._at_gate = False

    def _held(self) -> bool:
        """Tell whether a run at the gate is to stay there; the gate is locked."""
        return self._paused and not self._stopping and not self._steps_allowed

    def _deliver(self) -> None:
        # All are read before the mailbox: what was put in before them is then in it.
        ended = self._thread is not None and not self._thread.is_alive()
        resting, requests = self.resting, self._requests
        events = self._mailbox.take_all()
        if ended:
            self._thread = None
            self._timer.stop()
            events.append(self._end)
        if events:
            self.received.emit(events)
        # Else whoever received them has let the run go on, and more is to be told first.
        if resting and not ended and not self._rest_told and self._requests == requests:
            self._rest_told = True
            self.rested.emit()
