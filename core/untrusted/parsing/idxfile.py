"""One IDX file: the format of MNIST, a header and then nothing but bytes.

The header is two zero bytes, a byte for the type of the values (8: unsigned bytes), a byte
for the number of axes, and the length of each axis as a big-endian 32-bit number.
Nothing in it is believed until it is checked, and no memory is asked for before that.

Source: the section "FILE FORMATS FOR THE MNIST DATABASE" of LeCun's MNIST page.
"""

import gzip
import math
import os
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import numpy as np

from core.base.arrays import ByteArray, Shape
from core.base.errors import DatasetError
from core.base.regular_file import open_regular
from core.untrusted.parsing.rawimages import gray_images, image_shape
from core.untrusted.parsing.safe_read import AGAIN, LONGEST_SIDE, MOST_BYTES, most_unpacked
from core.untrusted.reading import ReadProgress, unreadable

MOST_VALUES = MOST_BYTES

_GZIP_MAGIC = b"\x1f\x8b"
_SLICE = 1 << 20  # bytes read at a time: 5 ms
_MOST_AXES = 4


@dataclass(frozen=True, slots=True)
class IdxHeader:
    """What an IDX file says it holds, as bytes: labels (N,) or (N, 1), or images.

    Images are (N, H, W), or flat (N, H * W) if square, or (N, H, W, channels), as in
    `core.untrusted.parsing.rawimages`.
    """

    shape: Shape
    gzipped: bool

    @property
    def holds_images(self) -> bool:
        """True for images, False for labels."""
        return math.prod(self.shape[1:]) > 1

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
        with open_regular(path) as raw:
            size = os.fstat(raw.fileno()).st_size
            gzipped = raw.read(2) == _GZIP_MAGIC
        with _opened(path, gzipped) as stream:
            start = stream.read(4 + 4 * _MOST_AXES)
    except (OSError, EOFError, zlib.error) as error:
        raise _broken(path, error) from error
    if not start:
        raise DatasetError(path, f"{path.name} is empty.", AGAIN)
    header = IdxHeader(_shape(path, start), gzipped)
    _check_size(path, header, size)
    return header


def read_values(path: Path, header: IdxHeader, progress: ReadProgress | None = None) -> ByteArray:
    """Read all that the file's `header` announces.

    Returns:
        uint8 images (N, H, W), gray, or labels (N,).

    Raises:
        DatasetError: the file is damaged, or ends earlier or later than it should.
    """
    size = math.prod(header.shape)
    row = header.shape[1:]
    shape = image_shape(row) if header.holds_images else ()
    if shape is None:
        raise ValueError("the header was not checked")
    try:
        values = np.empty((header.count, *shape), np.uint8)
        with _opened(path, header.gzipped) as stream:
            stream.read(_offset(header))
            if values.size == size:
                done = _fill(values.reshape(-1), stream, progress)
            else:
                done = _fill_gray(values, row, stream, progress)
            excess = bool(stream.read(1))  # also makes gzip verify its checksum
    except (OSError, EOFError, zlib.error) as error:
        raise _broken(path, error) from error
    except MemoryError as error:
        raise DatasetError(
            path, f"There is not enough memory for {path.name}.", "Close other programs."
        ) from error
    if done < size or excess:
        raise _wrong_length(path, size, "more" if excess else f"{done:,}")
    return values


@contextmanager
def _opened(path: Path, gzipped: bool) -> Iterator[BinaryIO]:
    with open_regular(path) as raw:
        if not gzipped:
            yield raw
            return
        with gzip.open(raw, "rb") as stream:
            yield cast(BinaryIO, stream)


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


def _fill_gray(
    images: ByteArray, row: Shape, stream: BinaryIO, progress: ReadProgress | None
) -> int:
    """Fill images (N, H, W) from a stream of colours; return how many values there were."""
    at_once = max(1, _SLICE // math.prod(row))
    done = 0
    for start in range(0, len(images), at_once):
        count = min(at_once, len(images) - start)
        block = np.empty((count, *row), np.uint8)
        filled = _fill(block.reshape(-1), stream, None)
        done += filled
        if filled < block.size:
            break
        images[start : start + count] = gray_images(block)
        if progress is not None:
            progress((start + count) / len(images))
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
    if kind != 0x08 or not 1 <= axes <= _MOST_AXES:
        raise _other_kind(path, kind, axes)
    if len(start) < 4 + 4 * axes:
        raise DatasetError(path, f"{path.name} ends inside its header.", AGAIN)
    return struct.unpack_from(f">{axes}I", start, 4)


def _other_kind(path: Path, kind: int, axes: int) -> DatasetError:
    return DatasetError(
        path,
        f"{path.name} is an IDX file, but holds neither images nor labels as bytes"
        f" (type {kind:#04x}, {axes} axes).",
        "Labels need type 0x08 and 1 axis; images type 0x08 and 3 axes, 2 if each is a row"
        " of a square number of pixels, or 4 with colours.",
    )


def _check_size(path: Path, header: IdxHeader, file_size: int) -> None:
    """Refuse a header that claims too much, before any memory is asked for."""
    size = math.prod(header.shape)
    if size == 0:
        raise DatasetError(path, f"{path.name} holds no images or labels.", "Open another file.")
    row = header.shape[1:]
    longest = LONGEST_SIDE if len(row) > 1 else LONGEST_SIDE**2  # flat images have one axis
    if size > MOST_VALUES or max(row, default=0) > longest:
        claim = " × ".join(f"{length:,}" for length in header.shape)
        raise DatasetError(
            path,
            f"{path.name} claims to hold {claim} values, more than this program reads.",
            f"At most {MOST_VALUES:,} values and {LONGEST_SIDE:,} pixels a side are read;"
            " most likely the file is damaged.",
        )
    if header.holds_images and image_shape(row) is None:
        raise _other_kind(path, 0x08, len(header.shape))
    held = file_size - _offset(header)
    if not header.gzipped and held != size:
        raise _wrong_length(path, size, f"{max(held, 0):,}")
    believed = most_unpacked(file_size)
    if header.gzipped and size > believed:
        raise _wrong_length(path, size, f"fewer than {believed:,}")


def _wrong_length(path: Path, expected: int, found: str) -> DatasetError:
    return DatasetError(
        path,
        f"{path.name} is damaged: it should hold {expected:,} values and holds {found}.",
        AGAIN,
    )


def _broken(path: Path, error: Exception) -> DatasetError:
    if isinstance(error, EOFError):
        return DatasetError(path, f"{path.name} is incomplete: it breaks off early.", AGAIN)
    if isinstance(error, OSError) and error.errno is not None:
        return unreadable(path, error)
    return DatasetError(
        path, f"{path.name} is damaged: it is compressed, but cannot be unpacked.", AGAIN
    )
