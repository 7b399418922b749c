"""Picture files become gray values, whatever is in them."""

import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from core.arrays import FloatArray
from core.errors import ImageError, reason

MOST_PIXELS = 64_000_000
_MOST_SIDE = 2048  # pixels; a larger picture is made smaller before it becomes floats
# Formats that Pillow reads by itself; for others it would start programs (EPS).
_FORMATS = ("PNG", "JPEG", "BMP", "GIF", "TIFF", "WEBP", "PPM")
_WIDE_MODES = ("I", "I;16", "I;16B", "I;16L", "F")  # one channel of more than 8 bits
_WIDE_WHITE = 65_535  # of 16 bits, the only wide form that PNG has
_ANOTHER = "Use a PNG or a JPEG of one digit."


def load_gray(path: Path) -> FloatArray:
    """Read a picture file, upright, as gray values.

    Args:
        path: a picture of up to 64 megapixels, in any colour mode. Behind transparent
            parts a ground is put that the visible part stands out from.

    Returns:
        (H, W) float32, 0 black to 1 white, no side longer than about 4,000 pixels.

    Raises:
        ImageError: missing, unreadable, not a picture, damaged, or too large.
    """
    try:
        # A doubt of Pillow's is either an error here or of no interest to anyone.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _decode(path)
    except ImageError:
        raise
    except Exception as error:  # noqa: BLE001 - Pillow's readers raise anything on bad files
        raise _explained(path, error) from error


def _decode(path: Path) -> FloatArray:
    with Image.open(path, formats=_FORMATS) as picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise _too_large(path, f": {picture.width:,} × {picture.height:,} pixels")
        return _gray(ImageOps.exif_transpose(picture))


def _gray(picture: Image.Image) -> FloatArray:
    factor = max(1, max(picture.size) // _MOST_SIDE)
    if picture.mode in _WIDE_MODES:
        values = np.nan_to_num(np.asarray(picture, np.float32)[::factor, ::factor])
        return values / np.float32(max(_WIDE_WHITE, float(values.max())))
    if not picture.has_transparency_data:
        return _floats(picture.convert("L").reduce(factor))
    colour = picture.convert("RGBA").reduce(factor)
    alpha, gray = _floats(colour.getchannel("A")), _floats(colour.convert("RGB").convert("L"))
    visible = gray[alpha > 0.5]
    ground = np.float32(0 if visible.size and visible.mean() > 0.5 else 1)
    return gray * alpha + ground * (1 - alpha)


def _floats(channel: Image.Image) -> FloatArray:
    return np.asarray(channel, np.float32) / np.float32(255)


def _too_large(path: Path, size: str = "") -> ImageError:
    return ImageError(
        path,
        f"“{path.name}” is too large{size}.",
        f"Make the picture smaller; {MOST_PIXELS // 1_000_000} megapixels are read.",
    )


def _explained(path: Path, error: Exception) -> ImageError:
    """Say in one sentence what `error` means for the picture at `path`."""
    if isinstance(error, Image.DecompressionBombError):
        return _too_large(path)
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
