"""Ways to write each digit, as control points and the smooth curves through them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from core.base.arrays import FloatArray, IndexArray, LabelArray
from core.imaging.synthesis.spline import spline_weights

POSITIONS = 64  # of the pen, per digit
CONTROL_POINTS = 16  # at most, per digit
_GRID_MIDDLE = 4.5  # of columns and rows 0..9
_HALF_EXTENT = (5.5, 4.5)  # grid units: a digit is two units high, and a little narrower
_FINE = 32  # samples per control point, to measure along a curve
_TIMES = "×"  # parts a digit from how common its way of writing is


@dataclass(frozen=True, slots=True, eq=False)
class Templates:
    """All T ways to write a digit, those of one digit in a row.

    Attributes:
        bounds: (11,) those of digit d are bounds[d] to bounds[d + 1].
        points: (T, 16, 2) float32 x and y; unused ones are 0.
        curves: (T, 64, 16) float32, weights of the control points at each pen position,
            evenly spaced along the path.
        down: (T, 63) float32, 1 where the pen touches the paper between two positions.
        rounding: (T, 16, 16) float32, moves control points half way to the middle between
            their neighbours on the same stroke; the ends of strokes stay.
        length: (T, 1) float32, of all strokes, in half heights.
        breadth: (T, 1) float32, standard deviation of the pen positions across the digit,
            in its narrowest direction: 0 for a straight line.
        places: (T,) float64 ascending; those of digit d lie in d to d + 1, each as far
            after the one before it as it is common among the ways to write this digit.
    """

    bounds: IndexArray
    points: FloatArray
    curves: FloatArray
    down: FloatArray
    rounding: FloatArray
    length: FloatArray
    breadth: FloatArray
    places: FloatArray

    def choose(self, labels: LabelArray, rng: np.random.Generator) -> IndexArray:
        """Choose a way to write each digit (N,), common ones more often. Returns (N,)."""
        found = np.searchsorted(self.places, labels + rng.random(len(labels)), side="right")
        # A sum may round up to the next digit's.
        chosen: IndexArray = np.minimum(found, self.bounds[labels.astype(np.intp) + 1] - 1)
        return chosen


@cache
def load_templates() -> Templates:
    """Read the templates that the program ships, once."""
    file = resources.files("resources") / "templates" / "strokes.txt"
    return parse(file.read_text(encoding="utf-8"))


def parse(text: str) -> Templates:
    """Turn lines such as "7 ×1.5: 10 50 90 65 49 | 25 85" into arrays.

    Raises:
        ValueError: a line of another form, or digits that are not in order from 0 to 9.
    """
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    digits, weights = zip(*(_head(line) for line in lines), strict=True)
    if list(digits) != sorted(digits) or set(digits) != set(range(10)):
        raise ValueError("templates must be in order and leave no digit out")
    made = [_template(_strokes(line)) for line in lines]
    points, curves, down, rounding = (
        np.stack(part).astype(np.float32) for part in zip(*made, strict=True)
    )
    x, y = np.moveaxis(curves @ points, 2, 0)
    steps = down * np.hypot(np.diff(x), np.diff(y))
    return Templates(
        bounds=np.searchsorted(digits, range(11)),
        points=points,
        curves=curves,
        down=down,
        rounding=rounding,
        length=steps.sum(axis=1, keepdims=True),
        breadth=breadth(x, y),
        places=_places(digits, weights),
    )


def breadth(x: FloatArray, y: FloatArray) -> FloatArray:
    """Return the standard deviation (N, 1) of points (N, V) in their narrowest direction."""
    x, y = x - x.mean(axis=1, keepdims=True), y - y.mean(axis=1, keepdims=True)
    xx, yy, xy = (np.einsum("nv,nv->n", a, b)[:, None] for a, b in ((x, x), (y, y), (x, y)))
    # The smaller eigenvalue of their covariance matrix.
    variance = ((xx + yy) - np.hypot(xx - yy, 2 * xy)) / (2 * x.shape[1])
    deviation: FloatArray = np.sqrt(np.maximum(variance, 0))
    return deviation


def _head(line: str) -> tuple[int, float]:
    """Return the digit of a line, and its weight: how common this way to write it is."""
    digit, _, weight = line.partition(":")[0].partition(_TIMES)
    return int(digit), float(weight or 1)


def _places(digits: Sequence[int], weights: Sequence[float]) -> FloatArray:
    """Return `Templates.places`. Raises ValueError if a weight is not more than 0."""
    if not all(0 < weight < np.inf for weight in weights):
        raise ValueError("a template's weight must be more than 0")
    labels, amounts = np.array(digits), np.array(weights)
    places = np.empty(len(labels))
    for digit in range(10):
        sums = amounts[labels == digit].cumsum()
        places[labels == digit] = digit + sums / sums[-1]
    return places


def _strokes(line: str) -> list[FloatArray]:
    """Return the strokes of one line, (n, 2) each, in grid units."""
    return [
        np.array([(int(pair[0]), int(pair[1])) for pair in stroke.split()], np.float64)
        for stroke in line.partition(":")[2].split("|")
    ]


def _template(strokes: list[FloatArray]) -> tuple[FloatArray, ...]:
    """Return points (16, 2), curve (64, 16), down (63,), rounding (16, 16) of one template."""
    measured = [_measure(stroke) for stroke in strokes]
    ends = np.cumsum([0.0] + [lengths[-1] for _, lengths in measured])
    rows = np.rint(ends / ends[-1] * POSITIONS).astype(int)
    points = np.zeros((CONTROL_POINTS, 2))
    curve = np.zeros((POSITIONS, CONTROL_POINTS))
    down = np.ones(POSITIONS - 1)
    down[rows[1:-1] - 1] = 0
    rounding = np.zeros((CONTROL_POINTS, CONTROL_POINTS))
    first = 0
    for k, (stroke, (parameters, lengths)) in enumerate(zip(strokes, measured, strict=True)):
        used = slice(first, first + len(stroke))
        count = rows[k + 1] - rows[k]
        even = np.interp(np.linspace(0, lengths[-1], count), lengths, parameters)
        curve[rows[k] : rows[k + 1], used] = spline_weights(even, len(stroke))
        points[used] = (stroke - _GRID_MIDDLE) / _HALF_EXTENT
        for point in range(first + 1, used.stop - 1):
            rounding[point, point - 1 : point + 2] = 0.25, -0.5, 0.25
        first = used.stop
    return points, curve, down, rounding


def _measure(stroke: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return parameters along a stroke's curve, and the length of the curve up to each."""
    parameters = np.linspace(0, len(stroke) - 1, _FINE * len(stroke))
    places = spline_weights(parameters, len(stroke)) @ stroke
    steps = np.hypot(*np.diff(places, axis=0, prepend=stroke[:1]).T)
    return parameters, steps.cumsum()
