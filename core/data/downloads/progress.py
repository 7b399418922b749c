"""How far a download is, and how fast it goes."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

_WINDOW_S = 4.0  # over which the speed is measured
_SHORTEST_S = 0.5  # before that a speed is a guess
_OFTEN_S = 0.05


@dataclass(frozen=True, slots=True)
class DownloadProgress:
    """How far a download is.

    Attributes:
        doing: "connecting", "downloading", "checking" or "unpacking".
        done, total: bytes.
        speed: bytes per second over the last seconds; 0 while unknown.
        mirror: the server's name.
    """

    doing: str
    done: int
    total: int
    speed: float = 0.0
    mirror: str = ""

    @property
    def share(self) -> float:
        """How much is done, 0..1."""
        return self.done / self.total if self.total else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Seconds until the end at the present speed; None while unknown."""
        return (self.total - self.done) / self.speed if self.speed > 0 else None


# Called at least every 50 ms while waiting and reading; may raise to give up.
Tell: TypeAlias = Callable[[DownloadProgress], None]


def megabytes(size: float) -> str:
    """Return a number of bytes as "562 MB" or "11.6 MB", as browsers count them."""
    whole = size / 1e6
    return f"{whole:,.0f} MB" if whole >= 100 else f"{whole:.1f} MB"


class Meter:
    """Turns counted bytes into `DownloadProgress`, twenty times a second at most."""

    def __init__(self, total: int, tell: Tell | None) -> None:
        self._tell = tell
        self._past: deque[tuple[float, int]] = deque()
        self._told = 0.0
        self._last = DownloadProgress("connecting", 0, total)

    def jump(self) -> None:
        """The next count is no movement: it begins somewhere else."""
        self._past.clear()

    def count(self, done: int) -> None:
        """So many bytes are here now. Called in the middle of reading, however often."""
        now = time.monotonic()
        if self._past and done < self._past[-1][1]:
            self.jump()  # a file began anew
        if self._past and now - self._told < _OFTEN_S:
            return
        self._past.append((now, done))
        while now - self._past[0][0] > _WINDOW_S and len(self._past) > 2:
            self._past.popleft()
        moved = done != self._past[0][1]
        self.show("downloading" if moved else "connecting", done, self._last.mirror)

    def show(self, doing: str, done: int, mirror: str) -> None:
        """Tell what is being done with which server."""
        self.say(DownloadProgress(doing, done, self._last.total, self._speed(), mirror))

    def say(self, progress: DownloadProgress) -> None:
        """Tell this."""
        self._last, self._told = progress, time.monotonic()
        if self._tell is not None:
            self._tell(progress)

    def repeat(self) -> None:
        """Tell the same once more: whoever listens may want to give up."""
        self.say(self._last)

    def _speed(self) -> float:
        if not self._past:
            return 0.0
        (first, had), (last, has) = self._past[0], self._past[-1]
        return (has - had) / (last - first) if last - first >= _SHORTEST_S else 0.0
