"""Drawings that are no digits: what a network is shown to learn what strangeness looks like.

Lines through random points, zigzags, rings, polygons, walks, painted with the brush of the
generated digits; and pictures pieced together from two images of different classes. Some
happen to look like a digit, which does no harm: nobody is told that they never do.
"""

from itertools import product

import numpy as np

from core.base.arrays import ByteArray, FloatArray, LabelArray
from core.imaging.framing import SIDE
from core.imaging.ink import paint
from core.imaging.synthesis.spline import SPLINE

_POSITIONS = 64  # of the pen, per drawing
_LIFTED = 0.3  # the share of lines that is left out, in every second kind of drawing
_PEN = (0.03, 0.09)  # half the pen's width, of the drawing's size
# How many points a drawing of each kind goes through.
_POINTS = {
    "free": (3, 4, 5, 6, 8, 12),
    "grid": (3, 4, 5, 6, 8, 10),
    "walk": (8, 16, 30),
    "zigzag": (4, 6, 9, 13),
    "ring": (8, 14, 24),
    "polygon": (5, 6),
}


def scribbles(rng: np.random.Generator, count: int, shape: tuple[int, int]) -> ByteArray:
    """Make `count` drawings (N, H, W) uint8 of all kinds, in random order."""
    kinds = [
        (kind, points, curved, lifted)
        for kind in _POINTS
        for points, curved, lifted in product(_POINTS[kind], (False, True), (0.0, _LIFTED))
        if kind != "polygon" or not (curved or lifted)
    ]
    chosen = np.bincount(rng.integers(0, len(kinds), count), minlength=len(kinds))
    made = [_drawn(rng, int(n), *kind) for n, kind in zip(chosen, kinds, strict=True) if n]
    images = np.concatenate(made) if made else np.zeros((0, SIDE, SIDE), np.uint8)
    return resized(images[rng.permutation(count)], shape)


def pieced(
    rng: np.random.Generator, images: ByteArray, labels: LabelArray, count: int
) -> ByteArray:
    """Piece about `count` pictures together, each from two images of different classes.

    Args:
        rng: decides which.
        images: (N, H, W) uint8.
        labels: (N,) their classes.
        count: pairs to try; those of one class are left out.

    Returns:
        (M, H, W) uint8: one image over the other, or half of each.
    """
    one, other = rng.integers(0, len(images), (2, count))
    unlike = labels[one] != labels[other]
    first, second = images[one[unlike]], images[other[unlike]]
    height, width = images.shape[1:]
    way = np.arange(len(first)) % 3
    made: ByteArray = np.where((way == 0)[:, None, None], np.maximum(first, second), first)
    made[way == 1, height // 2 :] = second[way == 1, height // 2 :]
    made[way == 2, :, width // 2 :] = second[way == 2][:, :, width // 2 :]
    return made


def resized(images: ByteArray, shape: tuple[int, int]) -> ByteArray:
    """Fit square images (N, S, S) uint8 into the middle of (N, H, W), without distortion."""
    if images.shape[1:] == shape:
        return images
    side = min(shape)
    weights = _averaging(images.shape[1], side)
    small = np.rint(weights @ images.astype(np.float32) @ weights.T)
    made = np.zeros((len(images), *shape), np.uint8)
    top, left = (shape[0] - side) // 2, (shape[1] - side) // 2
    made[:, top : top + side, left : left + side] = small
    return made


def _averaging(old: int, new: int) -> FloatArray:
    """Return weights (new, old) that blend old pixels linearly, or average what is merged."""
    reach = max(1.0, old / new)
    centres = (np.arange(new) + 0.5) * old / new - 0.5
    weights = np.maximum(1 - np.abs(np.arange(old) - centres[:, None]) / reach, 0)
    weights /= weights.sum(axis=1, keepdims=True)
    return weights.astype(np.float32)


def _drawn(
    rng: np.random.Generator, count: int, kind: str, points: int, curved: bool, lifted: float
) -> ByteArray:
    """Paint drawings of one kind, (N, 28, 28)."""
    path, piece = _path(points, curved)
    places = path @ _PLACES[kind](rng, count, points)
    up = rng.random((count, points - 1)) < lifted
    up &= ~up.all(axis=1, keepdims=True)
    pressure = (~up)[:, piece].astype(np.float32)
    size = np.ptp(places, axis=1).max(axis=1, keepdims=True)
    radius = rng.uniform(*_PEN, (count, 1)) * size
    x, y = places.transpose(2, 0, 1).astype(np.float32)
    return paint(x, y, pressure, radius.astype(np.float32))


def _path(points: int, curved: bool) -> tuple[FloatArray, FloatArray]:
    """Return weights (64, points) of the points along the path, and the piece of each step."""
    where = np.linspace(0, points - 1, _POSITIONS)
    piece = np.minimum(where.astype(np.intp), points - 2)
    along, rows = where - piece, np.arange(_POSITIONS)
    weights = np.zeros((_POSITIONS, points))
    if curved:
        shares = np.stack([along**0, along, along**2, along**3], axis=1) @ SPLINE
        for offset in range(4):
            weights[rows, np.clip(piece - 1 + offset, 0, points - 1)] += shares[:, offset]
    else:
        weights[rows, piece], weights[rows, piece + 1] = 1 - along, along
    return weights, piece[:-1]


def _free(rng: np.random.Generator, count: int, points: int) -> FloatArray:
    return rng.uniform(0, 10, (count, points, 2))


def _grid(rng: np.random.Generator, count: int, points: int) -> FloatArray:
    corners = rng.integers(0, 3, (count, points, 2)) * 5.0
    return corners + rng.normal(0, 0.6, (count, points, 2))


def _walk(rng: np.random.Generator, count: int, points: int) -> FloatArray:
    turns = rng.normal(0, 1, (count, points)) * rng.uniform(0.5, 1.8, (count, 1))
    heading = np.cumsum(turns, axis=1)
    steps = np.stack([np.cos(heading), np.sin(heading)], axis=2)
    walked: FloatArray = np.cumsum(steps * rng.uniform(1, 3, (count, points, 1)), axis=1)
    return walked


def _zigzag(rng: np.random.Generator, count: int, points: int) -> FloatArray:
    number = np.arange(points)
    along = number * rng.uniform(0.5, 2.5, (count, 1))
    across = number % 2 * rng.uniform(3, 8, (count, 1)) + rng.normal(0, 0.7, (count, points))
    places = np.stack([along, across], axis=2)
    upright = rng.random(count) < 0.5
    places[upright] = places[upright][:, :, ::-1]
    return places


def _ring(rng: np.random.Generator, count: int, points: int) -> FloatArray:
    start, turn = rng.uniform(0, 6.3, (count, 1)), rng.uniform(0.6, 1.5, (count, 1))
    angle = start + turn * np.arange(points)
    shrink = 1 - rng.uniform(0, 0.9, (count, 1)) * np.linspace(0, 1, points)
    radius = 5 * shrink + rng.normal(0, 0.5, (count, points))
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=2)


def _polygon(rng: np.random.Generator, count: int, points: int) -> FloatArray:
    corners = rng.integers(3, 6, (count, 1))
    angle = np.arange(points) % corners * 2 * np.pi / corners + rng.uniform(0, 6.3, (count, 1))
    round_ones = np.stack([np.cos(angle), np.sin(angle)], axis=2)
    return 5 * round_ones * rng.uniform(0.6, 1.4, (count, 1, 2))


_PLACES = {
    "free": _free,
    "grid": _grid,
    "walk": _walk,
    "zigzag": _zigzag,
    "ring": _ring,
    "polygon": _polygon,
}
