"""Own drawings as files that other programs read: IDX, and PNGs by class."""

import re
import struct
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from core.base.arrays import ByteArray
from core.base.atomic_write import write_bytes_whole
from core.base.digits import DIGITS
from core.base.errors import SaveError, reason
from core.data.drawings.drawings import OwnDrawing, as_images
from core.imaging.png import png_bytes

_UNSIGNED_BYTE = 0x08
_STEM = "my-digits"
_BAD_IN_NAMES = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
# Windows opens devices under these names, in any folder.
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def class_names(drawings: Sequence[OwnDrawing]) -> tuple[str, ...]:
    """Return names to count the drawings' classes by.

    Digits keep their numbers, 0 to 9; other classes are in the order in which the networks
    counted them.
    """
    names = {one.name for one in drawings}
    if all(name in DIGITS for name in names):
        return DIGITS
    first = {one.name: (one.label, one.name) for one in reversed(drawings)}
    return tuple(sorted(names, key=lambda name: first[name]))


def export_idx(drawings: Sequence[OwnDrawing], folder: Path) -> list[Path]:
    """Write images and labels as a pair of IDX files, and the classes' names if need be.

    Args:
        drawings: at least one.
        folder: exists already; files of the same names are replaced.

    Returns:
        The files.

    Raises:
        SaveError: they could not be written.
    """
    names = class_names(drawings)
    found, _ = as_images(drawings, names)
    content = {
        folder / f"{_STEM}-images-idx3-ubyte": idx_bytes(found.images),
        folder / f"{_STEM}-labels-idx1-ubyte": idx_bytes(found.labels),
    }
    if names != DIGITS:
        content[folder / f"{_STEM}-classes.txt"] = "\n".join([*names, ""]).encode(
            "utf-8", "replace"
        )
    for path, data in content.items():
        write_bytes_whole(path, data)
    return list(content)


def idx_bytes(values: ByteArray) -> bytes:
    """Return uint8 values as a file in the IDX format (LeCun et al., MNIST's web page)."""
    head = struct.pack(f">HBB{values.ndim}I", 0, _UNSIGNED_BYTE, values.ndim, *values.shape)
    return head + np.ascontiguousarray(values).tobytes()


def export_pngs(
    drawings: Sequence[OwnDrawing], folder: Path, progress: Callable[[float], None] | None = None
) -> int:
    """Write each image as a PNG, 28 x 28 and light on dark, in a sub-folder for its class.

    A file's name is the time at which it was kept and the drawing's key, so a second export
    adds what is new.

    Args:
        drawings: any number.
        folder: exists already.
        progress: told the share done, 0..1; may raise to give up.

    Returns:
        How many were written.

    Raises:
        SaveError: a file could not be written; those before it are there.
    """
    for done, one in enumerate(drawings):
        path = folder / folder_name(one.name) / f"{one.when:%Y%m%d-%H%M%S}-{one.key[:8]}.png"
        try:
            path.parent.mkdir(exist_ok=True)
        except OSError as error:
            raise SaveError(
                path,
                f"The folder “{path.parent}” could not be made: {reason(error)}.",
                "Free some space or choose another folder.",
            ) from error
        write_bytes_whole(path, png_bytes(one.image))
        if progress is not None:
            progress((done + 1) / len(drawings))
    return len(drawings)


def folder_name(name: str) -> str:
    """Return a class's name as the name of a folder that any system accepts."""
    text = name.encode("utf-8", "replace").decode()  # half a surrogate pair is no name
    safe = _BAD_IN_NAMES.sub("_", text).strip(" .")[:60].strip(" .")
    return f"_{safe}" if not safe or _DEVICES.match(safe) else safe
