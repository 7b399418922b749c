"""Pen strokes become pictures: a soft brush along the pen's path, framed as in MNIST.

The brush is a Gaussian, which falls apart into a factor for the columns and one for the
rows; so the ink of a whole path is one small matrix product, with no loop over pixels.
"""

import math
from collections.abc import Sequence

import numpy as np

from core.arrays import ByteArray, FloatArray
from core.framing import BOX, SIDE, centred

_PIXELS = np.arange(SIDE, dtype=np.float32) - np.float32((SIDE - 1) / 2)
# Python floats: NumPy's own scalars are float64 and would widen every float32 array.
_ROOT_8_PI, _ROOT_2_PI, _ROOT_HALF = math.sqrt(8 * math.pi), math.sqrt(2 * math.pi), math.sqrt(0.5)
_STEP = 0.3  # pixels between two prints of the brush; its narrowest has sigma 0.48
_MOST_STEPS = 1 << 15  # per drawing: 10,000 pixels of line, far more than blackens it all
_THINNEST = 0.6  # pixels, the smallest pen radius that generated digits have
# Far from the pen the ink is e**-35 and no less: products of such numbers are still normal
# float32, and arithmetic with denormal ones is up to fifty times as slow.
_FAINTEST = np.float32(-35)
_LIGHTEST = 0.35  # the share of its width a pen keeps at no pressure; as on the canvas


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
    thin to be read is widened, and the darkest ink becomes 255.

    Args:
        strokes: arrays (n, 2) of x (right) and y (down) in any unit, or (n, 3) with the
            pressure 0..1, which widens the line. A stroke of one point is a dot.
        radius: half the pen's width in that unit, more than 0.

    Returns:
        (28, 28) uint8, framed as MNIST does; all zero if there is no point.
    """
    paths = [_complete(stroke) for stroke in strokes if len(stroke)]
    paths = [path for path in paths if len(path)]
    if not paths:
        return np.zeros((SIDE, SIDE), np.uint8)
    paths, scale = _fitted(paths, radius)
    spacing = max(_STEP, sum(_length(path) for path in paths) / _MOST_STEPS)
    prints = np.concatenate([_prints(path, spacing, radius * scale) for path in paths])
    x, y, lengths, radii = prints.astype(np.float32).T[:, None]
    ink = np.minimum(_brush(x, y, lengths, radii), 1)
    framed: ByteArray = centred(ink / max(float(ink.max()), 1e-6))[0]
    return framed


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


def _fitted(paths: list[FloatArray], radius: float) -> tuple[list[FloatArray], float]:
    """Scale to pixels, around the picture's middle, so that the ink fills its box.

    Returns the paths, and pixels per unit.
    """
    places = np.concatenate(paths)[:, :2]
    low, high = places.min(axis=0), places.max(axis=0)
    extent = float((high - low).max())
    scale = BOX / (extent + 2 * radius)
    if radius * scale < _THINNEST:
        scale = (BOX - 2 * _THINNEST) / extent
    middle = np.append((low + high) / 2, 0.0)
    return [(path - middle) * [scale, scale, 1.0] for path in paths], scale


def _length(path: FloatArray) -> float:
    return float(np.hypot(*np.diff(path[:, :2], axis=0).T).sum())


def _prints(path: FloatArray, spacing: float, radius: float) -> FloatArray:
    """Return x, y, length and pen radius (n, 4) of the prints of the brush along one path."""
    steps = np.hypot(*np.diff(path[:, :2], axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    count = max(1, math.ceil(along[-1] / spacing))
    places = (np.arange(count) + 0.5) * (along[-1] / count)
    x, y, pressure = (np.interp(places, along, path[:, k]) for k in range(3))
    radii = np.maximum(radius * (_LIGHTEST + (1 - _LIGHTEST) * pressure), _THINNEST)
    # A dot leaves as much ink as the piece of line that fits under the brush.
    dot = _ROOT_2_PI * (0.48 + 0.15 * radii)
    lengths = np.maximum(along[-1], dot) / count
    return np.stack([x, y, lengths, radii], axis=1)
