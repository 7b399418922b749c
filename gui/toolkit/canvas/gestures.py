"""What one press, drag and release of a pointer makes of a drawing. No widgets."""

from typing import Protocol

import numpy as np

from gui.toolkit.canvas.strokes import Drawing, Stroke, erase, spline

_NEAR = 2.0  # units; nearer positions would show the steps of the screen's pixels


class Gesture(Protocol):
    """A drag in progress. Points are (1, 3) arrays: x, y, pressure."""

    @property
    def drawing(self) -> Drawing:
        """The drawing as it would be if the drag ended now."""

    def move(self, point: Stroke) -> Stroke | None:
        """Follow the pointer. Returns the line along which the drawing changed, if it did."""

    def finish(self) -> Stroke | None:
        """End the drag; returns the same as `move`."""


class PenLine:
    """Draws a smooth line through the pointer's positions.

    How the line arrives at a position depends on where it goes from there: the last piece
    is drawn at once, and drawn again when the next position is known.
    """

    def __init__(self, base: Drawing, point: Stroke) -> None:
        self._base = base
        self._places = [point]  # the last three positions the line goes through
        self._pieces = [point]  # what stays as it is
        self._tail = point[:0]
        self._newest = point

    @property
    def drawing(self) -> Drawing:
        """The drawing with the line so far."""
        return (*self._base, np.concatenate([*self._pieces, self._tail]))

    def move(self, point: Stroke) -> Stroke | None:
        """Draw on to this position."""
        self._newest = point
        if float(np.hypot(*(point - self._places[-1])[0, :2])) < _NEAR:
            return None
        return self._extend(point)

    def finish(self) -> Stroke | None:
        """Draw on to the last position."""
        if np.array_equal(self._newest[:, :2], self._places[-1][:, :2]):
            return None
        return self._extend(self._newest)

    def _extend(self, point: Stroke) -> Stroke:
        *earlier, last = (place[0] for place in self._places)
        before = earlier[-1] if earlier else None
        changed = [self._pieces[-1][-1:], self._tail]
        if before is not None:
            first = earlier[-2] if len(earlier) > 1 else None
            self._pieces.append(spline(first, before, last, point[0]))
        self._tail = spline(before, last, point[0], None)
        self._places = [*self._places[-2:], point]
        return np.concatenate([*changed, self._pieces[-1], self._tail])


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
