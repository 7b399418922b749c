"""Letting a function that calls back run as a generator.

SciPy's optimizers run from start to end and call a function for each step; a training is
pulled step by step and may be left at any of them. The function runs in a thread of its
own that works only while it is waited for, so that still only one thing happens at a time.
"""

import threading
from collections.abc import Callable, Generator
from typing import Any

Report = Callable[[Any], None]


class _Left(BaseException):
    """Ends the function's thread; no `except Exception` may catch it."""


def stepwise(work: Callable[[Report], None]) -> Generator[Any, None, None]:
    """Run `work(report)` and yield what it reports, each time holding it until pulled again.

    Closing the generator ends the work at its present report. What `work` raises comes
    out here.
    """
    handover = _Handover(work)
    try:
        while handover.pull():
            yield handover.item
    finally:
        handover.leave()


class _Handover:
    def __init__(self, work: Callable[[Report], None]) -> None:
        self.item: Any = None
        self._work = work
        # Locks that one side takes and the other releases: half the time of semaphores.
        self._mine, self._yours = threading.Lock(), threading.Lock()
        self._mine.acquire()
        self._yours.acquire()
        self._ended = self._left = False
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="stepwise", daemon=True)
        self._thread.start()

    def pull(self) -> bool:
        """Let the work go on to its next report; False if it came to its end instead."""
        self._yours.release()
        self._mine.acquire()
        if self._error is not None:
            raise self._error
        return not self._ended

    def leave(self) -> None:
        """End the work and its thread."""
        self._left = True
        if not self._ended:
            self._yours.release()
        self._thread.join()

    def _run(self) -> None:
        try:
            self._yours.acquire()
            if not self._left:
                self._work(self._report)
        except _Left:
            pass
        except BaseException as error:  # noqa: BLE001 - handed over to the one who waits
            self._error = error
        finally:
            self._ended = True
            self._mine.release()

    def _report(self, item: Any) -> None:
        self.item = item
        self._mine.release()
        self._yours.acquire()
        if self._left:
            raise _Left
