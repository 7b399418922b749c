"""From a picture of a digit to the image a network reads.

Generated digits are painted in their frame (`core.imaging.ink`); pictures come from cameras,
scanners and other programs. Their ink is told from their paper (`segmentation`),
brought to the width of line that the training digits have, and put into the same frame.
"""

import math
from pathlib import Path

import numpy as np
from PIL import Image

from core.base.arrays import ByteArray, FloatArray
from core.base.errors import ImageError
from core.imaging.framing import BOX, CENTRE, SIDE, centred
from core.imaging.photos.picture import load_gray
from core.imaging.photos.segmentation import find_ink

_INK = 0.1  # less is paper
_BLACK = 0.03  # what is less is black, as programs draw it
_EDGE = 0.3  # ink so dark counts for the extent of a digit; its soft edges do not
_PEN = 2.0  # pixels of the frame, a usual width of line among the training digits
_THIN_PEN = 1.9  # pixels of the frame; thinner lines are widened to `_PEN`
_FAT_PEN = 3.4  # pixels of the frame; fatter lines are narrowed to
_LESS_FAT, _STILL_FAT = 3.1, 0.3  # so many pixels and this share of what they have more
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
    image = image_of(load_gray(path))
    if image is None:
        raise ImageError(
            path,
            f"“{path.name}” shows no digit: it is blank, or too faint.",
            "Use a picture of one digit that stands out from its ground.",
        )
    return image


def image_of(gray: FloatArray) -> ByteArray | None:
    """Read the one digit in a picture (H, W), 0 black to 1 white: see `read_picture`.

    Returns None if it shows no digit.
    """
    ready = _ready(gray)
    if ready is not None:
        return ready
    ink = find_ink(gray)
    return None if ink is None else framed_ink(ink)


def _ready(gray: FloatArray) -> ByteArray | None:
    """Return a picture that is framed like the training digits, or was enlarged from one."""
    small = gray
    if min(gray.shape) > SIDE:
        if abs(gray.shape[0] - gray.shape[1]) > 0.01 * max(gray.shape):
            return None
        whole = Image.fromarray(gray.astype(np.float32))
        small = np.asarray(whole.resize((SIDE, SIDE), Image.Resampling.BOX))
    for ink in (small, 1 - small):
        if _is_framed(ink) and (small is gray or _is_clean(ink)):
            return (ink.clip(0, 1) * np.float32(255)).round().astype(np.uint8)
    return None


def framed_ink(ink: FloatArray) -> ByteArray:
    """Put the ink of a digit into the frame, its line as wide as training digits have it.

    Args:
        ink: (h, w) float32, 0 paper to 1 ink, the digit's longer side about 160 pixels.

    Returns:
        (28, 28) uint8, 0 paper to 255 ink. All zero if there is no ink.
    """
    return _centred(_full_contrast(_boxed(_pen_evened(ink))))


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
    """Return a framed image (28, 28) in the size (H, W) that a network reads.

    The square stays a square: it is scaled to the shorter side and put in the middle.
    """
    if image.shape == shape:
        return image
    side = min(shape)
    # Bilinear averages over all source pixels where Pillow makes an image smaller.
    small = Image.fromarray(image).resize((side, side), Image.Resampling.BILINEAR)
    made = np.zeros(shape, np.uint8)
    top, left = (shape[0] - side) // 2, (shape[1] - side) // 2
    made[top : top + side, left : left + side] = np.asarray(small)
    return made


def resize(image: ByteArray, shape: tuple[int, int]) -> ByteArray:
    """Resize a whole image (h, w) uint8 to (H, W): averaged if smaller, smooth if larger."""
    if image.shape == shape:
        return image
    height, width = shape
    smaller = height <= image.shape[0] and width <= image.shape[1]
    how = Image.Resampling.BOX if smaller else Image.Resampling.BICUBIC
    return np.asarray(Image.fromarray(image).resize((width, height), how))


def _centred(page: FloatArray) -> ByteArray:
    image: ByteArray = centred(page[None])[0]
    return image


def _boxed(ink: FloatArray) -> FloatArray:
    """Scale the ink into the middle 20 x 20 pixels of a page (28, 28).

    Soft edges of the ink may reach beyond the box.
    """
    bounds = _bounds(ink)
    if bounds is None:
        return np.zeros((SIDE, SIDE), np.float32)
    longest = max(stop - start for start, stop in bounds)
    pads, starts, stops = [], [], []
    for start, stop in bounds:
        pixels = max(1, round((stop - start) * BOX / longest))
        unit = (stop - start) / pixels  # of the ink, to one pixel of the page
        before = (SIDE - pixels) // 2 * unit
        pad = math.ceil(SIDE * unit)
        pads.append((pad, pad))
        starts.append(start - before + pad)
        stops.append(start - before + pad + SIDE * unit)
    paper = Image.fromarray(np.pad(ink.astype(np.float32), pads))
    box = (starts[1], starts[0], stops[1], stops[0])
    return np.asarray(paper.resize((SIDE, SIDE), Image.Resampling.BOX, box)).clip(0, 1)


def _bounds(ink: FloatArray) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """Return the first row of ink and the one after the last, and so for columns."""
    lit = ink > min(_EDGE, float(ink.max()) / 2)
    rows, columns = np.flatnonzero(lit.any(axis=1)), np.flatnonzero(lit.any(axis=0))
    if not len(rows):
        return None
    return (int(rows[0]), int(rows[-1]) + 1), (int(columns[0]), int(columns[-1]) + 1)


def _is_framed(ink: FloatArray) -> bool:
    """Tell whether a picture is already a digit as networks are trained on."""
    bounds = _bounds(ink)
    if ink.shape != (SIDE, SIDE) or bounds is None:
        return False
    rim = np.concatenate([ink[0], ink[-1], ink[:, 0], ink[:, -1]])
    extent = max(stop - start for start, stop in bounds)
    places = np.arange(SIDE) - CENTRE
    off = np.array([ink.sum(axis=1) @ places, ink.sum(axis=0) @ places]) / ink.sum()
    return bool(np.median(rim) <= _INK and abs(extent - BOX) <= 2 and np.abs(off).max() <= 0.6)


def _is_clean(ink: FloatArray) -> bool:
    """Tell whether a framed digit came from no camera: black paper, white ink, usual pen."""
    rim = np.concatenate([ink[0], ink[-1], ink[:, 0], ink[:, -1]])
    usual = _THIN_PEN <= _pen_width(ink) <= _FAT_PEN
    return usual and float(np.median(rim)) <= _BLACK and float(ink.max()) >= 1 - 2 * _BLACK


def _pen_width(ink: FloatArray) -> float:
    """Estimate the width of the line: twice the ink's area over the length of its outline."""
    steps = np.abs(np.diff(ink, axis=0)).sum() + np.abs(np.diff(ink, axis=1)).sum()
    # Steps along rows and columns overrate an outline of all directions by 4 / pi.
    return 2 * float(ink.sum()) / max(float(steps) * math.pi / 4, 1e-6)


def _pen_evened(ink: FloatArray) -> FloatArray:
    """Widen a line that would be thin in the frame, narrow a fat one; leave others.

    Each pixel takes the darkest (or lightest) of its neighbours, along the axes and all
    around in turn, which widens by an octagon: by one pixel a time on each side of a line.
    """
    bounds = _bounds(ink)
    if bounds is None:
        return ink
    side = max(stop - start for start, stop in bounds)
    unit = side / BOX  # pixels of `ink` to one of the frame
    width = _pen_width(np.pad(ink, 1)) / unit
    if _THIN_PEN <= width <= _FAT_PEN:
        return ink
    aim = _PEN if width < _THIN_PEN else _LESS_FAT + (width - _FAT_PEN) * _STILL_FAT
    # The digit grows by the line's width, and shrinks again into its box.
    times = round(abs(aim - width) / 2 * unit * BOX / (BOX - aim))
    page = np.pad(ink, times + 1)
    if width > aim:
        page = 1 - page
    for turn in range(times):
        page = _grown(page, corners=turn % 2 == 1)
    return 1 - page if width > aim else page


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
