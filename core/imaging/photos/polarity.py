"""Is the ink darker or lighter than its paper? Both are tried, and judged by what is found.

Paper between strokes and the picture's edges looks like ink of the other kind, but not all
of its outline is an edge in the picture. The holes of a digit have real edges, but lie
within it. And where most of a picture has one brightness, that is the paper.
"""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from core.base.arrays import FloatArray
from core.imaging.photos.gray_levels import ink_level
from core.imaging.photos.ground import LIGHTLESS
from core.imaging.photos.masks import Mask, box_of, contact, outline

_EDGE = 7  # pixels (odd), within which an edge rises
_STEEP = 0.5  # of the ink's contrast, is an edge
_UNSURE = 0.15  # of the outline; a smaller difference decides nothing
_NEAR, _MOSTLY = 0.25, 0.75  # of the contrast, from the usual brightness; share so near
_FEW_LINES = 2  # more are printed on the paper


class Candidate(Protocol):
    """A digit that was found for one kind of ink; attributes as `segmentation.Find`."""

    @property
    def mask(self) -> Mask: ...  # noqa: D102 - see the class
    @property
    def strength(self) -> float: ...  # noqa: D102
    @property
    def edges(self) -> float: ...  # noqa: D102
    @property
    def lines(self) -> int: ...  # noqa: D102


def dark_is_right(dark: Candidate, light: Candidate, gray: FloatArray, where: Mask | None) -> bool:
    """Choose between what was found for dark and for light ink.

    Args:
        dark, light: the finds.
        gray: (H, W) the picture in even light.
        where: (H, W) bool, the part that is paper; all of it if None.
    """
    vote = _majority(gray if where is None else gray[where])
    if vote:
        return vote > 0
    if abs(dark.lines - light.lines) > _FEW_LINES:  # they are printed dark on light
        return dark.lines > light.lines
    if abs(dark.edges - light.edges) > _UNSURE:
        return dark.edges > light.edges
    a, b = box_of(dark.mask), box_of(light.mask)
    if a != b:
        if _within(a, b):
            return False
        if _within(b, a):
            return True
    contacts = contact(dark.mask), contact(light.mask)
    if contacts[0] != contacts[1]:
        return contacts[0] < contacts[1]
    return dark.strength >= light.strength


def _majority(values: FloatArray) -> int:
    """Return 1 if most is light and the rest dark, -1 the other way round, 0 if unclear."""
    if not values.size:
        return 0
    middle = float(np.median(values))
    darker, lighter = ink_level(middle - values), ink_level(values - middle)
    near = float((np.abs(values - middle) < _NEAR * max(darker, lighter)).mean())
    if near < _MOSTLY or min(darker, lighter) > 0.6 * max(darker, lighter):
        return 0
    return 1 if darker > lighter else -1


def _within(inner: tuple[int, ...], outer: tuple[int, ...]) -> bool:
    return (
        inner[0] >= outer[0]
        and inner[1] >= outer[1]
        and inner[2] <= outer[2]
        and inner[3] <= outer[3]
    )


def edge_shares(
    pieces: NDArray[np.intp], ink: FloatArray, gray: FloatArray, *, dark: bool
) -> FloatArray:
    """Return for each piece the share of its outline at which the picture has an edge.

    Args:
        pieces: (H, W) numbers of the pieces, 0 beside them.
        ink: (H, W) strength of the ink, as `ground` gives it.
        gray: (H, W) the picture.
        dark: True if `ink` is for dark ink.

    Returns:
        (P + 1,) for the numbers 0 to P; 0 for those that have no pixel.
    """
    count = int(pieces.max(initial=0)) + 1
    levels = Image.fromarray((gray * 255).clip(0, 255).astype(np.uint8))
    high = np.asarray(levels.filter(ImageFilter.MaxFilter(_EDGE)), np.float32) / 255
    low = np.asarray(levels.filter(ImageFilter.MinFilter(_EDGE)), np.float32) / 255
    # What the strength of the ink means in gray: the inverse of `core.imaging.photos.ground.share`.
    sign = 1 if dark else -1
    contrast = ink * (gray + LIGHTLESS) / np.maximum(1 - sign * ink, 0.05)
    sizes = np.maximum(np.bincount(pieces.ravel(), minlength=count), 1)
    usual = np.bincount(pieces.ravel(), contrast.ravel(), count) / sizes
    edge = outline(pieces > 0)
    owners = pieces[edge]
    steep = (high - low)[edge] > _STEEP * usual[owners]
    lengths = np.bincount(owners, minlength=count)
    found: FloatArray = np.bincount(owners, steep, count) / np.maximum(lengths, 1)
    return found
