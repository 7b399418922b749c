"""A drawing as strokes, and what can be done to it. Arrays in, arrays out; no widgets.

A stroke is a float32 array (n, 3): x and y in units of the drawing square, which is
`SIDE` x `SIDE` with y pointing down, and the pen's pressure 0..1 (1 for a mouse).
A drawing is a tuple of strokes that nobody changes, so a step back is one reference.
"""

import math
from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.imaging.ink import LIGHTEST, PAPER_SIDE

SIDE = PAPER_SIDE  # units
NUDGE = 10.0  # units an arrow key moves the drawing
_SPACING = 2.0  # units between the points of a smoothed curve
_LAST = np.array([SIDE, SIDE, 1.0], np.float32)  # the greatest x, y and pressure
MOST_STEPS = 200  # back: a drawing of a whole day is no reason to grow
_TINY = 1e-3  # root of units; closer points have no direction

Stroke: TypeAlias = NDArray[np.float32]
Drawing: TypeAlias = tuple[Stroke, ...]


def line_widths(pen_width: float, pressure: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how wide (units) the ink is at each pressure 0..1."""
    return np.float32(pen_width) * (LIGHTEST + (1.0 - LIGHTEST) * pressure)


def clean(strokes: Sequence[NDArray[np.floating]]) -> Drawing:
    """Return `strokes` as a drawing: float32, inside the square, finite, none empty.

    Points without pressure, (n, 2), get pressure 1.
    """
    made = []
    for stroke in strokes:
        points = np.array(stroke, np.float32)
        if points.ndim == 2 and points.shape[1] == 2:
            points = np.column_stack([points, np.ones(len(points), np.float32)])
        points = points[np.isfinite(points).all(axis=1)]
        if len(points):
            made.append(np.clip(points, 0, _LAST))
    return tuple(made)


def spline(before: Stroke | None, start: Stroke, end: Stroke, after: Stroke | None) -> Stroke:
    """Return points after `start` up to `end` on a smooth curve through all four.

    A centripetal Catmull-Rom curve: it goes through every position of the pointer, however
    far apart they are, and has neither loops nor kinks. The pressure changes evenly.

    Args:
        before, after: the positions before and after the piece; None at an end of the line.
        start, end: of the piece. All are rows of x, y, pressure.

    Source: Catmull and Rom 1974; the centripetal form is that of Yuksel, Schaefer and
    Keyser 2011, Computer-Aided Design 43, section 2.
    """
    gap = end - start
    leaving, arriving = _tangent(before, start, end), _tangent(after, end, start)
    count = max(1, math.ceil(float(np.hypot(gap[0], gap[1])) / _SPACING))
    t = (np.arange(1, count + 1, dtype=np.float32) / np.float32(count))[:, None]
    points = start + gap * t
    # What the cubic with these tangents is off the straight line.
    bend = leaving - gap[:2], -arriving - gap[:2]
    points[:, :2] += t * (1 - t) ** 2 * bend[0] - t**2 * (1 - t) * bend[1]
    # Rounding may lead a hair's breadth outside.
    return np.clip(points, 0, _LAST).astype(np.float32)


def _tangent(beyond: Stroke | None, here: Stroke, there: Stroke) -> NDArray[np.float32]:
    """Return the direction (2,) from `here` towards `there`, as long as the piece between."""
    way = (there - here)[:2]
    if beyond is None:
        return way
    back = (here - beyond)[:2]
    past, next_ = (math.sqrt(float(np.hypot(*part))) for part in (back, way))
    if past < _TINY or next_ < _TINY:
        return way
    mean = (there - beyond)[:2] / (past + next_)
    return next_ * (back / past - mean) + way


def erase(drawing: Drawing, start: Stroke, end: Stroke, radius: float) -> Drawing:
    """Rub out what lies within `radius` units of the line from `start` to `end`.

    A stroke that is cut through becomes two. The same drawing is returned if nothing
    was touched.
    """
    kept: list[Stroke] = []
    touched = False
    for stroke in drawing:
        points = _dense(stroke)
        outside = _distance(points, start, end) > radius
        if outside.all():
            kept.append(stroke)
            continue
        touched = True
        edges = np.flatnonzero(np.diff(np.concatenate([[False], outside, [False]])))
        pieces = zip(edges[::2], edges[1::2], strict=True)
        kept += [points[first:last] for first, last in pieces if last - first > 1]
    return tuple(kept) if touched else drawing


def nudge(drawing: Drawing, dx: float, dy: float) -> Drawing:
    """Move the drawing by (dx, dy) units, less where it would leave the square."""
    if not drawing:
        return drawing
    points = np.concatenate(drawing)[:, :2]
    low, high = -points.min(axis=0), SIDE - points.max(axis=0)
    shift = np.zeros(3, np.float32)
    shift[:2] = np.clip((dx, dy), low, high)
    return tuple(stroke + shift for stroke in drawing) if shift.any() else drawing


def _dense(stroke: Stroke) -> Stroke:
    """Return the same line with points at most `_SPACING` units apart."""
    if len(stroke) < 2:
        return stroke
    steps = np.hypot(*np.diff(stroke[:, :2], axis=0).T)
    if steps.max() <= _SPACING:
        return stroke
    along = np.concatenate([[0.0], np.cumsum(np.maximum(steps, 1e-6))])
    extra = np.arange(0.0, along[-1], _SPACING)
    places = np.unique(np.concatenate([along, extra]))
    columns = [np.interp(places, along, stroke[:, k]) for k in range(3)]
    return np.stack(columns, axis=1).astype(np.float32)


def _distance(points: Stroke, start: Stroke, end: Stroke) -> NDArray[np.float32]:
    """Return each point's distance to the line piece from `start` to `end`."""
    along = (end - start)[:2]
    offset = points[:, :2] - start[:2]
    length = float(along @ along)
    t = np.clip(offset @ along / length, 0.0, 1.0) if length > 0 else np.zeros(len(points))
    gaps = offset - t[:, None] * along
    distance: NDArray[np.float32] = np.hypot(gaps[:, 0], gaps[:, 1]).astype(np.float32)
    return distance


class StrokeHistory:
    """The drawing now, and the last steps back and forth from it.

    A step of the same non-empty gesture as the last one joins it, so that ten presses of
    an arrow key are one step back.
    """

    def __init__(self) -> None:
        self.now: Drawing = ()
        self._past: list[Drawing] = []
        self._future: list[Drawing] = []
        self._gesture = ""

    @property
    def can_undo(self) -> bool:
        """True if there is a step back."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """True if a step back can be taken again."""
        return bool(self._future)

    def push(self, drawing: Drawing, gesture: str = "") -> None:
        """Make `drawing` the newest step."""
        if not (gesture and gesture == self._gesture):
            self._past.append(self.now)
            del self._past[:-MOST_STEPS]
        self._gesture = gesture
        self._future.clear()
        self.now = drawing

    def undo(self) -> None:
        """Go one step back, if there is one."""
        if self._past:
            self._future.append(self.now)
            self.now = self._past.pop()
            self._gesture = ""

    def redo(self) -> None:
        """Take the step back that was last undone, if there is one."""
        if self._future:
            self._past.append(self.now)
            self.now = self._future.pop()
            self._gesture = ""
