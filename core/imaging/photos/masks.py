"""Small sums over masks: which pixels, where, and how they lie to the edges."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Mask: TypeAlias = NDArray[np.bool_]
Box: TypeAlias = tuple[int, int, int, int]  # top, left, bottom, right; the last two beyond

_SLACK = 7  # pixels (odd), within which soft edges of ink lie


def box_of(mask: Mask) -> Box:
    """Return the box around a mask that is not empty."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1


def rim_of(values: NDArray[np.generic]) -> NDArray[np.generic]:
    """Return what lies on the edge of an array (H, W), each pixel once."""
    return np.concatenate([values[0], values[-1], values[1:-1, 0], values[1:-1, -1]])


def contact(mask: Mask) -> int:
    """Count the pixels of a mask on the picture's edge."""
    return int(np.count_nonzero(rim_of(mask)))


def widened(mask: Mask) -> Mask:
    """Return a mask with what lies close around it."""
    grown = Image.fromarray((mask * 255).astype(np.uint8)).filter(ImageFilter.MaxFilter(_SLACK))
    return np.asarray(grown) > 0


def outline(mask: Mask) -> Mask:
    """Return the pixels of a mask that have a neighbour outside it, or beyond the picture."""
    page = np.pad(mask, 1)
    inner = page[:-2, 1:-1] & page[2:, 1:-1] & page[1:-1, :-2] & page[1:-1, 2:]
    return mask & ~inner


def fitted(mask: Mask, shape: tuple[int, ...]) -> Mask:
    """Return a mask in another shape, by nearest pixels."""
    rows = np.arange(shape[0]) * mask.shape[0] // shape[0]
    columns = np.arange(shape[1]) * mask.shape[1] // shape[1]
    found: Mask = mask[np.ix_(rows, columns)]
    return found
