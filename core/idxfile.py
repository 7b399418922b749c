"""One IDX file: the format of MNIST, a header and then nothing but bytes.

The header is two zero bytes, a byte for the type of the values (8: unsigned bytes), a byte
for the number of axes, and the length of each axis as a big-endian 32-bit number.
Nothing in it is believed until it is checked, and no memory is asked for before that.

Source: the section "FILE FORMATS FOR THE MNIST DATABASE" of LeCun's MNIST page.
"""

import gzip
import math
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np

from core.arrays import ByteArray, Shape
from core.errors import DatasetError
from core.reader import ReadProgress, unreadable

MOST_VALUES = 1 << 30  # 1 GiB, twenty times MNIST
LONGEST_SIDE = 1024  # pixels of an image

_GZIP_MAGIC = b"\x1f\x8b"
_BEST_RATIO = 1032  # deflate packs no better; source: zlib's Technical Details
_SLICE = 1 << 20  # bytes read at a time: 5 ms
_AGAIN = "Download or copy the file again."


@dataclass(frozen=True, slots=True)
class IdxHeader:
    """What an IDX file says it holds: images (N, H, W) or labels (N,), as bytes."""

    shape: Shape
    gzipped: bool

    @property
    def holds_images(self) -> bool:
        """True for images, False for labels."""
        return len(self.shape) == 3

    @property
    def count(self) -> int:
        """N, images or labels."""
        return self.shape[0]


def looks_like_idx(path: Path) -> bool:
    """Tell whether the file at `path` begins as an IDX file of bytes. Never raises."""
    try:
        return read_header(path) is not None
    except DatasetError:
        return False


def read_header(path: Path) -> IdxHeader:
    """Read and check what the file at `path` says it holds.

    Raises:
        DatasetError: unreadable, empty, not an IDX file of images or labels, or one that
            claims more than fits in it or in memory.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as raw:
            gzipped = raw.read(2) == _GZIP_MAGIC
        with _open(path, gzipped) as stream:
            start = stream.read(4 + 4 * 3)
    except (OSError, EOFError, zlib.error) as error:
        raise _broken(path, error) from error
    if not start:
        raise DatasetError(path, f"{path.name} is empty.", _AGAIN)
    header = IdxHeader(_shape(path, start), gzipped)
    _check_size(path, header, size)
    return header


def read_values(path: Path, header: IdxHeader, progress: ReadProgress | None = None) -> ByteArray:
    """Read all that the file's `header` announces.

    Returns:
        uint8 array of the header's shape.

    Raises:
        DatasetError: the file is damaged, or ends earlier or later than it should.
    """
    size = math.prod(header.shape)
    try:
        values = np.empty(size, np.uint8)
        with _open(path, header.gzipped) as stream:
            stream.read(_offset(header))
            done = _fill(values, stream, progress)
            excess = bool(stream.read(1))  # also makes gzip verify its checksum
    except (OSError, EOFError, zlib.error) as error:
        raise _broken(path, error) from error
    except MemoryError as error:
        raise DatasetError(
            path, f"There is not enough memory for {path.name}.", "Close other programs."
        ) from error
    if done < size or excess:
        raise _wrong_length(path, size, "more" if excess else f"{done:,}")
    return values.reshape(header.shape)


def _open(path: Path, gzipped: bool) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path, "rb")) if gzipped else path.open("rb")


def _fill(values: ByteArray, stream: BinaryIO, progress: ReadProgress | None) -> int:
    """Fill `values` from `stream`; return how many there were."""
    done = 0
    while done < len(values):
        part = stream.read(min(_SLICE, len(values) - done))
        if not part:
            break
        values[done : done + len(part)] = np.frombuffer(part, np.uint8)
        done += len(part)
        if progress is not None:
            progress(done / len(values))
    return done


def _offset(header: IdxHeader) -> int:
    """Return the length of the header in bytes."""
    return 4 + 4 * len(header.shape)


def _shape(path: Path, start: bytes) -> Shape:
    """Return the lengths of the axes that the file's first bytes announce."""
    if len(start) < 4 or start[:2] != b"\0\0":
        raise DatasetError(
            path,
            f"{path.name} is not an IDX file: it does not begin like one.",
            "Open a file such as train-images-idx3-ubyte.gz.",
        )
    kind, axes = start[2], start[3]
    if kind != 0x08 or axes not in (1, 3):
        raise DatasetError(
            path,
            f"{path.name} is an IDX file, but holds neither images nor labels as bytes"
            f" (type {kind:#04x}, {axes} axes).",
            "Images need type 0x08 and 3 axes, labels type 0x08 and 1 axis.",
        )
    if len(start) < 4 + 4 * axes:
        raise DatasetError(path, f"{path.name} ends inside its header.", _AGAIN)
    return struct.unpack_from(f">{axes}I", start, 4)


def _check_size(path: Path, header: IdxHeader, file_size: int) -> None:
    """Refuse a header that claims too much, before any memory is asked for."""
    size = math.prod(header.shape)
    if size == 0:
        raise DatasetError(path, f"{path.name} holds no images or labels.", "Open another file.")
    if size > MOST_VALUES or max(header.shape[1:], default=0) > LONGEST_SIDE:
        claim = " × ".join(f"{length:,}" for length in header.shape)
        raise DatasetError(
            path,
            f"{path.name} claims to hold {claim} values, more than this program reads.",
            f"At most {MOST_VALUES:,} values and {LONGEST_SIDE:,} pixels a side are read;"
            " most likely the file is damaged.",
        )
    held = file_size - _offset(header)
    if not header.gzipped and held != size:
        raise _wrong_length(path, size, f"{max(held, 0):,}")
    if header.gzipped and size > file_size * _BEST_RATIO:
        raise _wrong_length(path, size, f"fewer than {file_size * _BEST_RATIO:,}")


def _wrong_length(path: Path, expected: int, found: str) -> DatasetError:
    return DatasetError(
        path,
        f"{path.name} is damaged: it should hold {expected:,} values and holds {found}.",
        _AGAIN,
    )


def _broken(path: Path, error: Exception) -> DatasetError:
    if isinstance(error, EOFError):
        return DatasetError(path, f"{path.name} is incomplete: it breaks off early.", _AGAIN)
    if isinstance(error, OSError) and error.errno is not None:
        return unreadable(path, error)
    return DatasetError(
        path, f"{path.name} is damaged: it is compressed, but cannot be unpacked.", _AGAIN
    )
