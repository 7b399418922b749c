"""One IDX file: the format of MNIST. Plain or gzipped, told apart by content.

A big-endian header (two zero bytes, a type, the number of axes, their lengths as 32-bit
numbers), then the values. The header is believed only as far as the file bears it out,
and before any memory is asked for.

Source: LeCun, "The IDX file format", yann.lecun.com/exdb/mnist.
"""

import gzip
import math
import struct
import zlib
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from core.dataset import ReadProgress
from core.errors import DatasetError, reason

_UNSIGNED_BYTE = 0x08
_GZIP = b"\x1f\x8b"
_MAX_VALUES = 1 << 30  # 1 GiB: more than a million images of 28 x 28
_MOST_INFLATED = 1100  # no gzip file holds more than 1,032 times its own size
_PIECE = 1 << 22  # bytes read between two reports: about 20 ms of unpacking
_AGAIN = "Download the file again."


def peek_shape(path: Path) -> tuple[int, ...] | None:
    """Return the shape that an IDX file of bytes declares, or None if it is no such file."""
    try:
        with _opened(path) as stream:
            return _header(stream)
    except (OSError, EOFError, zlib.error, struct.error):
        return None


def read_idx(path: Path, axes: int, progress: ReadProgress | None = None) -> NDArray[np.uint8]:
    """Read an IDX file of bytes that has `axes` axes.

    Returns:
        uint8 array; its shape is the one the header declares.

    Raises:
        DatasetError: it is missing or cut off, of another kind, has another number of
            axes, or holds fewer or more values than it declares.
    """
    try:
        with _opened(path) as stream:
            shape = _header(stream)
            _check_shape(path, shape, axes)
            assert shape is not None
            return _body(path, stream, shape, progress)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DatasetError(
            path, f"“{path.name}” is damaged or was cut off while it was copied.", _AGAIN
        ) from error
    except OSError as error:
        raise DatasetError(path, f"“{path.name}” could not be read: {reason(error)}.") from error


def _opened(path: Path) -> BinaryIO:
    with path.open("rb") as stream:
        zipped = stream.read(2) == _GZIP
    return gzip.open(path, "rb") if zipped else path.open("rb")  # type: ignore[return-value]


def _header(stream: BinaryIO) -> tuple[int, ...] | None:
    """Return the declared shape, None for another kind of file.

    Raises:
        EOFError: it ends inside its header.
    """
    magic = stream.read(4)
    if len(magic) < 4 or magic[:3] != bytes((0, 0, _UNSIGNED_BYTE)) or not 1 <= magic[3] <= 4:
        return None
    lengths = stream.read(4 * magic[3])
    if len(lengths) < 4 * magic[3]:
        raise EOFError
    return struct.unpack(f">{magic[3]}I", lengths)


def _check_shape(path: Path, shape: tuple[int, ...] | None, axes: int) -> None:
    if shape is None:
        raise DatasetError(
            path,
            f"“{path.name}” is not an IDX file.",
            "Digit files of this form are named like train-images-idx3-ubyte.gz.",
        )
    if len(shape) != axes:
        what = {1: "labels", 3: "images"}
        held = what.get(len(shape), f"data of {len(shape)} axes")
        raise DatasetError(
            path,
            f"“{path.name}” holds {held} where {what.get(axes, 'other data')} were expected.",
            "Check that the files of images and of labels were not mixed up.",
        )
    size = math.prod(shape)
    if size == 0:
        raise DatasetError(path, f"“{path.name}” is empty: it declares no values.", _AGAIN)
    if size > _MAX_VALUES or size > path.stat().st_size * _MOST_INFLATED:
        raise DatasetError(
            path, f"“{path.name}” claims {size:,} values, far more than it can hold.", _AGAIN
        )


def _body(
    path: Path, stream: BinaryIO, shape: tuple[int, ...], progress: ReadProgress | None
) -> NDArray[np.uint8]:
    size = math.prod(shape)
    pieces, held = [], 0
    # One byte more than declared is asked for, to see that the file ends there. Pieces are
    # collected rather than space reserved: a false header costs what the file really holds.
    while held <= size:
        piece = stream.read(min(_PIECE, size + 1 - held))
        if not piece:
            break
        pieces.append(piece)
        held += len(piece)
        if progress is not None:
            progress(min(held / size, 1.0))
    if held != size:
        found = "more" if held > size else f"only {held:,}"
        raise DatasetError(
            path, f"“{path.name}” declares {size:,} values but holds {found}.", _AGAIN
        )
    return np.frombuffer(b"".join(pieces), np.uint8).reshape(shape)
