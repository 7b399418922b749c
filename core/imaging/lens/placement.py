"""Where a drawing comes to lie in its picture, for any choice of steps, N at a time.

A step that is left out leaves what it would change as it was drawn.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.base.arrays import ByteArray, FloatArray, IndexArray
from core.imaging.framing import CENTRE, MARGIN, SIDE
from core.imaging.ink import THINNEST, Prints, fitting_scale, ink, stretched

# Between two equally good shifts rounding errors must not choose; as in `core.imaging.framing`.
_TIE = np.float32(1e-3)  # pixels
_PIXELS = np.arange(SIDE, dtype=np.float32) - CENTRE


@dataclass(frozen=True, slots=True)
class LensStages:
    """Which steps are taken.

    Attributes:
        box: the box around the ink is moved to the middle of the picture.
        scale: its longer side is made 20 pixels long.
        widen: a pen too thin to be read is widened.
        centre: the picture is moved until its centre of mass lies at pixel 14.
        contrast: the darkest ink becomes 255.
    """

    box: bool = True
    scale: bool = True
    widen: bool = True
    centre: bool = True
    contrast: bool = True


ALL = LensStages()
AS_DRAWN = LensStages(box=False, scale=False, widen=False, centre=False, contrast=False)


@dataclass(frozen=True, slots=True, eq=False)
class Placement:
    """How N drawings lie in their pictures.

    Attributes:
        scale: (N,) pixels per unit of the drawing.
        middle: (N, 2) units, the middle of the box around the pen's positions.
        at: (N, 2) pixels from the picture's middle, where that point comes to lie.
        radius: (N,) pixels, half the pen's width.
        least: pixels, a narrower pen is widened to this radius.
    """

    scale: FloatArray
    middle: FloatArray
    at: FloatArray
    radius: FloatArray
    least: float


def place(
    low: FloatArray, high: FloatArray, radius: FloatArray, stages: LensStages, paper_side: float
) -> Placement:
    """Return where drawings come to lie, before the step "centre".

    Args:
        low, high: (N, 2) least and greatest x and y of the pen's positions, in units.
        radius: (N,) half the pen's width in units, more than 0.
        stages: the steps taken.
        paper_side: units along an edge of the paper that was drawn on.
    """
    middle, extent = (low + high) / 2, (high - low).max(axis=1)
    as_drawn = SIDE / paper_side
    scale = np.full(len(middle), as_drawn)
    if stages.scale:
        scale = fitting_scale(extent, radius, widen=stages.widen)
    at = np.zeros_like(middle) if stages.box else (middle - paper_side / 2) * as_drawn
    return Placement(scale, middle, at, radius * scale, THINNEST if stages.widen else 0.0)


def paint_placed(brushed: Prints, placed: Placement) -> FloatArray:
    """Paint a drawing as each of N placements says: (N, 28, 28) float32 from 0 to 1."""
    x, y = (
        (brushed.places[:, axis] - placed.middle[:, axis, None]) * placed.scale[:, None]
        + placed.at[:, axis, None]
        for axis in (0, 1)
    )
    return ink(brushed, x, y, placed.scale[:, None], placed.radius[:, None], placed.least)


def finish(painted: FloatArray, stages: LensStages) -> ByteArray:
    """Take the steps "contrast" and "centre" with N painted pictures.

    Args:
        painted: (N, 28, 28) float32 from 0 (paper) to 1 (ink).
        stages: the steps taken.

    Returns:
        (N, 28, 28) uint8.
    """
    even = stretched(painted) if stages.contrast else painted
    pages: ByteArray = (even * np.float32(255)).astype(np.uint8)
    return moved(pages, *offsets(even, stages)) if stages.centre else pages


def offsets(painted: FloatArray, stages: LensStages) -> tuple[IndexArray, IndexArray]:
    """Return by how many pixels, down and right (N,), centres of mass are off pixel 14.

    A digit that fills its box moves by 4 pixels at most, or ink would leave the picture.
    """
    reach = MARGIN if stages.box and stages.scale else SIDE

    def off(profile: FloatArray) -> IndexArray:
        total = np.maximum(profile.sum(axis=1), np.float32(1e-12))
        found: IndexArray = np.rint((profile @ _PIXELS) / total + _TIE).astype(np.intp)
        return found.clip(-reach, reach)

    return off(painted.sum(axis=2)), off(painted.sum(axis=1))


def moved(images: NDArray[np.uint8], down: IndexArray, right: IndexArray) -> ByteArray:
    """Return images (N, 28, 28) moved up by `down` and left by `right` pixels (N,)."""
    page = np.zeros((len(images), 3 * SIDE, 3 * SIDE), np.uint8)
    page[:, SIDE : 2 * SIDE, SIDE : 2 * SIDE] = images
    windows = np.lib.stride_tricks.sliding_window_view(page, (SIDE, SIDE), axis=(1, 2))
    found: ByteArray = windows[np.arange(len(images)), SIDE + down, SIDE + right]
    return found
