"""From a picture of a digit to the image a network reads.

Generated digits are painted in their frame (`core.ink`); pictures come from cameras,
scanners and other programs. Here their ink is told from their paper, cut out, and put
into the same frame, so that a network sees what it was trained on.
"""

import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter, ImageOps, UnidentifiedImageError

from core.arrays import ByteArray, FloatArray
from core.errors import ImageError, reason
from core.framing import BOX, CENTRE, SIDE, centred

_MOST_PIXELS = 64_000_000
_WORK_SIDE = 400  # pixels; larger pictures are made smaller first, digits are simple
_LEAST_CONTRAST = 0.06  # of the range from black to white; less is an empty page
_SPECK_SHARE = 0.02  # of the largest piece of ink; smaller pieces are dirt
_WANTED_PEN = 2.6  # pixels, the pen width of the middle of the training digits, in a 20 px box
_THIN_PEN = 1.7  # pixels; thinner lines are widened
_FULL_INK = 0.95  # the quantile of the ink that becomes black


def read_picture(path: Path) -> ByteArray:
    """Read a picture of one digit, dark on light or light on dark.

    Args:
        path: a PNG, JPEG or other picture of up to 64 megapixels.

    Returns:
        (28, 28) uint8, 0 paper to 255 ink, framed like the training digits.

    Raises:
        ImageError: it is missing, no picture, too large, or shows nothing.
    """
    gray = _load(path)
    if gray.shape == (SIDE, SIDE) and _is_framed(gray):
        return (gray * np.float32(255)).round().astype(np.uint8)
    ink = find_ink(gray)
    if ink is None:
        raise ImageError(
            path,
            f"“{path.name}” shows no digit: it is blank, or too faint.",
            "Use a picture of one digit that stands out from its ground.",
        )
    return frame(ink)


def frame(ink: FloatArray) -> ByteArray:
    """Put ink (H, W), 0..1, into the frame of the training digits.

    Returns:
        (28, 28) uint8: the ink's longer side fills 20 pixels, its centre of mass lies at
        pixel 14. All zero if there is no ink.
    """
    rows, columns = np.flatnonzero(ink.max(axis=1) > 0.1), np.flatnonzero(ink.max(axis=0) > 0.1)
    if not len(rows):
        return np.zeros((SIDE, SIDE), np.uint8)
    cut = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1].astype(np.float32)
    scale = BOX / max(cut.shape)
    height, width = (max(1, round(side * scale)) for side in cut.shape)
    small = np.asarray(
        Image.fromarray(cut).resize((width, height), Image.Resampling.BOX)
        if scale < 1
        else Image.fromarray(cut).resize((width, height), Image.Resampling.BICUBIC)
    )
    page = np.zeros((SIDE, SIDE), np.float32)
    top, left = (SIDE - height) // 2, (SIDE - width) // 2
    page[top : top + height, left : left + width] = small.clip(0, 1)
    framed: ByteArray = centred(_full_contrast(_widened(page))[None])[0]
    return framed


def fit_shape(image: ByteArray, shape: tuple[int, int]) -> ByteArray:
    """Resize a framed image (28, 28) to what a network reads (H, W), if that differs."""
    if image.shape == shape:
        return image
    height, width = shape
    return np.asarray(Image.fromarray(image).resize((width, height), Image.Resampling.BOX))


def find_ink(gray: FloatArray) -> FloatArray | None:
    """Tell ink from paper in a picture (H, W), 0 black to 1 white.

    The paper is what a wide blur sees, so light that falls off across the page goes away;
    ink is what differs from it, darker or lighter, whichever there is less of at the edge.

    Returns:
        (h, w) float32, 0 paper to 1 ink, no larger than 400 pixels; None for a blank page.
    """
    gray = _smaller(gray)
    difference: FloatArray = _paper(gray) - gray
    edge = np.concatenate([gray[0], gray[-1], gray[:, 0], gray[:, -1]])
    if np.median(edge) < _middle(gray):
        difference = -difference
    difference = _smoothed(difference.clip(0, None))
    strongest = (
        float(np.quantile(difference, 0.999)) if difference.size > 2000 else float(difference.max())
    )
    if strongest < _LEAST_CONTRAST:
        return None
    threshold = _otsu(difference / strongest)
    ink = ((difference / strongest - threshold * 0.5) / threshold).clip(0, 1)
    return _without_specks(ink.astype(np.float32))


# Reading ------------------------------------------------------------------------------


def _load(path: Path) -> FloatArray:
    """Return the picture as gray values (H, W) float32, 0 black to 1 white."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(path) as picture:
                _check_size(path, picture)
                return _gray(picture)
    except ImageError:
        raise
    except UnidentifiedImageError as error:
        raise ImageError(
            path, f"“{path.name}” is not a picture.", "Use a PNG or a JPEG of one digit."
        ) from error
    except OSError as error:
        what = reason(error) if error.errno is not None else "it is damaged or was cut off"
        raise ImageError(
            path, f"“{path.name}” could not be read: {what}.", "Try another picture."
        ) from error
    except Exception as error:  # noqa: BLE001 - Pillow's readers raise anything on bad files
        raise ImageError(
            path, f"“{path.name}” is damaged and cannot be read.", "Try another picture."
        ) from error


def _check_size(path: Path, picture: Image.Image) -> None:
    if picture.width * picture.height > _MOST_PIXELS:
        raise ImageError(
            path,
            f"“{path.name}” is too large: {picture.width:,} × {picture.height:,} pixels.",
            "Cut the digit out, or make the picture smaller.",
        )


def _gray(picture: Image.Image) -> FloatArray:
    if picture.mode in ("I", "I;16", "I;16B", "F"):
        values = np.asarray(picture, np.float32)
        return values / np.float32(max(float(values.max()), 1.0))
    picture = ImageOps.exif_transpose(picture)
    if picture.has_transparency_data:
        colour = picture.convert("RGBA")
        # What shows through is unknown; the ground that keeps the visible part visible is
        # the one that differs from it.
        alpha = np.asarray(colour.getchannel("A"), np.float32) / 255
        gray = np.asarray(colour.convert("RGB").convert("L"), np.float32) / 255
        solid = gray[alpha > 0.5]
        ground = np.float32(0.0 if solid.size and solid.mean() > 0.5 else 1.0)
        return (gray * alpha + ground * (1 - alpha)).astype(np.float32)
    return np.asarray(picture.convert("L"), np.float32) / np.float32(255)


def _is_framed(gray: FloatArray) -> bool:
    """Tell whether a 28 x 28 picture is already a training digit: leave it as it is."""
    border = np.concatenate([gray[:2].ravel(), gray[-2:].ravel(), gray[:, :2].ravel(),
                             gray[:, -2:].ravel()])  # fmt: skip
    if border.max() > 0.1 or gray.max() < 0.5:
        return False
    total = gray.sum()
    places = np.arange(SIDE) - CENTRE
    off = (gray.sum(axis=1) @ places / total, gray.sum(axis=0) @ places / total)
    return bool(np.abs(off).max() <= 1)


# Ink and paper ------------------------------------------------------------------------


def _smaller(gray: FloatArray) -> FloatArray:
    factor = _WORK_SIDE / max(gray.shape)
    if factor >= 1:
        return gray
    height, width = (max(1, round(side * factor)) for side in gray.shape)
    return np.asarray(
        Image.fromarray(gray.astype(np.float32)).resize((width, height), Image.Resampling.BOX)
    )


def _middle(gray: FloatArray) -> float:
    low, high = np.quantile(gray, [0.005, 0.995])
    return float(low + high) / 2


def _paper(gray: FloatArray) -> FloatArray:
    """Return the paper's brightness at every pixel: a smooth surface through the edge.

    A plane with curvature is fitted to the pixels, then again to those close to it, so
    that ink, the lesser part, drops out.
    """
    height, width = gray.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    terms = np.stack([np.ones_like(x), x, y, x * y, x * x, y * y], axis=-1).reshape(-1, 6)
    values = gray.reshape(-1).astype(np.float64)
    edge = np.zeros((height, width), bool)
    rim = max(1, min(height, width) // 12)
    edge[:rim], edge[-rim:], edge[:, :rim], edge[:, -rim:] = True, True, True, True
    ground = np.median(gray[edge])
    chosen = np.abs(values - ground) < 0.25 * max(float(np.ptp(gray)), 1e-6)
    for _ in range(3):
        if np.count_nonzero(chosen) < 60:
            return np.full_like(gray, ground)
        fit, *_ = np.linalg.lstsq(terms[chosen], values[chosen], rcond=None)
        off = np.abs(values - terms @ fit)
        chosen = off < max(2.5 * float(np.median(off[chosen])), 0.02)
    surface: FloatArray = (terms @ fit).reshape(height, width).astype(np.float32)
    return surface


def _smoothed(values: FloatArray) -> FloatArray:
    """Take single noisy pixels out of a large picture; small ones keep every pixel."""
    radius = max(values.shape) / 250
    if radius < 0.5:
        return values
    bytes_ = Image.fromarray((values * 255).clip(0, 255).astype(np.uint8))
    blurred = bytes_.filter(ImageFilter.GaussianBlur(radius))
    return np.asarray(blurred, np.float32) / np.float32(255)


def _otsu(values: FloatArray) -> float:
    """Return the threshold that parts values (0..1) best in two.

    Source: Otsu 1979, IEEE Transactions on Systems, Man, and Cybernetics 9:62.
    """
    counts, edges = np.histogram(values, bins=128, range=(0, 1))
    middles = (edges[1:] + edges[:-1]) / 2
    below = np.cumsum(counts)
    above = below[-1] - below
    sums = np.cumsum(counts * middles)
    with np.errstate(all="ignore"):
        spread = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    best = float(middles[int(np.nan_to_num(spread).argmax())])
    return min(max(best, 0.15), 0.7)


def _without_specks(ink: FloatArray) -> FloatArray:
    """Drop pieces of ink that are small beside the largest, and those that only hug the edge."""
    pieces = _pieces(ink > 0.5)
    if pieces.max() < 2:
        return ink
    sizes = np.bincount(pieces.ravel())
    sizes[0] = 0
    height, width = ink.shape
    keep = sizes >= _SPECK_SHARE * sizes.max()
    rim = np.unique(np.concatenate([pieces[0], pieces[-1], pieces[:, 0], pieces[:, -1]]))
    rim = rim[rim > 0]
    if np.count_nonzero(keep) > np.count_nonzero(keep[rim]):
        keep[rim] = False  # shadows and page edges, as long as something else remains
    keep[0] = False
    wanted = Image.fromarray((keep[pieces] * 255).astype(np.uint8))
    # The soft edge of a piece lies just outside it: widen the mask to keep it.
    mask = np.asarray(wanted.filter(ImageFilter.MaxFilter(5))) > 0
    return np.where(mask, ink, np.float32(0)).astype(np.float32)


def _pieces(mask: "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]") -> FloatArray:
    """Number the connected pieces of a mask (H, W) from 1 (8 neighbours); 0 is no piece.

    Each pixel takes the lowest number among its neighbours until nothing changes; sweeps
    along rows and columns carry a number through a whole line at once.
    """
    numbers = np.where(mask, np.arange(1, mask.size + 1).reshape(mask.shape), 0)
    big = mask.size + 1
    while True:
        padded = np.pad(np.where(mask, numbers, big), 1, constant_values=big)
        lowest = np.min(
            [
                padded[i : i + mask.shape[0], j : j + mask.shape[1]]
                for i in range(3)
                for j in range(3)
            ],
            axis=0,
        )
        found = np.where(mask, lowest, 0)
        # Jump to the number of the pixel one's number names: halves the way each time.
        flat = np.concatenate([[0], found.ravel()])
        found = np.where(mask, flat[found], 0)
        if np.array_equal(found, numbers):
            break
        numbers = found
    _, ranks = np.unique(numbers, return_inverse=True)
    ranked = ranks.reshape(mask.shape)
    return ranked if not mask.all() else ranked + 1  # type: ignore[return-value]


# Line and contrast --------------------------------------------------------------------


def _pen_width(page: FloatArray) -> float:
    """Estimate the width of the line: twice the ink's area over its outline's length."""
    area = float(page.sum())
    steps = float(np.abs(np.diff(page, axis=0)).sum() + np.abs(np.diff(page, axis=1)).sum())
    # Counting steps along rows and columns overrates a slanting outline by 4 / pi.
    return 2 * area / max(steps * np.pi / 4, 1e-6)


def _widened(page: FloatArray) -> FloatArray:
    """Thicken a line too thin for the training digits; leave others as they are."""
    for _ in range(4):
        width = _pen_width(page)
        if width >= _THIN_PEN or not page.any():
            break
        share = np.float32(min(1.0, (_WANTED_PEN - width) / 2))
        padded = np.pad(page, 1)
        around = np.max(
            [padded[:-2, 1:-1], padded[2:, 1:-1], padded[1:-1, :-2], padded[1:-1, 2:]], axis=0
        )
        page = np.maximum(page, around * share)
    return page[:SIDE, :SIDE]


def _full_contrast(page: FloatArray) -> FloatArray:
    lit = page[page > 0.1]
    if not lit.size:
        return page
    return (page / max(float(np.quantile(lit, _FULL_INK)), 0.05)).clip(0, 1).astype(np.float32)
