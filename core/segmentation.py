"""Telling ink from paper in a picture of one digit.

It is done twice. First in a small copy of the whole picture, to find where the digit is
and whether it is darker or lighter than its ground; then in the cut-out, which is brought
to one size, so that all that follows has to do with one scale only.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from core.arrays import FloatArray, Shape
from core.pieces import number_pieces

DIGIT = 160  # pixels, the longer side of a digit in the cut-out: eight to one of its frame
_COARSE = 256  # pixels, the longer side of the small copy
_LEAST_CONTRAST = 0.06  # of the range from black to white; less is an empty page
_LEAST_SIGNAL = 3.0  # times the usual step between neighbouring pixels; less is noise
_DARKEST = 12  # pixels whose least dark says how dark ink is; fewer may be dirt
_SPECK = 0.02  # of the largest piece of ink; smaller ones are dirt
_SURROUNDINGS = 0.2  # of the digit's longer side, cut out with it to see the paper
_SLACK = 7  # pixels of the small copy (odd); soft edges of ink lie that close around it


@dataclass(frozen=True, slots=True)
class _Find:
    """Where the digit is: a mask in the small copy, and if it is darker than its ground."""

    mask: NDArray[np.bool_]
    dark: bool


def find_ink(gray: FloatArray) -> FloatArray | None:
    """Return the ink of the one digit in a picture.

    Uneven light, noise, specks, and shadows or page ends along the edges are left out.

    Args:
        gray: (H, W) float32, 0 black to 1 white.

    Returns:
        (h, w) float32, 0 paper to 1 ink, the digit's longer side about 160 pixels; None
        if nothing stands out.
    """
    found = _locate(_resized(gray, min(1.0, _COARSE / max(gray.shape))))
    if found is None:
        return None
    window, side = _window(found.mask, gray.shape)
    cut = _resized(gray[window], DIGIT / side)
    difference = _paper(cut) - cut
    ink = _soft(_smoothed(difference if found.dark else -difference))
    return ink * _near(found.mask, window, gray.shape, cut.shape)


def _window(mask: NDArray[np.bool_], shape: Shape) -> tuple[tuple[slice, slice], float]:
    """Return the digit's surroundings in a picture of `shape`, and its longer side there."""
    scale = max(shape) / max(mask.shape)
    lines = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    side = max(line[-1] - line[0] + 1 for line in lines)
    margin = _SURROUNDINGS * side + 2
    rows, columns = (
        slice(
            int(max(0.0, line[0] - margin) * scale),
            min(int((line[-1] + 1 + margin) * scale) + 1, length),
        )
        for line, length in zip(lines, shape, strict=True)
    )
    return (rows, columns), float(side * scale)


def _near(
    mask: NDArray[np.bool_], window: tuple[slice, slice], shape: Shape, size: Shape
) -> NDArray[np.bool_]:
    """Cut `window` of a picture of `shape` out of its small mask, a little widened.

    Returns bool of shape `size`.
    """
    rows, columns = window
    down, across = mask.shape[0] / shape[0], mask.shape[1] / shape[1]
    box = (columns.start * across, rows.start * down, columns.stop * across, rows.stop * down)
    small = Image.fromarray((mask * 255).astype(np.uint8)).filter(ImageFilter.MaxFilter(_SLACK))
    return np.asarray(small.resize((size[1], size[0]), Image.Resampling.NEAREST, box)) > 0


def _locate(gray: FloatArray) -> _Find | None:
    """Find the digit in a small copy (H, W) of the picture."""
    difference: FloatArray = _paper(gray) - gray
    dark = _ink_level(difference) >= _ink_level(-difference)
    difference = _smoothed(difference if dark else -difference)
    strongest = _ink_level(difference)
    noise = float(np.median(np.abs(np.diff(gray, axis=1)))) if gray.shape[1] > 1 else 0.0
    if strongest < max(_LEAST_CONTRAST, _LEAST_SIGNAL * noise):
        return None
    return _Find(_of_digit(difference > _otsu(difference / strongest) * strongest), dark)


def _soft(difference: FloatArray) -> FloatArray:
    """Turn darkness into ink 0..1, with soft edges half the threshold wide on either side."""
    strongest = _ink_level(difference)
    threshold = _otsu(difference / strongest)
    ink: FloatArray = ((difference / strongest - threshold * 0.5) / threshold).clip(0, 1)
    return ink


def _ink_level(difference: FloatArray) -> float:
    rank = min(_DARKEST, difference.size)
    return max(float(np.partition(difference, -rank, axis=None)[-rank]), 1e-6)


def _resized(gray: FloatArray, scale: float) -> FloatArray:
    height, width = (max(1, round(side * scale)) for side in gray.shape)
    if (height, width) == gray.shape:
        return gray
    how = Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC
    return np.asarray(Image.fromarray(gray.astype(np.float32)).resize((width, height), how))


def _paper(gray: FloatArray) -> FloatArray:
    """Return the paper's brightness at every pixel: a smooth surface through the edge.

    A curved plane is fitted to the pixels that are about as bright as the edge, then
    again to those close to it, so that ink, which is the lesser part, drops out.
    """
    height, width = gray.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    terms = np.stack([np.ones_like(x), x, y, x * y, x * x, y * y], axis=-1).reshape(-1, 6)
    rim = max(1, min(height, width) // 12)
    inner = np.zeros(gray.shape, bool)
    inner[rim:-rim, rim:-rim] = True
    ground = np.median(gray[~inner])
    values: FloatArray = gray.reshape(-1).astype(np.float64)
    chosen = np.abs(values - ground) < 0.25 * max(float(np.ptp(gray)), 1e-6)
    surface: FloatArray = np.full(values.shape, ground)
    for _ in range(3):
        if np.count_nonzero(chosen) < 60:
            break
        # Six unknowns: the small system of normal equations is a tenth of the work.
        some = terms[chosen]
        fit = np.linalg.lstsq(some.T @ some, some.T @ values[chosen], rcond=None)[0]
        surface = terms @ fit
        off = np.abs(values - surface)
        chosen = off < max(2.5 * float(np.median(off[chosen])), 0.02)
    return surface.reshape(gray.shape).astype(np.float32)


def _smoothed(values: FloatArray) -> FloatArray:
    """Take the noise of single pixels out of all but tiny pictures."""
    if max(values.shape) < _COARSE // 2:
        return values
    levels = Image.fromarray((values.clip(0, 1) * 255).astype(np.uint8))
    blurred = np.asarray(levels.filter(ImageFilter.GaussianBlur(0.8)), np.float32)
    return blurred / np.float32(255)


def _otsu(values: FloatArray) -> float:
    """Return the threshold that parts values (0..1) best in two, but none extreme.

    Source: Otsu 1979, IEEE Transactions on Systems, Man, and Cybernetics 9:62.
    """
    counts, edges = np.histogram(values.clip(0, 1), bins=128, range=(0, 1))
    middles = (edges[1:] + edges[:-1]) / 2
    below = np.cumsum(counts)[:-1]
    above = values.size - below
    sums = np.cumsum(counts * middles)
    valid = (below > 0) & (above > 0)
    below, above, partial = below[valid], above[valid], sums[:-1][valid]
    if not below.size:
        return 0.5
    spread = below * above * (partial / below - (sums[-1] - partial) / above) ** 2
    best = float(middles[:-1][valid][int(spread.argmax())])
    return min(max(best, 0.15), 0.7)


def _of_digit(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Keep the pieces of a mask that make up the digit: no specks, no shadows at the edge."""
    pieces = number_pieces(mask)
    sizes = np.bincount(pieces.ravel())
    sizes[0] = 0
    keep = sizes >= _SPECK * sizes.max()
    keep[0] = False
    rim = np.concatenate([pieces[0], pieces[-1], pieces[1:-1, 0], pieces[1:-1, -1]])
    contact = np.bincount(rim, minlength=len(sizes))
    contact[0] = 0
    inside = int(sizes[keep & (contact == 0)].max(initial=0))
    # What touches the edge goes if it is small beside something that does not, or if it
    # runs along the edge as shadows and tables do. A digit cut out tightly stays.
    stray = (contact > 0) & (inside >= 0.25 * sizes)
    stray |= (contact > 0.8 * min(mask.shape)) & (inside >= 0.02 * sizes)
    kept = keep & ~stray
    kept &= sizes >= _SPECK * sizes[kept].max(initial=0)
    digit: NDArray[np.bool_] = kept[pieces]
    return digit
