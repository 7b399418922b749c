"""What one press, drag and release of a pointer makes of a drawing. No widgets."""

from typing import Protocol

import numpy as np

from gui.widgets.strokes import Drawing, Stroke, curve, erase

_NEAR = 0.5  # units; the pointer must go further than this to add to a line


class Gesture(Protocol):
    """A drag in progress. Points are (1, 3) arrays: x, y, pressure."""

    @property
    def drawing(self) -> Drawing:
        """The drawing as it would be if the drag ended now."""

    def move(self, point: Stroke) -> Stroke | None:
        """Follow the pointer. Returns the line along which the drawing changed, if it did."""

    def finish(self) -> Stroke | None:
        """End the drag; returns the same as `move`."""


class Line:
    """Draws a smooth line through the pointer's positions."""

    def __init__(self, base: Drawing, point: Stroke) -> None:
        self._base = base
        self._pieces = [point]
        self._bend = point  # the newest position; the line goes on to it later

    @property
    def drawing(self) -> Drawing:
        """The drawing with the line so far."""
        return (*self._base, np.concatenate(self._pieces))

    def move(self, point: Stroke) -> Stroke | None:
        """Draw on, up to halfway between the last position and this one."""
        if float(np.hypot(*(point - self._bend)[0, :2])) < _NEAR:
            return None
        return self._extend((self._bend + point) * np.float32(0.5), point)

    def finish(self) -> Stroke | None:
        """Draw on to the last position."""
        if np.array_equal(self._bend, self._pieces[-1][-1:]):
            return None
        return self._extend(self._bend, self._bend)

    def _extend(self, end: Stroke, bend: Stroke) -> Stroke:
        start = self._pieces[-1][-1:]
        self._pieces.append(curve(start[0], self._bend[0], end[0]))
        self._bend = bend
        return np.concatenate([start, self._pieces[-1]])


class Rub:
    """Rubs out what lies within `radius` units of the pointer's way."""

    def __init__(self, base: Drawing, point: Stroke, radius: float) -> None:
        self.drawing = base
        self.radius = radius
        self._last = point

    def move(self, point: Stroke) -> Stroke | None:
        """Rub from the last position to this one."""
        before, start = self.drawing, self._last
        self.drawing = erase(before, start[0], point[0], self.radius)
        self._last = point
        return None if self.drawing is before else np.concatenate([start, point])

    def finish(self) -> None:
        """Nothing is left to do."""
