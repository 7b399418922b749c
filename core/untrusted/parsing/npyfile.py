"""Arrays in NumPy's files, .npy and .npz: their headers checked, their bytes read in order.

What a header claims is checked against what the (compressed) bytes can hold; pickled
objects are never read.

Source: NumPy's documentation of `numpy.lib.format`.
"""

import ast
import math
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from core.base.arrays import Shape
from core.base.errors import DatasetError
from core.base.regular_file import open_regular
from core.untrusted.parsing.rawimages import rows_at_a_time
from core.untrusted.parsing.safe_read import (
    MOST_BYTES,
    damaged,
    first_bytes,
    most_unpacked,
    no_memory,
    too_large,
)
from core.untrusted.parsing.zipnames import zip_names
from core.untrusted.reading import unreadable

_NPY_MAGIC = b"\x93NUMPY"
_MOST_MEMBERS = 1000
_LONGEST_HEADER = 4096  # bytes; usual ones have 118
_LONG_OF_PYTHON_2 = re.compile(r"(\d)L\b")
_KINDS = "biufSU"  # numbers and text; what is pickled or complex is passed over
_PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1  # bit of a member's flags
_BROKEN = (OSError, EOFError, ValueError, SyntaxError, RecursionError, zipfile.BadZipFile,
           zlib.error, struct.error, NotImplementedError, RuntimeError, KeyError, TypeError,
           MemoryError, OverflowError)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ArchiveMember:
    """One array: in the archive `file`, or the whole of it if `info` is None."""

    file: Path
    info: zipfile.ZipInfo | None
    shape: Shape
    dtype: np.dtype[Any]
    column_major: bool

    @property
    def size(self) -> int:
        """How many bytes its values have."""
        return math.prod(self.shape) * self.dtype.itemsize

    def open(self, stack: ExitStack) -> IO[bytes]:
        """Return a stream that stands behind the header."""
        if self.info is None:
            stream: IO[bytes] = stack.enter_context(open_regular(self.file))
        else:
            whole = stack.enter_context(open_regular(self.file))
            archive = stack.enter_context(zipfile.ZipFile(whole))
            stream = stack.enter_context(archive.open(self.info))
        _header(stream)
        return stream


def is_numpy_file(path: Path) -> bool:
    """Tell whether a file begins as an array, or is an archive of arrays. Never raises."""
    if first_bytes(path, len(_NPY_MAGIC)) == _NPY_MAGIC:
        return True
    return any(name.endswith(".npy") for name in zip_names(path))


def read_members(path: Path, prefix: str = "") -> dict[str, ArchiveMember]:
    """Return the arrays of a file by name, their headers read and checked."""
    try:
        if first_bytes(path, 6) == _NPY_MAGIC:
            with open_regular(path) as stream:
                held = path.stat().st_size
                member = ArchiveMember(path, None, *_header(stream))
                if member.dtype.kind not in _KINDS:
                    return {}
                _check(member, held - stream.tell(), held)
            return {prefix.rstrip("/") or path.stem: member}
        with open_regular(path) as whole, zipfile.ZipFile(whole) as archive:
            return _archived(path, archive, prefix)
    except DatasetError:
        raise
    except _BROKEN as error:
        raise _broken(path, error) from error


def _archived(path: Path, archive: zipfile.ZipFile, prefix: str) -> dict[str, ArchiveMember]:
    infos = archive.infolist()
    if len(infos) > _MOST_MEMBERS:
        raise damaged(path, f"it holds {len(infos):,} parts")
    found: dict[str, ArchiveMember] = {}
    size = path.stat().st_size
    for info in infos:
        if not info.filename.endswith(".npy"):
            continue
        if info.compress_type not in _PACKINGS or info.flag_bits & _ENCRYPTED:
            raise damaged(path, f"{info.filename} is packed in a way that is not read")
        with archive.open(info) as stream:
            member = ArchiveMember(path, info, *_header(stream))
            if member.dtype.kind in _KINDS:
                packed = min(info.compress_size, size)
                held = min(info.file_size, most_unpacked(packed))
                _check(member, info.file_size - stream.tell(), held)
                found[prefix + info.filename.removesuffix(".npy")] = member
    return found


def _header(stream: IO[bytes]) -> tuple[Shape, np.dtype[Any], bool]:
    """Read the header of an array: shape, type, and whether columns come first.

    Raises:
        ValueError, SyntaxError, and what else `literal_eval` makes of bad text.
    """
    start = stream.read(10)
    if start[:6] != _NPY_MAGIC or len(start) < 10 or start[6] not in (1, 2, 3):
        raise ValueError("not an array")
    rest = b"" if start[6] == 1 else stream.read(2)
    length = int.from_bytes(start[8:] + rest, "little")
    if length > _LONGEST_HEADER:
        raise ValueError("too long a header")
    text = stream.read(length).decode("utf-8")
    said = ast.literal_eval(_LONG_OF_PYTHON_2.sub(r"\1", text))
    shape, column_major, described = (said[key] for key in ("shape", "fortran_order", "descr"))
    if not isinstance(described, str):
        raise ValueError("records")  # noqa: TRY004 - what is wrong is the file, not a type
    return tuple(int(side) for side in shape), np.dtype(described), bool(column_major)


def _check(member: ArchiveMember, declared: int, believed: int) -> None:
    """Refuse an array that claims too much, before memory is asked for."""
    size = member.size
    if any(side < 0 for side in member.shape):
        raise damaged(member.file, "an array has a negative length")
    if size > MOST_BYTES or size > believed:
        raise too_large(member.file, f"{size:,} bytes")
    if size != declared:
        raise damaged(member.file, f"an array should hold {size:,} bytes and holds {declared:,}")


def read_whole(member: ArchiveMember) -> NDArray[Any]:
    """Read a whole array."""
    try:
        with ExitStack() as stack:
            values = _read(member, member.open(stack), math.prod(member.shape), last=True)
    except _BROKEN as error:
        raise _broken(member.file, error) from error
    return values.reshape(member.shape, order="F" if member.column_major else "C")


def read_rows(member: ArchiveMember, tell: Callable[[int], None]) -> Iterator[NDArray[Any]]:
    """Read an array some rows at a time."""
    count, *row = member.shape
    size = math.prod(row)
    step = rows_at_a_time(size * member.dtype.itemsize)
    with ExitStack() as stack:
        try:
            stream = member.open(stack)
            for start in range(0, count, step):
                taken = min(step, count - start)
                block = _read(member, stream, taken * size, last=start + taken == count)
                tell(block.nbytes)
                yield block.reshape(taken, *row)
        except _BROKEN as error:
            raise _broken(member.file, error) from error


def _read(member: ArchiveMember, stream: IO[bytes], count: int, *, last: bool) -> NDArray[Any]:
    size = count * member.dtype.itemsize
    content = stream.read(size)
    if len(content) != size or (last and stream.read(1)):  # the last makes zip check its sum
        raise EOFError
    return np.frombuffer(content, member.dtype)


def _broken(path: Path, error: Exception) -> DatasetError:
    if isinstance(error, MemoryError):
        return no_memory(path)
    if isinstance(error, OSError) and error.errno is not None:
        return unreadable(path, error)
    return damaged(path, "its arrays cannot be unpacked")
