"""The way of a drawing to the network, step by step, each of which can be left out.

With all steps the picture is the one that `core.imaging.ink.draw` makes. Leaving one out shows
what it is for: without the box and the scale, say, a digit stays where and as large as it
was drawn, which a network that has only seen framed digits reads much worse.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.base.arrays import ByteArray, FloatArray
from core.imaging.framing import CENTRE, SIDE
from core.imaging.ink import THINNEST, box_of, clean, prints, stretched
from core.imaging.lens.placement import (
    ALL,
    AS_DRAWN,
    LensStages,
    Placement,
    finish,
    moved,
    offsets,
    paint_placed,
    place,
)

__all__ = ["ALL", "Lens", "LensStages", "LensStep", "look"]

_MIDDLE = SIDE / 2  # pixels, from the picture's edge to the origin of the brush's positions


@dataclass(frozen=True, slots=True, eq=False)
class LensStep:
    """One step on the way.

    Attributes:
        key: "painted", or the name of a field of `LensStages`.
        title: one word for it.
        image: (28, 28) uint8, the picture after this step.
        sentence: what happened, in numbers; "" if nothing is drawn.
        taken: False if this step is left out.
        box: left, top, right and bottom of the ink after this step, in pixels from the
            picture's upper left corner; None if nothing is drawn.
        mass: where the ink's centre of mass lies, right and down in pixels counted from
            0; None if nothing is drawn.
    """

    key: str
    title: str
    image: ByteArray
    sentence: str
    taken: bool
    box: tuple[float, float, float, float] | None = None
    mass: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Lens:
    """A drawing on its way to the network.

    Attributes:
        steps: "painted", "box", "scale", "widen", "centre" and "contrast", in this order.
    """

    steps: tuple[LensStep, ...]

    @property
    def image(self) -> ByteArray:
        """What the network receives: (28, 28) uint8."""
        return self.steps[-1].image

    @property
    def empty(self) -> bool:
        """True if nothing is drawn."""
        return self.steps[0].box is None


def look(
    strokes: Sequence[FloatArray], radius: float, stages: LensStages, paper_side: float
) -> Lens:
    """Follow a drawing to the picture that the network receives.

    Args:
        strokes: arrays (n, 2) of x (right) and y (down), or (n, 3) with the pressure 0..1.
        radius: half the pen's width in the same unit, more than 0.
        stages: the steps that are taken; what is left out stays as it was.
        paper_side: units along an edge of the paper that was drawn on.
    """
    paths = clean(strokes)
    if not paths:
        return _nothing(stages)
    return _Look(paths, radius, stages, paper_side).lens()


_TITLES = {
    "painted": "Painted",
    "box": "Box",
    "scale": "Size",
    "widen": "Pen",
    "centre": "Centre",
    "contrast": "Contrast",
}


def _nothing(stages: LensStages) -> Lens:
    blank = np.zeros((SIDE, SIDE), np.uint8)
    return Lens(
        tuple(
            LensStep(key, title, blank, "", key == "painted" or getattr(stages, key))
            for key, title in _TITLES.items()
        )
    )


class _Look:
    """The steps of one drawing, in numbers, pictures and words."""

    def __init__(
        self, paths: list[FloatArray], radius: float, stages: LensStages, side: float
    ) -> None:
        self._paths, self._stages, self._side = paths, stages, side
        low, high = box_of(paths)
        self._low, self._high, self._radius = low[None], high[None], np.array([radius])

    def lens(self) -> Lens:
        """Take all steps."""
        stages = self._stages
        ways = {
            "painted": AS_DRAWN,
            "box": LensStages(stages.box, False, False, False, False),
            "scale": LensStages(stages.box, stages.scale, False, False, False),
            "widen": LensStages(stages.box, stages.scale, stages.widen, False, False),
        }
        steps, was = [], None
        for key, way in ways.items():
            placed = place(self._low, self._high, self._radius, way, self._side)
            painted = paint_placed(prints(self._paths, float(placed.scale[0])), placed)
            words = self._words(key, placed, was or placed)
            steps.append(self._step(key, finish(painted, way)[0], words, placed))
            was = placed
        return Lens((*steps, *self._finished(placed, painted)))

    def _finished(self, placed: Placement, painted: FloatArray) -> tuple[LensStep, LensStep]:
        stages = self._stages
        faint = LensStages(stages.box, stages.scale, stages.widen, stages.centre, False)
        even = stretched(painted) if stages.contrast else painted
        # The shift of the last picture, so that both steps agree whatever the rounding.
        down, right = offsets(even, stages) if stages.centre else (np.zeros(1, np.intp),) * 2
        pages: ByteArray = (painted * np.float32(255)).astype(np.uint8)
        centred = moved(pages, down, right)[0]
        by = (int(right[0]), int(down[0]))
        last = finish(painted, stages)[0]
        return (
            self._step("centre", centred, _centre_words(pages[0], by, faint.centre), placed, by),
            self._step("contrast", last, _contrast_words(centred, last, stages), placed, by),
        )

    def _step(
        self,
        key: str,
        image: ByteArray,
        words: str,
        placed: Placement,
        by: tuple[int, int] = (0, 0),
    ) -> LensStep:
        taken = key == "painted" or bool(getattr(self._stages, key))
        reach = max(float(placed.radius[0]), placed.least)
        half = (self._high - self._low)[0] / 2 * placed.scale[0] + reach
        at = placed.at[0] + _MIDDLE - by
        box = (*(at - half).tolist(), *(at + half).tolist())
        return LensStep(key, _TITLES[key], image, words, taken, box, _mass(image))

    def _words(self, key: str, placed: Placement, was: Placement) -> str:
        width, height = (self._high - self._low)[0] + 2 * self._radius[0]
        size = f"{width:.0f} × {height:.0f} of {self._side:.0f}"
        scale, pen = float(placed.scale[0]), 2 * float(placed.radius[0])
        if key == "painted":
            return (
                f"The paper’s {self._side:.0f} units become {SIDE} pixels, painted where they"
                f" were drawn with the brush of the training digits, {pen:.1f} pixels wide."
            )
        taken = bool(getattr(self._stages, key))
        if key == "box":
            right, down = (-was.at[0]).tolist()
            if not taken:
                return f"The box is {size}. It stays where it was drawn."
            return f"The box is {size}. It moves to the middle: {_way(right, down, 1)}."
        if key == "scale":
            if not taken:
                longest = max(width, height) * scale
                return f"It stays as large as it was drawn: {longest:.1f} of {SIDE} pixels."
            return (
                f"The box is {size}; its longer side becomes 20 pixels,"
                f" {scale / float(was.scale[0]):.2f} times as long as before."
            )
        return _pen_words(pen, 2 * float(was.radius[0]), taken)


def _mass(image: ByteArray) -> tuple[float, float] | None:
    total = float(image.sum(dtype=np.int64))
    if not total:
        return None
    places = np.arange(SIDE)
    right, down = (float(image.sum(axis=axis) @ places) / total for axis in (0, 1))
    return right, down


def _pen_words(pen: float, before: float, taken: bool) -> str:
    if before / 2 >= THINNEST:
        return f"The pen is {pen:.1f} pixels wide, wide enough to be read."
    if not taken:
        return f"The pen is {before:.1f} pixels wide and stays so: its ink is faint."
    return f"The pen is {before:.1f} pixels wide, and is widened to {2 * THINNEST:.1f}."


def _centre_words(page: ByteArray, by: tuple[int, int], taken: bool) -> str:
    mass = _mass(page)
    if mass is None:
        return "No ink is to be seen here, so nothing is moved."
    where = f"The centre of mass is {mass[0]:.1f} across and {mass[1]:.1f} down"
    if not taken:
        return f"{where}, and stays there; training digits have it at {CENTRE} and {CENTRE}."
    if by == (0, 0):
        return f"{where}: nearer to {CENTRE} it cannot be moved by whole pixels."
    return f"{where}. To bring it to {CENTRE} and {CENTRE}, it moves {_way(-by[0], -by[1], 0)}."


def _contrast_words(page: ByteArray, last: ByteArray, stages: LensStages) -> str:
    darkest = int(page.max())
    if not last.any():
        return "There is no ink in the picture."
    if not stages.contrast:
        return f"The darkest ink stays {darkest} of 255."
    if darkest == 255:
        return "The darkest ink is 255 already."
    return f"The darkest ink, {darkest}, becomes 255."


def _way(right: float, down: float, decimals: int) -> str:
    """Spell a shift in pixels: "2 pixels left and 1 down"."""
    across, along = f"{abs(right):.{decimals}f}", f"{abs(down):.{decimals}f}"
    noun = "pixel" if across == "1" else "pixels"
    sides = "right" if right >= 0 else "left", "down" if down >= 0 else "up"
    return f"{across} {noun} {sides[0]} and {along} {sides[1]}"
