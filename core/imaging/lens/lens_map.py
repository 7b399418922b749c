"""How the network's answer changes as a drawing is shifted, turned, resized, drawn thicker.

A change is made either to the drawing, before the steps of `core.imaging.lens.lens`
(which then undo much of it: that is what framing is for), or to the picture after them,
where nothing does.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.base.arrays import ByteArray, FloatArray, IndexArray
from core.imaging.framing import SIDE
from core.imaging.ink import clean
from core.imaging.lens.changed import NEUTRAL, Painter, changes_of
from core.imaging.lens.placement import LensStages

Predict: TypeAlias = Callable[[ByteArray], FloatArray]

BEFORE, AFTER = "before", "after"
_SUBSTEPS = 8  # parts that the step at which the answer changes is divided into


@dataclass(frozen=True, slots=True)
class Axis:
    """One way to change a drawing.

    Attributes:
        key: a field of `Changes`: "right", "down", "turn", "size" or "pen".
        values: what is tried, in the order shown, no change among them.
        whole: only the `values` make sense, none between them.
    """

    key: str
    values: tuple[float, ...]
    whole: bool = False

    @property
    def present(self) -> int:
        """Index of the value that changes nothing."""
        return self.values.index(NEUTRAL[self.key])


def _grid(first: int, last: int, step: int, unit: float = 1.0) -> tuple[float, ...]:
    return tuple(round(count * unit, 6) for count in range(first, last + step, step))


RIGHT = Axis("right", _grid(-6, 6, 1), whole=True)  # pixels of the picture
DOWN = Axis("down", _grid(-6, 6, 1), whole=True)  # pixels of the picture
TURN = Axis("turn", _grid(-60, 60, 6))  # degrees, clockwise
SIZE = Axis("size", _grid(30, 10, -1, 0.05))  # times as large
PEN = Axis("pen", _grid(15, 2, -1, 0.2))  # times as wide

# Across and downwards, as they are shown.
MAPS = {"shift": (RIGHT, DOWN), "turn": (TURN, SIZE), "pen": (TURN, PEN)}


@dataclass(frozen=True, slots=True)
class Span:
    """How far one axis goes through the present place before the answer changes.

    Attributes:
        axis: which.
        low, high: the last values with the same answer, both included.
        open_low, open_high: the answer is still the same at the end of the axis.
    """

    axis: Axis
    low: float
    high: float
    open_low: bool
    open_high: bool


@dataclass(frozen=True, slots=True, eq=False)
class AnswerMap:
    """A network's answers to R x C changed drawings.

    Attributes:
        across, down: the axes: C values from left to right, R from top to bottom.
        images: (R, C, 28, 28) uint8, what the network received.
        probabilities: (R, C, K) its answers.
        spans: one for each axis, `across` first.
    """

    across: Axis
    down: Axis
    images: ByteArray
    probabilities: FloatArray
    spans: tuple[Span, Span]

    @property
    def answers(self) -> IndexArray:
        """The class that each is taken for: (R, C)."""
        best: IndexArray = self.probabilities.argmax(axis=2)
        return best

    @property
    def shares(self) -> FloatArray:
        """The probability of that class: (R, C)."""
        best: FloatArray = self.probabilities.max(axis=2)
        return best

    @property
    def present(self) -> tuple[int, int]:
        """Row and column of the drawing as it is."""
        return self.down.present, self.across.present


def map_answers(
    kind: str,
    strokes: Sequence[FloatArray],
    radius: float,
    stages: LensStages,
    paper_side: float,
    predict: Predict,
    where: str = AFTER,
) -> AnswerMap | None:
    """Ask a network about a drawing changed in many ways.

    Args:
        kind: a key of `MAPS`.
        strokes, radius, stages, paper_side: the drawing and its way, as for `lens.look`.
        predict: gives the answers (N, K) to images (N, 28, 28) uint8.
        where: `BEFORE` changes the drawing before the steps, `AFTER` the picture after them.
            Another pen is always one the drawing is drawn with.

    Returns:
        None if nothing is drawn.
    """
    paths = clean(strokes)
    if not paths:
        return None
    across, down = MAPS[kind]
    painter = Painter(paths, radius, stages, paper_side, before=where == BEFORE)
    columns, rows = np.meshgrid(across.values, down.values)
    images = painter.paint(changes_of({across.key: columns.ravel(), down.key: rows.ravel()}))
    size = (len(down.values), len(across.values))
    found = predict(images).reshape(*size, -1)
    answer = int(found[down.present, across.present].argmax())

    def still(key: str, values: FloatArray) -> list[bool]:
        asked = predict(painter.paint(changes_of({key: values}))).argmax(axis=1)
        same: list[bool] = (asked == answer).tolist()
        return same

    alike = found.argmax(axis=2) == answer
    spans = _span(across, alike[down.present], still), _span(down, alike[:, across.present], still)
    return AnswerMap(across, down, images.reshape(*size, SIDE, SIDE), found, spans)


_Still: TypeAlias = Callable[[str, FloatArray], list[bool]]


def _span(axis: Axis, alike: NDArray[np.bool_], still: _Still) -> Span:
    """Find how far the answer stays the same, given where it does at the axis's values."""
    breaks = np.flatnonzero(~alike)
    before, after = breaks[breaks < axis.present], breaks[breaks > axis.present]
    first = int(before[-1]) + 1 if len(before) else 0
    last = int(after[0]) - 1 if len(after) else len(alike) - 1
    ends = [
        (_farthest(axis, first, first - 1, still), first == 0),
        (_farthest(axis, last, last + 1, still), last == len(alike) - 1),
    ]
    (low, open_low), (high, open_high) = sorted(ends)
    return Span(axis, low, high, open_low, open_high)


def _farthest(axis: Axis, last: int, other: int, still: _Still) -> float:
    """Return the last good value on the way from value `last` to `other`, where it is not."""
    if axis.whole or not 0 <= other < len(axis.values):
        return axis.values[last]
    tried = np.linspace(axis.values[last], axis.values[other], _SUBSTEPS + 1)[:-1]
    good = [*still(axis.key, tried[1:]), False]
    return float(tried[good.index(False)])
