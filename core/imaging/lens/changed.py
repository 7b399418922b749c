"""One drawing changed in many ways, all painted at once.

A change is made either to the drawing, before the steps of `core.imaging.lens.lens`
(which then undo much of it: that is what framing is for), or to the picture after them,
where nothing does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from core.base.arrays import ByteArray, FloatArray, IndexArray
from core.imaging.framing import SIDE
from core.imaging.ink import STEP, Prints, box_of, ink, prints, stretched
from core.imaging.lens.placement import LensStages, Placement, finish, offsets, paint_placed, place

# The values that change nothing.
NEUTRAL = {"right": 0.0, "down": 0.0, "turn": 0.0, "size": 1.0, "pen": 1.0}

# Wider apart than in `core.imaging.ink.draw`: the ink is nearly the same, and hundreds of pictures
# take two thirds of the time.
_SPACING = 0.45  # pixels
_MOST_PRINTS = 1200  # 540 pixels of line: longer ones blacken all of the box
_BLOCK = 24  # pictures painted at a time: their arrays stay in the cache
_EDGE = (SIDE - 1) / 2  # pixels from the middle of the picture to that of its outermost pixel


@dataclass(frozen=True, slots=True, eq=False)
class Changes:
    """What is done to a drawing, (N,) each.

    Attributes:
        right, down: pixels of the picture it is shifted by.
        turn: degrees it is turned by, clockwise.
        size: times as large it becomes, its pen included.
        pen: times as wide the pen is that it is drawn with.
    """

    right: FloatArray
    down: FloatArray
    turn: FloatArray
    size: FloatArray
    pen: FloatArray

    def part(self, rows: slice) -> "Changes":
        """Return some of the changes."""
        return Changes(*(getattr(self, key)[rows] for key in self.__slots__))

    @property
    def matrices(self) -> FloatArray:
        """Turning and growing in one: (N, 2, 2), for columns of x and y, y pointing down."""
        angle = np.radians(self.turn)
        cos, sin = self.size * np.cos(angle), self.size * np.sin(angle)
        return np.stack([np.stack([cos, -sin], axis=1), np.stack([sin, cos], axis=1)], axis=1)

    @property
    def shift(self) -> FloatArray:
        """Pixels right and down: (N, 2)."""
        return np.stack([self.right, self.down], axis=1)


def changes_of(given: Mapping[str, FloatArray]) -> Changes:
    """Return the `given` changes, (N,) each; in every other way nothing is changed."""
    count = len(next(iter(given.values())))
    return Changes(**{key: given.get(key, np.full(count, at)) for key, at in NEUTRAL.items()})


class Painter:
    """Paints one drawing under many changes."""

    def __init__(
        self,
        paths: Sequence[FloatArray],
        radius: float,
        stages: LensStages,
        paper_side: float,
        *,
        before: bool,
    ) -> None:
        self._points = np.concatenate(paths)[:, :2]
        self._paths, self._radius, self._stages = paths, radius, stages
        self._side, self._before = paper_side, before
        low, high = box_of(paths)
        self._low, self._high, self._middle = low, high, (low + high) / 2

    def paint(self, changes: Changes) -> ByteArray:
        """Return the pictures (N, 28, 28) that the network receives."""
        placed = self._placed(changes)
        largest = float((placed.scale * changes.size).max())
        brushed = self._prints(largest)
        images = np.empty((len(changes.turn), SIDE, SIDE), np.uint8)
        present = None if self._before else _Present(brushed, placed, changes.pen, self._stages)
        for start in range(0, len(images), _BLOCK):
            rows = slice(start, start + _BLOCK)
            some, those = changes.part(rows), _part(placed, rows)
            if present is None:
                painted = self._paint_before(brushed, those, some)
                images[rows] = finish(painted, self._stages)
            else:
                images[rows] = present.paint(brushed, those, some, rows)
        return images

    def _prints(self, scale: float) -> Prints:
        brushed = prints(self._paths, scale * STEP / _SPACING)
        if len(brushed.share) > _MOST_PRINTS:
            share = _MOST_PRINTS / len(brushed.share)
            brushed = prints(self._paths, scale * STEP / _SPACING * share)
        return brushed

    def _placed(self, changes: Changes) -> Placement:
        radius, count = self._radius * changes.pen, len(changes.pen)
        if not self._before:
            low, high = (np.broadcast_to(side, (count, 2)) for side in (self._low, self._high))
            return place(low, high, radius, self._stages, self._side)
        units = changes.shift * (self._side / SIDE)
        # The box is that of the turned drawing; few turns are tried, at many sizes.
        turns, which = np.unique(changes.turn, return_inverse=True)
        turned = changes_of({"turn": turns}).matrices @ (self._points - self._middle).T
        low, high = turned.min(axis=2)[which], turned.max(axis=2)[which]
        offset = self._middle + units
        size = changes.size[:, None]
        return place(
            low * size + offset,
            high * size + offset,
            radius * changes.size,
            self._stages,
            self._side,
        )

    def _paint_before(self, brushed: Prints, placed: Placement, changes: Changes) -> FloatArray:
        offset = self._middle + changes.shift * (self._side / SIDE) - placed.middle
        places = changes.matrices @ (brushed.places - self._middle).T + offset[:, :, None]
        x, y = (
            places[:, axis] * placed.scale[:, None] + placed.at[:, axis, None] for axis in (0, 1)
        )
        scale = (placed.scale * changes.size)[:, None]
        return ink(brushed, x, y, scale, placed.radius[:, None], placed.least)


class _Present:
    """The picture as it is, one for each pen: what is turned, and about which point."""

    def __init__(
        self, brushed: Prints, placed: Placement, pens: FloatArray, stages: LensStages
    ) -> None:
        _, first, self._which = np.unique(pens, return_index=True, return_inverse=True)
        painted = paint_placed(brushed, _part(placed, first))
        even = stretched(painted) if stages.contrast else painted
        self._darkest = painted.max(axis=(1, 2)) if stages.contrast else np.ones(len(first))
        places = np.arange(SIDE) - _EDGE
        total = np.maximum(even.sum(axis=(1, 2)), 1e-12)
        self._mass = np.stack([even.sum(axis=1) @ places, even.sum(axis=2) @ places], axis=1)
        self._mass /= total[:, None]
        self._off = np.zeros((len(first), 2))
        if stages.centre:
            down, right = offsets(even, stages)
            self._off = np.stack([right, down], axis=1).astype(np.float64)

    def paint(self, brushed: Prints, placed: Placement, changes: Changes, rows: slice) -> ByteArray:
        """Return the pictures (N, 28, 28) of some of the changes."""
        which = self._which[rows]
        centre, off = self._mass[which][:, :, None], self._off[which]
        x, y = (
            (brushed.places[:, axis] - placed.middle[:, axis, None]) * placed.scale[:, None]
            + placed.at[:, axis, None]
            for axis in (0, 1)
        )
        places = changes.matrices @ (np.stack([x, y], axis=1) - centre) + centre
        places += (changes.shift - off)[:, :, None]
        size = changes.size[:, None]
        scale, radius = placed.scale[:, None] * size, placed.radius[:, None] * size
        painted = ink(brushed, places[:, 0], places[:, 1], scale, radius, placed.least * size)
        painted /= np.maximum(self._darkest[which], 1e-6).astype(np.float32)[:, None, None]
        pages: ByteArray = (np.minimum(painted, 1) * np.float32(255)).astype(np.uint8)
        return pages


def _part(placed: Placement, rows: slice | IndexArray) -> Placement:
    return replace(
        placed,
        scale=placed.scale[rows],
        middle=placed.middle[rows],
        at=placed.at[rows],
        radius=placed.radius[rows],
    )
