"""Being asked to end: by Ctrl-C, by `kill`, by a terminal that closes.

The first request raises `Interrupted` where the program is, or where that would tear work
apart, only sets `Request.number`, which the work looks at. A second one ends the program
at once, as the system does by default.
"""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType
from typing import NoReturn

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")  # SIGBREAK: a Windows console that closes
# `timeout` sends its signal to the program and then to its whole group; so do some shells
# and runners. Nobody presses Ctrl-C twice in that time.
_ECHO_S = 0.3
_STATUS = 128  # and the signal's number: what shells say of a program that a signal ended


class Interrupted(KeyboardInterrupt):
    """A signal asked the program to end."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


@dataclass
class Request:
    """What has been asked for so far; false as long as it is nothing.

    Attributes:
        number: of the first signal, 0 before.
    """

    number: int = 0
    _held: bool = False
    _since: float = 0.0

    def __bool__(self) -> bool:
        return self.number != 0

    def check(self) -> None:
        """Raise Interrupted if a signal came: here the work may end."""
        if self:
            raise Interrupted(self.number)

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Let the first request raise `Interrupted` again, for a part of the held work."""
        self._held = False
        try:
            yield
        finally:
            self._held = True

    def hear(self, number: int, _frame: FrameType | None = None) -> None:
        """Take a signal. Raises Interrupted."""
        now = time.monotonic()
        if not self.number:
            self.number, self._since = number, now
            if not self._held:
                raise Interrupted(number)
        # A terminal that closes is told of by the kernel and by the shell, and by systemd
        # after its SIGTERM: that is nobody who has lost patience.
        elif number != getattr(signal, "SIGHUP", 0) and now - self._since > _ECHO_S:
            _end(number)


_now = Request()


@contextmanager
def heard() -> Iterator[None]:
    """Listen to the signals that ask the program to end, for the length of a `with` block.

    What is ignored stays ignored: `nohup` and `&` in scripts want it so. Outside the main
    thread nothing changes, for Python hears signals only there.
    """
    global _now  # noqa: PLW0603 - the signals are the process's own, too
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _now = Request()
    before = {}
    for name in _NAMES:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) not in (signal.SIG_IGN, None):
            before[number] = signal.signal(number, _now.hear)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        _now = Request()


def requested() -> Request:
    """Return what has been asked for so far."""
    return _now


@contextmanager
def held() -> Iterator[Request]:
    """For work that must not be torn apart: a request to end is noted, and raises nothing."""
    request = _now
    request._held = True
    try:
        yield request
    finally:
        request._held = False


def status_of(error: KeyboardInterrupt) -> int:
    """Return the exit status that tells which signal ended the program."""
    return _STATUS + (error.number if isinstance(error, Interrupted) else signal.SIGINT)


def _end(number: int) -> NoReturn:
    if sys.platform != "win32":
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(_STATUS + number)
