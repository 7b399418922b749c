"""Pen strokes become pictures: a soft brush along the pen's path, framed as in MNIST.

The brush is a Gaussian, which falls apart into a factor for the columns and one for the
rows; so the ink of a whole path is one small matrix product, with no loop over pixels.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from core.base.arrays import ByteArray, FloatArray
from core.imaging.framing import BOX, SIDE, centred

_PIXELS = np.arange(SIDE, dtype=np.float32) - np.float32((SIDE - 1) / 2)
# Python floats: NumPy's own scalars are float64 and would widen every float32 array.
_ROOT_8_PI, _ROOT_2_PI, _ROOT_HALF = math.sqrt(8 * math.pi), math.sqrt(2 * math.pi), math.sqrt(0.5)
STEP = 0.3  # pixels between two prints of the brush; its narrowest has sigma 0.48
_MOST_STEPS = 1 << 15  # per drawing: 10,000 pixels of line, far more than blackens it all
THINNEST = 0.6  # pixels, the smallest pen radius that generated digits have
# Far from the pen the ink is e**-35 and no less: products of such numbers are still normal
# float32, and arithmetic with denormal ones is up to fifty times as slow.
_FAINTEST = np.float32(-35)
PAPER_SIDE = 280.0  # units along an edge of the square that is drawn on: ten to a pixel
LIGHTEST = 0.35  # the share of its width a pen keeps at no pressure


def paint(x: FloatArray, y: FloatArray, pressure: FloatArray, radius: FloatArray) -> ByteArray:
    """Paint N digits that were written with V pen positions each.

    Args:
        x, y: (N, V) float32 pen positions, right and down, in any unit.
        pressure: (N, V - 1) float32, how dark the ink is between them; 0 is a lifted pen.
        radius: (N, 1) float32, half the pen's width in the same unit.

    Returns:
        (N, 28, 28) uint8, framed as MNIST does.
    """
    left, right = x.min(axis=1, keepdims=True), x.max(axis=1, keepdims=True)
    top, bottom = y.min(axis=1, keepdims=True), y.max(axis=1, keepdims=True)
    scale = BOX / (np.maximum(right - left, bottom - top) + 2 * radius)
    x, y = (x - (left + right) / 2) * scale, (y - (top + bottom) / 2) * scale
    lengths = pressure * np.hypot(np.diff(x), np.diff(y))
    ink = _brush((x[:, 1:] + x[:, :-1]) / 2, (y[:, 1:] + y[:, :-1]) / 2, lengths, radius * scale)
    return centred(np.minimum(ink, 1))


def draw(strokes: Sequence[FloatArray], radius: float) -> ByteArray:
    """Paint one digit that was drawn by hand.

    Where and how large it was drawn makes no difference. A pen that would come out too
    thin to be read is widened, and the darkest ink becomes 255. `core.imaging.lens.lens` shows the
    same way step by step.

    Args:
        strokes: arrays (n, 2) of x (right) and y (down) in any unit, or (n, 3) with the
            pressure 0..1, which widens the line. A stroke of one point is a dot.
        radius: half the pen's width in that unit, more than 0.

    Returns:
        (28, 28) uint8, framed as MNIST does; all zero if there is no point.
    """
    paths = clean(strokes)
    if not paths:
        return np.zeros((SIDE, SIDE), np.uint8)
    low, high = box_of(paths)
    middle, extent = (low + high) / 2, np.max(high - low)
    scale = fitting_scale(extent, radius, widen=True)
    brushed = prints(paths, float(scale))
    x, y = ((brushed.places - middle) * scale).T[:, None]
    painted = ink(brushed, x, y, scale, radius * scale, THINNEST)
    framed: ByteArray = centred(stretched(painted))[0]
    return framed


@dataclass(frozen=True, slots=True, eq=False)
class Prints:
    """Where the brush is printed along the strokes of a drawing, V times in all.

    Attributes:
        places: (V, 2) x and y, in the unit of the drawing.
        share: (V,) how much of its width the pen has there, by its pressure.
        length: (V,) length of the whole stroke that the print belongs to, in that unit.
        count: (V,) number of prints of that stroke.
    """

    places: FloatArray
    share: FloatArray
    length: FloatArray
    count: FloatArray


def prints(paths: Sequence[FloatArray], scale: float) -> Prints:
    """Return the prints of the brush along `paths` (from `clean`, at least one).

    `scale` is in pixels per unit: it decides how close the prints must lie.
    """
    spacing = max(STEP / scale, sum(_length(path) for path in paths) / _MOST_STEPS)
    rows = np.concatenate([_along(path, spacing) for path in paths])
    return Prints(rows[:, :2], *rows[:, 2:].T)


def ink(
    brushed: Prints,
    x: FloatArray,
    y: FloatArray,
    scale: ArrayLike,
    radius: ArrayLike,
    least: ArrayLike,
) -> FloatArray:
    """Paint one drawing N times.

    Args:
        brushed: V prints of the drawing.
        x, y: (N, V) where they come to lie, in pixels from the picture's middle.
        scale: (N, 1) or a number, pixels per unit of the drawing.
        radius: (N, 1) or a number, half the pen's width in pixels.
        least: (N, 1) or a number, pixels; a narrower pen is widened to this radius.

    Returns:
        (N, 28, 28) float32 from 0 (paper) to 1 (ink).
    """
    radii = np.maximum(np.multiply(radius, brushed.share), least)
    # A dot leaves as much ink as the piece of line that fits under the brush.
    dot = _ROOT_2_PI * (0.48 + 0.15 * radii)
    lengths = np.maximum(np.multiply(scale, brushed.length), dot) / brushed.count
    x, y, lengths, radii = np.broadcast_arrays(
        *(np.float32(part) for part in (x, y, lengths, radii))
    )
    painted: FloatArray = np.minimum(_brush(x, y, lengths, radii), 1)
    return painted


def fitting_scale(extent: ArrayLike, radius: ArrayLike, *, widen: bool) -> FloatArray:
    """Return the pixels per unit at which ink fills its box of 20 pixels.

    Args:
        extent: (...) the longer side of the box around the pen's positions, in any unit.
        radius: (...) half the pen's width in that unit, more than 0.
        widen: leave room for a pen that is widened because it came out too thin.
    """
    sides, radii = np.asarray(extent, np.float64), np.asarray(radius, np.float64)
    scale: FloatArray = BOX / (sides + 2 * radii)
    if widen:
        thin = (BOX - 2 * THINNEST) / np.maximum(sides, 1e-300)
        scale = np.where(radii * scale < THINNEST, thin, scale)
    return scale


def box_of(paths: Sequence[FloatArray]) -> tuple[FloatArray, FloatArray]:
    """Return the least and the greatest x and y, (2,) each, of the pen's positions."""
    places = np.concatenate(paths)[:, :2]
    return places.min(axis=0), places.max(axis=0)


def stretched(painted: FloatArray) -> FloatArray:
    """Return pictures (N, 28, 28) whose darkest ink is 1; blank ones stay so."""
    darkest = painted.max(axis=(1, 2), keepdims=True)
    even: FloatArray = painted / np.maximum(darkest, np.float32(1e-6))
    return even


def clean(strokes: Sequence[FloatArray]) -> list[FloatArray]:
    """Return `strokes` as float64 (n, 3), with pressure 0..1, finite, none of them empty."""
    paths = [_complete(stroke) for stroke in strokes if len(stroke)]
    return [path for path in paths if len(path)]


def _brush(x: FloatArray, y: FloatArray, lengths: FloatArray, radius: FloatArray) -> FloatArray:
    """Sum Gaussians at (x, y), each standing for a piece of line of the given length.

    All arguments are in pixels from the picture's middle: (N, V), `radius` (N, 1) or
    (N, V). Returns the ink (N, 28, 28), not bounded by 1.
    """
    sigma = 0.48 + 0.15 * radius
    # So high that on a long line the ink is 1/2 at the pen's radius.
    height = np.exp((radius / sigma) ** 2 / 2) / (_ROOT_8_PI * sigma)
    shrink = (_ROOT_HALF / sigma)[..., None]
    across = _gaussian(shrink * (_PIXELS - x[..., None]))
    down = _gaussian(shrink * (_PIXELS - y[..., None]))
    down *= (lengths * height)[..., None]
    ink: FloatArray = down.transpose(0, 2, 1) @ across
    return ink


def _gaussian(offset: FloatArray) -> FloatArray:
    """Turn `offset` into exp(-offset**2), in place."""
    np.square(offset, out=offset)
    np.negative(offset, out=offset)
    np.maximum(offset, _FAINTEST, out=offset)
    return np.exp(offset, out=offset)


def _complete(stroke: FloatArray) -> FloatArray:
    """Return `stroke` as float64 (n, 3), with pressure 0..1 and finite points only."""
    points = np.ones((len(stroke), 3))
    points[:, : np.shape(stroke)[1]] = stroke
    points[:, 2] = points[:, 2].clip(0, 1)
    return points[np.isfinite(points).all(axis=1)]


def _length(path: FloatArray) -> float:
    return float(np.hypot(*np.diff(path[:, :2], axis=0).T).sum())


def _along(path: FloatArray, spacing: float) -> FloatArray:
    """Return x, y, share of the width, length and count (n, 5) of the prints along one path."""
    steps = np.hypot(*np.diff(path[:, :2], axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    count = max(1, math.ceil(along[-1] / spacing))
    places = (np.arange(count) + 0.5) * (along[-1] / count)
    x, y, pressure = (np.interp(places, along, path[:, k]) for k in range(3))
    share = LIGHTEST + (1 - LIGHTEST) * pressure
    return np.stack([x, y, share, np.full(count, along[-1]), np.full(count, count)], axis=1)
