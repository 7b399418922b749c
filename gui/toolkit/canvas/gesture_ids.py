"""Numbers for the user's gestures, so that undo can tell one long one from two short ones."""

import itertools
import time

_PAUSE_S = 0.8  # steps that follow each other faster are one gesture
_ids = itertools.count(1)  # shared by all fields: two fields never share a gesture


class GestureIds:
    """Hands out the gesture that an edit belongs to, for one field."""

    def __init__(self) -> None:
        self._current = 0
        self._last_s = float("-inf")

    def single(self) -> int:
        """Return the gesture of an edit that stands for itself, such as typed text."""
        self.end()
        return next(_ids)

    def stepping(self) -> int:
        """Return the gesture of one step; it is the last one's if that was just now."""
        now = time.monotonic()
        if now - self._last_s > _PAUSE_S:
            self._current = next(_ids)
        self._last_s = now
        return self._current

    def end(self) -> None:
        """Let the next step begin a gesture of its own."""
        self._last_s = float("-inf")
