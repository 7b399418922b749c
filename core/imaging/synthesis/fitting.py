"""From a line drawn by hand to the few control points whose smooth curve follows it.

The curve is the one that templates are made of: a uniform Catmull-Rom spline, which is
linear in its points. So the points are a least-squares answer, once it is known which
place of the drawing belongs to which place of the curve.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.base.arrays import FloatArray
from core.base.errors import ShapeError
from core.imaging.synthesis.spline import spline_weights
from core.imaging.synthesis.templates import CONTROL_POINTS

MOST_STROKES = 6
TOLERANCE = 0.035  # half heights that a curve may stray before it gets another point

_SPACING = 0.04  # half heights between the points that a drawing is measured at
_WIDEST = 1.2  # half heights; wider drawings are made smaller
_SHORTEST = 0.12  # half heights; a shorter stroke is a slip of the pen
_FLAT = 0.35  # the share of points that go to straight parts
_ROUNDS = 6
_SLIDE = 0.5  # how fast sliding along the drawing becomes cheap
_STIFF = 0.05  # how cheap it becomes
_FINE = 8  # places per span, to measure how far a curve strays


def spline(points: FloatArray) -> FloatArray:
    """Return the curve (m, 2) through control points (n, 2), n at least 2, finely sampled."""
    size = len(points)
    curve: FloatArray = spline_weights(np.linspace(0, size - 1, _FINE * (size - 1) + 1), size)
    return curve @ points


def fit_strokes(strokes: Sequence[FloatArray]) -> list[FloatArray]:
    """Reduce a drawn digit to at most 16 control points.

    It is moved and scaled to lie as templates do: two half heights high, in the middle.

    Args:
        strokes: (n, 2) or (n, 3) each: x to the right, y down, in any unit; a pressure is
            not looked at.

    Returns:
        For each stroke that is more than a slip, its control points (k, 2) in half heights
        around the digit's middle; k is at least 2, a corner has its point twice. The curve
        stays within 0.05 half heights of a drawing that a digit can be.

    Raises:
        ShapeError: nothing that could be a digit is drawn, or in too many strokes.
    """
    paths = [_even(path) for path in _placed(strokes)]
    paths = [path for path in paths if _length(path) >= _SHORTEST]
    if not paths:
        raise ShapeError("There is no line to make a template of.", "Draw a digit first.")
    if len(paths) > MOST_STROKES:
        raise ShapeError(
            f"These are {len(paths)} strokes.",
            f"Draw the digit with at most {MOST_STROKES}.",
        )
    fits = [_Fit.least(path) for path in paths]
    while sum(len(fit.points) for fit in fits) < CONTROL_POINTS:
        worst = max(range(len(fits)), key=lambda k: fits[k].strays)
        if fits[worst].strays <= TOLERANCE:
            break
        fits[worst] = fits[worst].refined()
    return [fit.points for fit in fits]


def deviation(curve: FloatArray, path: FloatArray) -> float:
    """Return how far two lines (m, 2) and (n, 2) are apart at most, from either's places."""
    return float(max(_to_line(curve, path)[0].max(), _to_line(path, curve)[0].max()))


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    """A stroke (m, 2), evenly sampled, and the control points (n, 2) found for it so far.

    Attributes:
        path, points: these two.
        places: (m,) parameters 0..n-1, where on the curve each sample of the stroke lies.
        strays: how far curve and stroke are apart at most.
    """

    path: FloatArray
    points: FloatArray
    places: FloatArray
    strays: float

    @classmethod
    def least(cls, path: FloatArray) -> "_Fit":
        """Begin with a straight line."""
        return _settled(path, np.linspace(0, 1, len(path)), 2)

    def refined(self) -> "_Fit":
        """Return the best fit with one point more."""
        size = len(self.points) + 1
        starts = [*_spreads(self.path, size), self._opened()]
        return min((_settled(self.path, at, size) for at in starts), key=lambda fit: fit.strays)

    def _opened(self) -> FloatArray:
        """Return places (m,) 0..n with one unit more where curve and stroke are furthest apart."""
        gaps, _ = _to_line(self.path, spline(self.points))
        worst = self.places[gaps.argmax()]
        opened: FloatArray = self.places + (self.places - worst + 0.5).clip(0, 1)
        opened -= opened[0]
        opened *= len(self.points) / opened[-1]
        return opened


def _settled(path: FloatArray, places: FloatArray, size: int) -> _Fit:
    """Return the best curve of `size` points for a stroke, beginning with these places.

    A place of the curve may slide along the drawing for a part of the price of leaving it.

    Source: Wang, Pottmann and Liu 2006, "Fitting B-spline curves to point clouds by
    curvature-based squared distance minimization", tangent distance, section 3.
    """
    best = _Fit(path, path[[0, -1]], places, math.inf)
    points = np.zeros((size, 2))
    points[[0, -1]] = path[[0, -1]]
    parameters = np.linspace(0, size - 1, _FINE * (size - 1) + 1)
    fine, normals = spline_weights(parameters, size), _normals(path)
    for turn in range(_ROUNDS):
        weights = spline_weights(places, size)
        target = path - weights[:, [0, -1]] @ points[[0, -1]]
        points[1:-1] = _solve(weights[:, 1:-1], target, normals, max(_SLIDE**turn, _STIFF))
        curve = fine @ points
        there, nearest = _to_line(path, curve)
        back, _ = _to_line(curve, path)
        strays = float(max(there.max(), back.max()))
        if strays < best.strays:
            best = _Fit(path, points.copy(), places, strays)
        places = np.maximum.accumulate(nearest / _FINE)  # never backwards
        places[0], places[-1] = 0, size - 1
    return best


def _solve(weights: FloatArray, target: FloatArray, normal: FloatArray, slide: float) -> FloatArray:
    """Return points (n, 2) with weights (m, n) @ points near `target` (m, 2).

    Distance along `normal` (m, 2) counts in full, across it only by `slide`.
    """
    across, size = normal[:, ::-1] * (-1, 1), weights.shape[1]
    square, right = 1e-9 * np.eye(2 * size), np.zeros(2 * size)
    for way, worth in ((normal, 1.0), (across, slide)):
        rows = np.hstack([way[:, :1] * weights, way[:, 1:] * weights])
        square += worth * (rows.T @ rows)
        right += worth * (rows.T @ (way * target).sum(axis=1))
    solved: FloatArray = np.linalg.solve(square, right).reshape(2, size).T
    return solved


def _normals(piece: FloatArray) -> FloatArray:
    """Return unit vectors (m, 2) square to a line."""
    along = np.gradient(piece, axis=0)
    along /= np.maximum(np.hypot(*along.T), 1e-12)[:, None]
    normals: FloatArray = along[:, ::-1] * (1, -1)
    return normals


def _spreads(path: FloatArray, size: int) -> list[FloatArray]:
    """Return places (m,) 0..size-1 along a stroke: evenly, and denser where it bends."""
    steps = np.hypot(*np.diff(path, axis=0).T)
    turns = np.abs(_turns(path, 2))
    bends = (turns[1:] + turns[:-1]) / 2
    made = []
    for power in (0.0, 0.5, 1.0):
        weight = bends**power if power else np.ones(len(steps))
        mean = max(float((weight * steps).sum() / steps.sum()), 1e-9)
        along = np.concatenate([[0.0], np.cumsum(steps * (weight + _FLAT * mean))])
        made.append(along / along[-1] * (size - 1))
    return made


def _turns(path: FloatArray, reach: int) -> FloatArray:
    """Return the angle (m,) by which a line turns around each of its places, radians."""
    index = np.arange(len(path))
    before = path - path[np.maximum(index - reach, 0)]
    after = path[np.minimum(index + reach, len(path) - 1)] - path
    cross = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
    angles: FloatArray = np.arctan2(cross, (before * after).sum(axis=1))
    return angles


def _placed(strokes: Sequence[FloatArray]) -> list[FloatArray]:
    """Return the strokes (n, 2) float64 in half heights around the drawing's middle."""
    paths = [np.asarray(stroke, np.float64)[:, :2] for stroke in strokes if len(stroke)]
    paths = [path[np.isfinite(path).all(axis=1)] for path in paths]
    paths = [path for path in paths if len(path)]
    if not paths:
        return []
    places = np.concatenate(paths)
    low, high = places.min(axis=0), places.max(axis=0)
    width, height = high - low
    half = max(height / 2, width / (2 * _WIDEST))
    return [(path - (low + high) / 2) / half for path in paths] if half > 0 else []


def _even(path: FloatArray) -> FloatArray:
    """Return the same line with evenly spaced points (m, 2), m at least 8."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(path, axis=0).T))])
    places = np.linspace(0, along[-1], max(8, round(along[-1] / _SPACING)))
    return np.stack([np.interp(places, along, path[:, k]) for k in range(2)], axis=1)


def _length(path: FloatArray) -> float:
    return float(np.hypot(*np.diff(path, axis=0).T).sum())


def _to_line(points: FloatArray, line: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return how far points (m, 2) are from a line (n, 2), and where along it: 0..n-1."""
    start, along = line[:-1], np.diff(line, axis=0)
    square = np.maximum((along**2).sum(axis=1), 1e-18)
    offset = points[:, None] - start
    share = ((offset * along).sum(axis=2) / square).clip(0, 1)
    gaps = np.hypot(*(offset - share[..., None] * along).transpose(2, 0, 1))
    nearest, rows = gaps.argmin(axis=1), np.arange(len(points))
    return gaps[rows, nearest], nearest + share[rows, nearest]
