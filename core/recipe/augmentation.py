"""Distorting images a little, so that training sees each one in many forms."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from core.base.arrays import ByteArray, FloatArray
from core.base.fields import check_limits, choice, real

_BLOCK = 256  # images worked on at a time: their arrays stay in the cache
_BLOCK_PIXELS = 256 * 784  # fewer at a time of larger images, so that memory stays bounded
_REACH = 3.0  # standard deviations of the smoothing that knots lie beyond the image's edges
_FARTHEST = 6.0  # standard deviations beyond which a knot does not count


@dataclass(frozen=True, slots=True)
class Augmentation:
    """Whether images are written anew, and how far they are distorted. All 0: not at all.

    Shift, rotation, scale and shear are drawn evenly from -x to x for each image; the
    elastic field is smoothed noise.

    Source of the elastic field: Simard et al. 2003, ICDAR, section 2.
    """

    images: str = choice(
        "Images",
        default="kept",
        choices=(("kept", "The same in every epoch"), ("fresh", "Written anew for every epoch")),
        help="Built-in handwriting only: writes every digit again for each epoch, in the"
        " background, so that no image is ever seen twice.",
    )
    shift: float = real(
        "Shift",
        default=0.0,
        low=0.0,
        high=8.0,
        step=0.5,
        unit=" px",
        help="How far images are shifted, up to so many pixels each way. 0 switches it off.",
    )
    rotation: float = real(
        "Rotation",
        default=0.0,
        low=0.0,
        high=45.0,
        step=1.0,
        unit="°",
        help="How far images are turned, up to so many degrees each way. 0 switches it off.",
    )
    scale: float = real(
        "Scale",
        default=0.0,
        low=0.0,
        high=0.5,
        step=0.05,
        help="How much larger or smaller images become: 0.1 is up to a tenth. 0 switches it off.",
    )
    shear: float = real(
        "Shear",
        default=0.0,
        low=0.0,
        high=45.0,
        step=1.0,
        unit="°",
        help="How far images are slanted, up to so many degrees each way. 0 switches it off.",
    )
    elastic: float = real(
        "Elastic",
        default=0.0,
        low=0.0,
        high=5.0,
        step=0.1,
        unit=" px",
        help="How far smooth waves bend the strokes: their standard deviation in pixels."
        " About 1 looks like another hand. 0 switches it off.",
    )
    smoothness: float = real(
        "Smoothness",
        default=4.0,
        low=2.0,
        high=20.0,
        step=0.5,
        unit=" px",
        help="How wide the elastic waves are, in pixels.",
    )
    noise: float = real(
        "Noise",
        default=0.0,
        low=0.0,
        high=0.5,
        step=0.01,
        help="Random grain on every pixel: its standard deviation as a share of full ink."
        " 0 switches it off.",
    )

    def __post_init__(self) -> None:
        check_limits(self)

    @property
    def warps(self) -> bool:
        """Tell whether pixels are moved."""
        return any((self.shift, self.rotation, self.scale, self.shear, self.elastic))

    @property
    def fresh(self) -> bool:
        """Tell whether images are written anew for every epoch, where their data can do so."""
        return self.images == "fresh"

    @property
    def distorts(self) -> bool:
        """Tell whether anything is done to the images there are."""
        return self.warps or self.noise > 0


def distort(
    images: ByteArray, shape: tuple[int, int], augmentation: Augmentation, rng: np.random.Generator
) -> ByteArray:
    """Return distorted copies of images.

    Args:
        images: (N, H * W) uint8.
        shape: (H, W).
        augmentation: how far.
        rng: decides how each image is distorted.

    Returns:
        (N, H * W) uint8. What comes from outside an image is paper (0).
    """
    found = np.empty_like(images)
    step = max(1, min(_BLOCK, _BLOCK_PIXELS // images.shape[1]))
    for start in range(0, len(images), step):
        block = images[start : start + step]
        values = block.astype(np.float32)
        if augmentation.warps:
            values = _sample(block, shape, *_sources(len(block), shape, augmentation, rng))
        if augmentation.noise:
            sigma = np.float32(255 * augmentation.noise)
            values += sigma * rng.standard_normal(values.shape, dtype=np.float32)
        np.rint(values, out=values)
        np.clip(values, 0, 255, out=values)
        found[start : start + step] = values
    return found


def _sources(
    count: int, shape: tuple[int, int], augmentation: Augmentation, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Return where each pixel comes from: rows and columns (N, H * W), from the centre."""

    def evenly(reach: float) -> FloatArray:
        drawn: FloatArray = rng.uniform(-reach, reach, count)
        return drawn

    angle, slant = np.radians(evenly(augmentation.rotation)), evenly(augmentation.shear)
    size = 1 / (1 + evenly(augmentation.scale))
    down, right = evenly(augmentation.shift), evenly(augmentation.shift)
    cos, sin, tan = size * np.cos(angle), size * np.sin(angle), np.tan(np.radians(slant))
    height, width = shape
    # The target is shifted back, then turned and scaled back, then sheared back.
    downward = (np.arange(height) - (height - 1) / 2) - down[:, None]
    rightward = (np.arange(width) - (width - 1) / 2) - right[:, None]
    rows = _sums(cos, downward, -sin, rightward)
    columns = _sums(sin + tan * cos, downward, cos - tan * sin, rightward)
    if augmentation.elastic:
        for each in (rows, columns):
            each += _waves(count, shape, augmentation, rng)
    return rows.reshape(count, -1), columns.reshape(count, -1)


def _sums(
    by_row: FloatArray, downward: FloatArray, by_column: FloatArray, rightward: FloatArray
) -> FloatArray:
    """Return by_row * downward + by_column * rightward for each image and pixel: (N, H, W)."""
    of_rows = (by_row[:, None] * downward).astype(np.float32)
    of_columns = (by_column[:, None] * rightward).astype(np.float32)
    sums: FloatArray = of_rows[:, :, None] + of_columns[:, None, :]
    return sums


def _waves(
    count: int, shape: tuple[int, int], augmentation: Augmentation, rng: np.random.Generator
) -> FloatArray:
    """Return smooth random fields (N, H, W) whose standard deviation is `elastic` pixels.

    Each pixel's value is a Gaussian-weighted sum of noise at knots one standard deviation
    of the smoothing apart: what filtering noise at every pixel gives, in a fiftieth of the
    time. Rows and columns are smoothed one after the other, by small products per image.
    """
    down, across = (_line(length, augmentation.smoothness) for length in shape)
    knots = rng.standard_normal((count, len(down), len(across)), dtype=np.float32)
    knots *= np.float32(augmentation.elastic)
    waves: FloatArray = np.matmul(np.matmul(down.T, knots), across)
    return waves


@lru_cache(maxsize=8)
def _line(length: int, sigma: float) -> FloatArray:
    """Return (knots, length): the weight of each knot at each pixel, of variance 1."""
    knots = np.arange(-_REACH * sigma, length + _REACH * sigma, sigma)
    off = np.abs(np.arange(length) - knots[:, None]) / sigma
    # Cut off: products of float32 numbers near 1e-40 take a hundred times as long.
    weights = np.where(off > _FARTHEST, 0, np.exp(-0.5 * off**2))
    weights /= np.sqrt((weights**2).sum(axis=0))
    return weights.astype(np.float32)


def _sample(
    images: ByteArray, shape: tuple[int, int], rows: FloatArray, columns: FloatArray
) -> FloatArray:
    """Return the images' values (N, H * W) float32 at points between pixels, bilinearly."""
    (height, width), count = shape, len(images)
    # A frame of paper all around: every neighbour of a point can be looked up.
    framed = np.zeros((count, height + 4, width + 4), np.uint8)
    framed[:, 2:-2, 2:-2] = images.reshape(count, height, width)
    rows += np.float32((height - 1) / 2 + 2)
    columns += np.float32((width - 1) / 2 + 2)
    np.clip(rows, 0, height + 2.5, out=rows)
    np.clip(columns, 0, width + 2.5, out=columns)
    top, left = rows.astype(np.int32), columns.astype(np.int32)
    rows -= top
    columns -= left
    corner = top * np.int32(width + 4)
    corner += left
    corner += np.arange(count, dtype=np.int32)[:, None] * np.int32(framed[0].size)
    flat = framed.reshape(-1)

    def at(offset: int) -> FloatArray:
        found: FloatArray = flat[offset:].take(corner, mode="clip").astype(np.float32)
        return found

    upper = _between(at(0), at(1), columns)
    lower = _between(at(width + 4), at(width + 5), columns)
    return _between(upper, lower, rows)


def _between(first: FloatArray, second: FloatArray, share: FloatArray) -> FloatArray:
    second -= first
    second *= share
    first += second
    return first
