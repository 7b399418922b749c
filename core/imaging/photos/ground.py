"""The paper under the ink: a picture without its light, shadows and gradients.

Whatever is narrower than a window of a third of the picture is taken for ink, and all that
is wider, for paper in its light: shadows, gradients and tables are wide, strokes are not.
The ground is thus a morphological closing (for dark ink) or opening (for light ink), which
leaves edges of shadows where they are, as no smooth surface can.
"""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.base.arrays import FloatArray
from core.imaging.photos.gray_levels import resized

WIDE = 0.35  # of the picture's longer side; strokes of a fat digit cut out tightly are less wide
NARROW = 0.12  # for thin strokes, where shadows lie across a picture
LIGHTLESS = 0.15  # of white; in darker places differences are not scaled up any more
Mask: TypeAlias = NDArray[np.bool_]
_FIT = 48  # pixels, the longer side of the copy that the light is fitted to
_FITS, _LEAST_FIT = 5, 60  # times it is fitted, each time leaving out ink; pixels it needs
_CLOSE, _MOSTLY = 0.06, 0.7  # of the light; the share of pixels that must be so close to it
_Choice: TypeAlias = Callable[..., FloatArray]  # np.maximum or np.minimum
_LARGE = 96  # pixels; larger pictures are smoothed against the grain of single pixels


def evened(gray: FloatArray, where: Mask | None = None) -> FloatArray:
    """Divide by the light, where that is a smooth surface over nearly all of the picture.

    The closing follows light that rises steadily, but not where it bends at the
    edges. Pictures that are not tiny are smoothed against the grain of single pixels.
    """
    if max(gray.shape) >= _LARGE:
        gray = smoothed(gray)
    small = resized(gray, min(1.0, _FIT / max(gray.shape)))
    y, x = (np.linspace(-1, 1, side, dtype=np.float32) for side in small.shape)
    terms = _terms(y, x).reshape(-1, 6)
    values = small.reshape(-1)
    inside = np.ones(values.shape, bool)
    if where is not None:
        inside = resized(where.astype(np.float32), _FIT / max(gray.shape)).reshape(-1) > 0.99
    chosen = inside
    for _ in range(_FITS):
        if np.count_nonzero(chosen) < _LEAST_FIT:
            return gray
        # Six unknowns: the small system of normal equations is a tenth of the work.
        some = terms[chosen].astype(np.float64)
        fit = np.linalg.lstsq(some.T @ some, some.T @ values[chosen], rcond=None)[0]
        off = np.abs(values - terms @ fit)
        chosen = inside & (off <= max(2.5 * float(np.median(off[chosen])), 0.01))
    surface = terms @ fit
    usual = float(np.median(surface[chosen]))
    close = inside & (off <= _CLOSE * max(usual, 0.2))
    if np.count_nonzero(close) < _MOSTLY * np.count_nonzero(inside) or usual <= 0:
        return gray
    y, x = (np.linspace(-1, 1, side, dtype=np.float32) for side in gray.shape)
    light = (_terms(y, x) @ (fit / usual).astype(np.float32)).clip(0.2, 5)
    evened: FloatArray = gray / light
    return evened


def darkness(gray: FloatArray, where: Mask | None = None, window: float = WIDE) -> FloatArray:
    """Return by how much each pixel is darker than the paper there, as a share of its light.

    For light ink on a dark ground use `lightness`.

    Args:
        gray: (H, W) float32, 0 black to 1 white, as `evened` leaves it.
        where: (H, W) bool, the part of the picture that is paper; all of it if not said.
        window: of the picture's longer side; what is wider is paper.

    Returns:
        (H, W) float32, 0 paper and up to about 0.9 for ink; the grain of the paper lies
        around 0 and may be negative. 0 where there is no paper.
    """
    ground = _closed(gray, where, window, (np.maximum, np.minimum))
    return _levelled(share(ground - gray, ground), where)


def lightness(gray: FloatArray, where: Mask | None = None, window: float = WIDE) -> FloatArray:
    """Return by how much each pixel is lighter than its ground: see `darkness`."""
    ground = _closed(gray, where, window, (np.minimum, np.maximum))
    return _levelled(share(gray - ground, ground), where)


def share(difference: FloatArray, ground: FloatArray) -> FloatArray:
    """Return a difference as a share of the ground's light, less so where it is dark."""
    relative: FloatArray = difference / (ground + np.float32(LIGHTLESS))
    return relative


def smoothed(values: FloatArray) -> FloatArray:
    """Return (H, W) with each pixel mixed with its neighbours: 1, 2, 1 both ways."""
    padded = np.pad(values.astype(np.float32, copy=False), 1, mode="edge")
    rows = padded[:-2] + 2 * padded[1:-1] + padded[2:]
    mixed: FloatArray = (rows[:, :-2] + 2 * rows[:, 1:-1] + rows[:, 2:]) / np.float32(16)
    return mixed


def _terms(y: FloatArray, x: FloatArray) -> FloatArray:
    """Return 1, x, y, xy, x², y² for each pixel: (H, W, 6)."""
    grid_y, grid_x = np.meshgrid(y, x, indexing="ij")
    one = np.ones_like(grid_x)
    return np.stack([one, grid_x, grid_y, grid_x * grid_y, grid_x**2, grid_y**2], axis=-1)


def _levelled(strength: FloatArray, where: Mask | None) -> FloatArray:
    """Move the usual grain of the paper, which the closing put on one side of 0, to 0."""
    if where is None:
        return strength - np.float32(np.median(strength))
    on_paper = strength - np.float32(np.median(strength[where])) if where.any() else strength
    return np.where(where, on_paper, np.float32(0))


def _closed(
    values: FloatArray, where: Mask | None, window: float, choices: tuple[_Choice, _Choice]
) -> FloatArray:
    """Slide the first choice, then the second, as if there were only what is `where`."""
    first, second = choices
    reach = max(1, round(window * max(values.shape) / 2))
    if where is None:
        return _slid(_slid(values, reach, first), reach, second)
    # The largest of nothing is the least there is, and the other way round.
    least, most = np.float32(values.min()), np.float32(values.max())
    none = (least, most) if first is np.maximum else (most, least)
    wide = _slid(np.where(where, values, none[0]), reach, first)
    return _slid(np.where(where, wide, none[1]), reach, second)


def _slid(values: FloatArray, reach: int, best: _Choice) -> FloatArray:
    """Return the largest (`best` is np.maximum) or smallest value up to `reach` away."""
    for _ in range(2):
        values = np.ascontiguousarray(_slid_down(values, reach, best).T)
    return values


def _slid_down(values: FloatArray, reach: int, best: _Choice) -> FloatArray:
    """Slide along the columns: windows of 2, 4, 8, ... rows, the last two overlapping."""
    height = len(values)
    neutral = -np.inf if best is np.maximum else np.inf
    page = np.pad(values, ((reach, reach), (0, 0)), constant_values=np.float32(neutral))
    width, window = 1, 2 * reach + 1
    while 2 * width <= window:
        page = best(page[:-width], page[width:])
        width *= 2
    rest = window - width
    return best(page[:height], page[rest : rest + height])
