"""Distorting images a little, so that training sees each one in many forms."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from core.arrays import ByteArray, FloatArray
from core.config import check_limits, real

_BLOCK = 256  # images worked on at a time: their arrays stay in the cache
_REACH = 3.0  # standard deviations of the smoothing between two knots of the elastic field


@dataclass(frozen=True, slots=True)
class Augmentation:
    """How far images are distorted. All 0: not at all.

    Shift, rotation, scale and shear are drawn evenly from -x to x for each image; the
    elastic field is smoothed noise.

    Source of the elastic field: Simard et al. 2003, ICDAR, section 2.
    """

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
    def active(self) -> bool:
        """Tell whether anything is done to the images."""
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
    for start in range(0, len(images), _BLOCK):
        block = images[start : start + _BLOCK]
        values = block.astype(np.float32)
        if augmentation.warps:
            values = _sample(block, shape, *_sources(len(block), shape, augmentation, rng))
        if augmentation.noise:
            sigma = np.float32(255 * augmentation.noise)
            values += sigma * rng.standard_normal(values.shape, dtype=np.float32)
        np.rint(values, out=values)
        np.clip(values, 0, 255, out=values)
        found[start : start + _BLOCK] = values
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
    # (rows, columns, 1) of the target times this gives those of the source: the target is
    # shifted back, then turned and scaled back, then sheared back.
    to_row = np.stack([cos, -sin, sin * right - cos * down], axis=1).astype(np.float32)
    to_column = np.stack(
        [sin + tan * cos, cos - tan * sin, -(sin + tan * cos) * down - (cos - tan * sin) * right],
        axis=1,
    ).astype(np.float32)
    grid = _grid(shape)
    rows, columns = to_row @ grid, to_column @ grid
    if augmentation.elastic:
        waves = _waves(shape, augmentation.smoothness)
        strength = np.float32(augmentation.elastic)
        for each in (rows, columns):
            each += strength * (rng.standard_normal((count, len(waves)), dtype=np.float32) @ waves)
    return rows, columns


@cache
def _grid(shape: tuple[int, int]) -> FloatArray:
    """Return row and column of each pixel from the centre, and 1: (3, H * W)."""
    height, width = shape
    rows, columns = np.mgrid[:height, :width].reshape(2, -1)
    ones = np.ones(height * width)
    return np.stack([rows - (height - 1) / 2, columns - (width - 1) / 2, ones]).astype(np.float32)


@cache
def _waves(shape: tuple[int, int], sigma: float) -> FloatArray:
    """Return (knots, H * W) by which noise at coarse knots becomes a smooth field.

    Each pixel's value is a Gaussian-weighted sum of noise at knots `sigma` apart, scaled
    to variance 1: what filtering noise at every pixel gives, in a fiftieth of the time.
    """
    height, width = shape

    def line(length: int) -> FloatArray:
        knots = np.arange(-_REACH * sigma, length + _REACH * sigma, sigma)
        weights: FloatArray = np.exp(-0.5 * ((np.arange(length) - knots[:, None]) / sigma) ** 2)
        weights /= np.sqrt((weights**2).sum(axis=0))
        return weights

    down, across = line(height), line(width)
    field = np.einsum("ki,lj->klij", down, across)
    waves: FloatArray = field.reshape(len(down) * len(across), -1).astype(np.float32)
    return waves


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
