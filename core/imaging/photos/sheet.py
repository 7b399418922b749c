"""A sheet of paper lying on something: where it is in a photograph.

A sheet is a large, nearly rectangular region that is lighter or darker than what is around
it, and that holds little besides its own colour. A fat zero is round; a fat one has nothing
written in it, so whoever finds the sheet blank takes the whole picture instead.
"""

import numpy as np

from core.base.arrays import FloatArray
from core.imaging.photos.gray_levels import otsu, resized
from core.imaging.photos.masks import Mask, fitted
from core.imaging.photos.pieces import number_pieces

_SIDE = 160  # pixels, the longer side of the copy in which sheets are looked for
_LEAST_AREA, _MOST_AREA = 0.15, 0.97  # of the picture
_MOST_CONTACT = 0.55  # of the picture's edge that the sheet reaches
_LEAST_STEP = 0.08  # of white, between the sheet and what is around it
_MOST_ALIKE = 0.15  # of what is just beyond its edges may be like the sheet
_SOLID = 0.65  # of the sheet is paper; the rest may be ink
_RECTANGULAR = 0.83  # of the narrowest rectangle around it; of a circle's, 0.79
_TURNS = np.radians(np.arange(0, 90, 2.0))
_MARGIN = 0.02  # of the longer side, left out along the edge of the sheet


def find_sheet(gray: FloatArray) -> Mask | None:
    """Find a sheet of paper that does not fill its picture.

    Args:
        gray: (H, W) float32, 0 black to 1 white.

    Returns:
        (H, W) bool, True on the sheet but for its edges; None if there is no such sheet.
    """
    small = resized(gray, min(1.0, _SIDE / max(gray.shape)))
    if min(small.shape) < 16:
        return None
    low, high = float(small.min()), float(small.max())
    if high - low < _LEAST_STEP:
        return None
    light = small > low + (high - low) * otsu((small - low) / (high - low))
    for region in (light, ~light):
        sheet = _sheet(region)
        if sheet is not None and _stands_out(small, sheet, region):
            margin = max(2, round(_MARGIN * max(sheet.shape)))
            return fitted(_narrowed(sheet, margin), gray.shape)
    return None


def _sheet(region: Mask) -> Mask | None:
    """Return the largest piece of a region, its holes filled, if it is like a sheet."""
    pieces = number_pieces(region)
    sizes = np.bincount(pieces.ravel())
    sizes[0] = 0
    piece = pieces == int(sizes.argmax())
    holes = number_pieces(~piece)
    outer = np.unique(np.concatenate([holes[0], holes[-1], holes[:, 0], holes[:, -1]]))
    filled = ~np.isin(holes, outer[outer > 0])
    area = np.count_nonzero(filled)
    if not _LEAST_AREA * region.size <= area <= _MOST_AREA * region.size:
        return None
    sides = filled[0], filled[-1], filled[:, 0], filled[:, -1]
    if any(side.all() for side in sides):  # half of the picture: a shadow, or a table's edge
        return None
    if np.concatenate(sides).mean() > _MOST_CONTACT or np.count_nonzero(piece) < _SOLID * area:
        return None
    return filled if area >= _RECTANGULAR * _least_rectangle(filled) else None


def _least_rectangle(mask: Mask) -> float:
    """Return the area in pixels of the smallest rectangle around a mask, however turned."""
    rows = np.flatnonzero(mask.any(axis=1))
    first = mask.argmax(axis=1)[rows]
    last = mask.shape[1] - mask[:, ::-1].argmax(axis=1)[rows]
    x, y = (
        np.concatenate([first, last, first, last]),
        np.concatenate([rows, rows, rows + 1, rows + 1]),
    )
    along = np.outer(np.cos(_TURNS), x) + np.outer(np.sin(_TURNS), y)
    across = np.outer(np.cos(_TURNS), y) - np.outer(np.sin(_TURNS), x)
    return float((np.ptp(along, axis=1) * np.ptp(across, axis=1)).min())


def _stands_out(small: FloatArray, sheet: Mask, region: Mask) -> bool:
    """Tell whether a sheet ends sharply: not as light does, and not at a ruled line."""
    inner = _narrowed(sheet, 2) & ~_narrowed(sheet, 5)
    outer = _narrowed(~sheet, 2) & ~_narrowed(~sheet, 5)
    if not inner.any() or not outer.any():
        return False
    step = abs(float(np.median(small[inner]) - np.median(small[outer])))
    whole = abs(float(np.median(small[sheet]) - np.median(small[~sheet])))
    alike = np.count_nonzero(region & outer) / np.count_nonzero(outer)
    return bool(step >= max(_LEAST_STEP, 0.6 * whole) and alike <= _MOST_ALIKE)


def _narrowed(sheet: Mask, margin: int) -> Mask:
    """Take a margin off; at the picture's own edge there is none."""
    for _ in range(margin):
        page = np.pad(sheet, 1, mode="edge")
        sheet = page[:-2, 1:-1] & page[2:, 1:-1] & page[1:-1, :-2] & page[1:-1, 2:] & sheet
    return sheet
