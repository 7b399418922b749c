"""From a picture of a digit to the image a network reads.

Generated digits are painted in their frame (`core.ink`); pictures come from cameras,
scanners and other programs. Their ink is told from their paper (`core.segmentation`),
brought to the width of line that the training digits have, and put into the same frame.
"""

import math
from pathlib import Path

import numpy as np
from PIL import Image

from core.arrays import ByteArray, FloatArray
from core.errors import ImageError
from core.framing import BOX, CENTRE, SIDE, centred
from core.picture import load_gray
from core.segmentation import find_ink

_INK = 0.1  # less is paper
_PEN = 2.3  # pixels of the frame, a usual width of line among the training digits
_THIN_PEN = 1.9  # pixels of the frame; thinner lines are widened to `_PEN`
_FULL_INK = 0.95  # the quantile of the ink that becomes black


def read_picture(path: Path) -> ByteArray:
    """Read a picture of one digit, dark on light or light on dark.

    A 28 x 28 picture that is framed like the training digits is taken as it is, inverted
    if it is dark on light.

    Args:
        path: a PNG, JPEG or other picture of up to 64 megapixels.

    Returns:
        (28, 28) uint8, 0 paper to 255 ink, framed like the training digits.

    Raises:
        ImageError: missing, not a picture, damaged, too large, or it shows no digit.
    """
    gray = load_gray(path)
    for ready in (gray, 1 - gray):
        if _is_framed(ready):
            return (ready * np.float32(255)).round().astype(np.uint8)
    ink = find_ink(gray)
    if ink is None:
        raise ImageError(
            path,
            f"“{path.name}” shows no digit: it is blank, or too faint.",
            "Use a picture of one digit that stands out from its ground.",
        )
    return _centred(_full_contrast(_boxed(_widened(ink))))


def frame(gray: FloatArray) -> ByteArray:
    """Put a digit into the frame of the training digits.

    Args:
        gray: (H, W) from 0 (paper) to 1 (ink).

    Returns:
        (28, 28) uint8: the ink's longer side fills 20 pixels, its centre of mass lies
        within half a pixel of pixel 14. All zero if there is no ink.
    """
    return _centred(_boxed(gray))


def fit_shape(image: ByteArray, shape: tuple[int, int]) -> ByteArray:
    """Resize a framed image (28, 28) to what a network reads (H, W), if that differs."""
    if image.shape == shape:
        return image
    height, width = shape
    return np.asarray(Image.fromarray(image).resize((width, height), Image.Resampling.BOX))


def _centred(page: FloatArray) -> ByteArray:
    image: ByteArray = centred(page[None])[0]
    return image


def _boxed(ink: FloatArray) -> FloatArray:
    """Scale the ink into the middle 20 x 20 pixels of a page (28, 28)."""
    page = np.zeros((SIDE, SIDE), np.float32)
    cut = _cropped(ink)
    if not cut.size:
        return page
    scale = BOX / max(cut.shape)
    height, width = (max(1, round(side * scale)) for side in cut.shape)
    how = Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC
    top, left = (SIDE - height) // 2, (SIDE - width) // 2
    small = Image.fromarray(cut).resize((width, height), how)
    page[top : top + height, left : left + width] = np.asarray(small).clip(0, 1)
    return page


def _cropped(ink: FloatArray) -> FloatArray:
    """Cut away what is paper all around; nothing is left where there is no ink."""
    lit = ink > _INK
    rows, columns = np.flatnonzero(lit.any(axis=1)), np.flatnonzero(lit.any(axis=0))
    if not len(rows):
        return np.zeros((0, 0), np.float32)
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.float32)


def _is_framed(ink: FloatArray) -> bool:
    """Tell whether a picture is already a digit as networks are trained on."""
    if ink.shape != (SIDE, SIDE) or ink.max() < 0.5:
        return False
    inner = np.zeros(ink.shape, bool)
    inner[2:-2, 2:-2] = True
    places = np.arange(SIDE) - CENTRE
    off = np.array([ink.sum(axis=1) @ places, ink.sum(axis=0) @ places]) / ink.sum()
    return bool(ink[~inner].max() <= _INK and np.abs(off).max() <= 1)


def _pen_width(ink: FloatArray) -> float:
    """Estimate the width of the line: twice the ink's area over the length of its outline."""
    steps = np.abs(np.diff(ink, axis=0)).sum() + np.abs(np.diff(ink, axis=1)).sum()
    # Steps along rows and columns overrate an outline of all directions by 4 / pi.
    return 2 * float(ink.sum()) / max(float(steps) * math.pi / 4, 1e-6)


def _widened(ink: FloatArray) -> FloatArray:
    """Widen a line that would be thin in the frame; leave others as they are.

    Each pixel takes the darkest of its neighbours, along the axes and all around in turn,
    which widens by an octagon: by one pixel a time on each side of a line.
    """
    cut = _cropped(ink)
    if not cut.size:
        return ink
    unit = max(cut.shape) / BOX  # pixels of `ink` to one of the frame
    width = _pen_width(np.pad(cut, 1))
    if width >= _THIN_PEN * unit:
        return ink
    # The digit grows by the line's width, and shrinks again into its box.
    times = round((_PEN * unit - width) / 2 * max(cut.shape) / (max(cut.shape) - _PEN * unit))
    page = np.pad(cut, times + 1)
    for turn in range(times):
        page = _grown(page, corners=turn % 2 == 1)
    return page


def _grown(page: FloatArray, *, corners: bool) -> FloatArray:
    """Return the largest value in the neighbourhood of each pixel."""
    padded = np.pad(page, 1)
    if corners:
        rows = np.maximum(np.maximum(padded[:-2], padded[1:-1]), padded[2:])
        return np.maximum(np.maximum(rows[:, :-2], rows[:, 1:-1]), rows[:, 2:])
    across = np.maximum(padded[1:-1, :-2], padded[1:-1, 2:])
    down = np.maximum(padded[:-2, 1:-1], padded[2:, 1:-1])
    return np.maximum(np.maximum(across, down), page)


def _full_contrast(page: FloatArray) -> FloatArray:
    """Stretch the ink of a page so that its darkest twentieth is black."""
    lit = page[page > _INK]
    if not lit.size:
        return page
    full: FloatArray = (page / np.float32(np.quantile(lit, _FULL_INK))).clip(0, 1)
    return full
