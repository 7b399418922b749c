"""Short work in the background: loading, saving, measuring.

Each job runs in a plain thread; its progress, result or error comes back in the window's
thread. A new job under a name replaces the one that is still running under it.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QTimer

from core.base.errors import InklingError, out_of_memory

_POLL_MS = 20
_LINGER_MS = 250  # while only jobs that were let go have to end
_JOIN_S = 5.0
_HUNG_S = 1.0  # for all that may wait for a drive, together

_log = logging.getLogger(__name__)

T = TypeVar("T")
Report = Callable[[float], None]


class Cancelled(Exception):  # noqa: N818 - it is no error: somebody asked for it
    """Raised inside a job by its report when nobody waits for the result any more."""


@dataclass(eq=False)
class _Job:
    on_done: Callable[[Any], None]
    on_error: Callable[[InklingError], None]
    on_progress: Callable[[float], None] | None
    share: float = 0.0
    shown: float = -1.0
    cancelled: bool = False
    finished: bool = False
    may_hang: bool = False
    result: Any = None
    error: InklingError | None = None
    thread: threading.Thread = field(default_factory=threading.Thread)

    def let_go(self) -> None:
        """Call nobody back any more, and keep nothing alive for it."""
        self.cancelled = True
        self.on_done = self.on_error = _nothing
        self.on_progress = self.result = self.error = None

    def report(self, share: float) -> None:
        if self.cancelled:
            raise Cancelled
        self.share = share

    def run(self, work: Callable[[Report], Any]) -> None:
        try:
            self.result = work(self.report)
        except Cancelled:
            self.cancelled = True
        except InklingError as error:
            self.error = error
        except MemoryError:
            _log.exception("a background job had too little memory")
            self.error = out_of_memory()
        except Exception as error:  # noqa: BLE001 - a bug must reach the user, not die here
            _log.exception("a background job failed")
            self.error = InklingError(f"A fault in the program stopped this: {error!r}.")
        finally:
            self.finished = True


def _nothing(*_arguments: object) -> None:
    """Stand in for what a job that was let go would have called."""


class Jobs(QObject):
    """Starts jobs and hands their results over in the window's thread."""

    _closed = False  # after `shut_down`: who would hear of the result is going, or gone

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: dict[str, _Job] = {}
        self._let_go: dict[_Job, str] = {}  # whose threads have not noticed yet
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._poll)

    def start(
        self,
        name: str,
        work: Callable[[Report], T],
        on_done: Callable[[T], None],
        on_error: Callable[[InklingError], None],
        on_progress: Callable[[float], None] | None = None,
        *,
        may_hang: bool = False,
    ) -> None:
        """Run `work` in the background; it calls its argument with 0..1 as it gets on.

        `may_hang` marks what a dead drive can hold up for ever: closing the program does
        not wait for it.
        """
        if self._closed:
            return
        self.cancel(name)
        job = _Job(on_done, on_error, on_progress, may_hang=may_hang)
        self._jobs[name] = job
        job.thread = threading.Thread(target=job.run, args=(work,), name=f"job-{name}", daemon=True)
        job.thread.start()
        self._timer.start(_POLL_MS)

    def cancel(self, name: str) -> None:
        """Let go of a job: none of its callbacks is called any more."""
        job = self._jobs.pop(name, None)
        if job is not None:
            job.let_go()
            self._let_go[job] = name
            if not self._timer.isActive():
                self._timer.start(_LINGER_MS)

    def ending(self, name: str) -> bool:
        """Tell whether a job of this name was let go and still has to notice."""
        return any(known == name and not job.finished for job, known in self._let_go.items())

    def busy(self, name: str) -> bool:
        """Tell whether a job of this name is running."""
        return name in self._jobs

    def wait(self, name: str) -> None:
        """Block until a job has ended, and deliver its result; for closing the program."""
        job = self._jobs.get(name)
        if job is not None:
            job.thread.join()
            self._poll()

    def join(self, name: str) -> None:
        """Block until a job has ended, and let go of it; for closing the program."""
        job = self._jobs.pop(name, None)
        if job is not None:
            job.thread.join()

    def shut_down(self) -> None:
        """Let go of all jobs and wait for their threads, but not for a dead drive."""
        self._timer.stop()
        self._closed = True
        for name in list(self._jobs):
            self.cancel(name)
        for job in self._let_go:
            if not job.may_hang:
                job.thread.join(_JOIN_S)
        latest = time.monotonic() + _HUNG_S
        for job in self._let_go:
            job.thread.join(max(0.0, latest - time.monotonic()))

    def _poll(self) -> None:
        self._deliver()
        for job in [job for job in self._let_go if job.finished]:
            job.let_go()  # it may have come to a result in the meantime
            del self._let_go[job]
        if not self._jobs and self._let_go:
            self._timer.start(_LINGER_MS)
        elif not self._jobs:
            self._timer.stop()

    def _deliver(self) -> None:
        for name, job in list(self._jobs.items()):
            if job.on_progress is not None and job.share != job.shown and not job.finished:
                job.shown = job.share
                job.on_progress(job.share)
            if job.finished and self._jobs.get(name) is job:
                del self._jobs[name]
                if job.error is not None:
                    job.on_error(job.error)
                elif not job.cancelled:
                    job.on_done(job.result)
