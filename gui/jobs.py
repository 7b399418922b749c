"""Short work in the background: loading, saving, measuring.

Each job runs in a plain thread; its progress, result or error comes back in the window's
thread. A new job under a name replaces the one that is still running under it.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QTimer

from core.errors import InklingError

_POLL_MS = 20
_JOIN_S = 5.0

_log = logging.getLogger(__name__)

T = TypeVar("T")
Report = Callable[[float], None]


class Cancelled(Exception):  # noqa: N818 - it is no error: somebody asked for it
    """Raised inside a job by its report when nobody waits for the result any more."""


@dataclass(eq=False)
class _Job:
    work: Callable[[Report], Any]
    on_done: Callable[[Any], None]
    on_error: Callable[[InklingError], None]
    on_progress: Callable[[float], None] | None
    share: float = 0.0
    shown: float = -1.0
    cancelled: bool = False
    finished: bool = False
    result: Any = None
    error: InklingError | None = None
    thread: threading.Thread = field(default_factory=threading.Thread)

    def report(self, share: float) -> None:
        if self.cancelled:
            raise Cancelled
        self.share = share

    def run(self) -> None:
        try:
            self.result = self.work(self.report)
        except Cancelled:
            self.cancelled = True
        except InklingError as error:
            self.error = error
        except Exception as error:  # noqa: BLE001 - a bug must reach the user, not die here
            _log.exception("a background job failed")
            self.error = InklingError(f"A fault in the program stopped this: {error!r}.")
        finally:
            self.finished = True


class Jobs(QObject):
    """Starts jobs and hands their results over in the window's thread."""

    _closed = False  # after `shut_down`: who would hear of the result is going, or gone

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: dict[str, _Job] = {}
        self._let_go: list[_Job] = []  # whose threads have not noticed yet
        self._timer = QTimer(self, interval=_POLL_MS)
        self._timer.timeout.connect(self._poll)

    def start(
        self,
        name: str,
        work: Callable[[Report], T],
        on_done: Callable[[T], None],
        on_error: Callable[[InklingError], None],
        on_progress: Callable[[float], None] | None = None,
    ) -> None:
        """Run `work` in the background; it calls its argument with 0..1 as it gets on."""
        if self._closed:
            return
        self.cancel(name)
        job = _Job(work, on_done, on_error, on_progress)
        self._jobs[name] = job
        job.thread = threading.Thread(target=job.run, name=f"job-{name}", daemon=True)
        job.thread.start()
        self._timer.start()

    def cancel(self, name: str) -> None:
        """Let go of a job: none of its callbacks is called any more."""
        job = self._jobs.pop(name, None)
        if job is not None:
            job.cancelled = True
            self._let_go = [one for one in self._let_go if not one.finished] + [job]

    def busy(self, name: str) -> bool:
        """Tell whether a job of this name is running."""
        return name in self._jobs

    def wait(self, name: str) -> None:
        """Block until a job has ended, and deliver its result; for closing the program."""
        job = self._jobs.get(name)
        if job is not None:
            job.thread.join()
            self._poll()

    def shut_down(self) -> None:
        """Let go of all jobs and wait for their threads."""
        self._timer.stop()
        self._closed = True
        for name in list(self._jobs):
            self.cancel(name)
        for job in self._let_go:
            job.thread.join(_JOIN_S)

    def _poll(self) -> None:
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
        if not self._jobs:
            self._timer.stop()
