"""Picture files become gray values, whatever is in them."""

import io
import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from core.base.arrays import FloatArray
from core.base.errors import ImageError, reason
from core.base.regular_file import open_regular
from core.imaging.photos.guard import (
    MOST_BYTES,
    check_before_opening,
    check_scans,
    check_size,
    too_large,
)
from core.imaging.photos.ink_colour import telling_gray

_MOST_SIDE = 2048  # pixels; a larger picture is made smaller before it becomes floats
# Those that are offered. For others Pillow would start programs (EPS).
FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP", "PPM")
_WIDE_MODES = ("I", "I;16", "I;16B", "I;16L", "F")  # one channel of more than 8 bits
_WIDE_WHITE = 65_535  # of 16 bits, the only wide form that PNG has
_ANOTHER = "Use a PNG or a JPEG of one digit."

T = TypeVar("T")


def load_gray(path: Path) -> FloatArray:
    """Read a picture file, upright, as gray values: see `open_picture` and `gray_of`.

    Returns:
        (H, W) float32, 0 black to 1 white, no side longer than about 4,000 pixels.

    Raises:
        ImageError: missing, unreadable, not a picture, damaged, or too large.
    """
    return _guarded(path, lambda: gray_of(open_picture(path)))


def open_picture(path: Path) -> Image.Image:
    """Read a picture file, upright and in memory.

    Args:
        path: a picture of up to 64 megapixels, in any colour mode.

    Raises:
        ImageError: missing, unreadable, not a picture, damaged, or too large.
    """
    return _guarded(path, lambda: _decode(path))


def gray_of(picture: Image.Image) -> FloatArray:
    """Return a picture's gray values, in the shade in which ink stands out most.

    A large picture is made smaller by `reduction(picture)`. Behind transparent parts a
    ground is put that the visible part stands out from.

    Returns:
        (H, W) float32, 0 black to 1 white.
    """
    factor = reduction(picture)
    if picture.mode in _WIDE_MODES:
        values = np.nan_to_num(np.asarray(picture, np.float32)[::factor, ::factor])
        return (values / np.float32(max(_WIDE_WHITE, float(values.max())))).clip(0, 1)
    if not picture.has_transparency_data:
        if picture.mode in ("L", "1"):
            return _floats(picture.convert("L").reduce(factor))
        return telling_gray(_floats(picture.convert("RGB").reduce(factor)))
    colour = picture.convert("RGBA").reduce(factor)
    alpha, gray = _floats(colour.getchannel("A")), telling_gray(_floats(colour.convert("RGB")))
    visible = gray[alpha > 0.5]
    ground = np.float32(0 if visible.size and visible.mean() > 0.5 else 1)
    return gray * alpha + ground * (1 - alpha)


def reduction(picture: Image.Image) -> int:
    """Return how many pixels of a picture become one gray value, along each side."""
    return max(1, max(picture.size) // _MOST_SIDE)


def _guarded(path: Path, read: Callable[[], T]) -> T:
    try:
        # A doubt of Pillow's is either an error here or of no interest to anyone.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return read()
    except ImageError:
        raise
    except Exception as error:  # noqa: BLE001 - Pillow's readers raise anything on bad files
        raise _explained(path, error) from error


def _decode(path: Path) -> Image.Image:
    with open_regular(path) as stream:
        if os.fstat(stream.fileno()).st_size > MOST_BYTES:
            raise too_large(path)
        content = stream.read()
    check_before_opening(path, content)
    with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
        check_size(path, picture.width, picture.height)
        if picture.format in ("JPEG", "MPO"):
            check_scans(path, content, picture.width * picture.height)
        if picture.format == "JPEG":  # decoded at half the size or less, where that is enough
            picture.draft(None, (_MOST_SIDE, _MOST_SIDE))
        upright = ImageOps.exif_transpose(picture)
        upright.load()
        return upright


def _floats(channel: Image.Image) -> FloatArray:
    return np.asarray(channel, np.float32) / np.float32(255)


def _explained(path: Path, error: Exception) -> ImageError:
    """Say in one sentence what `error` means for the picture at `path`."""
    if isinstance(error, Image.DecompressionBombError):
        return too_large(path)
    if isinstance(error, MemoryError):
        return ImageError(
            path, f"There is not enough memory for “{path.name}”.", "Close other programs."
        )
    if isinstance(error, UnidentifiedImageError):
        return ImageError(path, f"“{path.name}” is not a picture this program reads.", _ANOTHER)
    if isinstance(error, FileNotFoundError):
        return ImageError(path, f"There is no file “{path}”.", "Check its name and folder.")
    if isinstance(error, PermissionError):
        return ImageError(
            path, f"You may not read “{path.name}”.", "Copy the picture to a folder of yours."
        )
    if isinstance(error, OSError) and error.errno is not None:
        return ImageError(path, f"“{path.name}” could not be read: {reason(error)}.", _ANOTHER)
    return ImageError(path, f"“{path.name}” is damaged or was cut off.", _ANOTHER)
