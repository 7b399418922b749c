"""Images and labels in MATLAB's files up to version 7.

SciPy's reader, which has crashed on damaged files, does the work. Before, it is counted
how much the packed parts of the file hold, so that it unpacks no bomb.
"""

import struct
import zlib
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from core.untrusted.parsing.naming import Piece
from core.untrusted.parsing.safe_read import MOST_BYTES, most_unpacked
from core.untrusted.sandbox.hdf5 import label_suggestion
from core.untrusted.sandbox.sending import ChildRefusal, write_pieces

_HEADER = 128
_PACKED = 15  # the type of a zlib-compressed element; source: MAT-File Format, table 1-1
_SLICE = 1 << 20
_DEEPEST = 4
_MOST_LABEL_NAMES = 2_000_000


def read_matlab(path: Path, out: BinaryIO) -> None:
    """Write the images and labels of a file to `out`.

    Raises:
        ChildRefusal: it holds none, or claims too much.
    """
    check_packed(path)
    from scipy.io import loadmat  # noqa: PLC0415 - takes a quarter of a second

    content = loadmat(path, appendmat=False, struct_as_record=True)
    arrays: dict[str, NDArray[Any]] = {}
    for name, value in content.items():
        if not name.startswith("__"):
            collect(arrays, name, value, 0)
    write_pieces(out, arrays, lambda pieces: _suggest(pieces, arrays))


def check_packed(path: Path) -> None:
    """Count what the packed elements hold, a megabyte at a time."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise ChildRefusal("{name} is larger than is read.", "At most 1 GiB is read.")
    held = 0
    with path.open("rb") as file:
        order = "<" if file.read(_HEADER)[126:128] == b"IM" else ">"
        while len(tag := file.read(8)) == 8:
            kind, length = struct.unpack(f"{order}II", tag)
            end = file.tell() + length
            if kind == _PACKED and end <= size:
                held += _unpacked_size(file, length, most_unpacked(size) - held)
            if held > most_unpacked(size):
                raise ChildRefusal(
                    "{name} claims to hold more than this program reads.",
                    "Most likely the file is damaged.",
                )
            file.seek(end)


def _unpacked_size(file: BinaryIO, length: int, most: int) -> int:
    """Return how much `length` packed bytes hold, or anything above `most`."""
    unpacker = zlib.decompressobj()
    held = 0
    while length > 0 and held <= most:
        packed = file.read(min(_SLICE, length))
        length -= len(packed)
        while packed and held <= most:
            held += len(unpacker.decompress(packed, _SLICE))
            packed = unpacker.unconsumed_tail
    return held


def collect(arrays: dict[str, NDArray[Any]], name: str, value: Any, depth: int) -> None:
    """File the arrays in a variable and in its fields under their names."""
    if not isinstance(value, np.ndarray) or not value.size or depth > _DEEPEST:
        return
    if value.dtype.names is not None:
        for field in value.dtype.names if value.size == 1 else ():
            collect(arrays, f"{name}/{field}", value.reshape(-1)[0][field], depth + 1)
    elif value.dtype.kind in "biufU":
        arrays[name] = value
    elif value.dtype.kind == "O":
        words = _words(value)
        collect(arrays, name, value.flat[0] if words is None else words, depth + 1)


def _words(cells: NDArray[Any]) -> NDArray[Any] | None:
    """Return a cell array of words, such as labels, as text; None if it is something else."""
    if cells.size > _MOST_LABEL_NAMES:
        return None
    words = [
        str(item.flat[0])
        for item in cells.flat
        if isinstance(item, np.ndarray) and item.size == 1 and item.dtype.kind == "U"
    ]
    return np.array(words) if len(words) == cells.size else None


def _suggest(
    pieces: list[tuple[Piece, NDArray[Any]]], arrays: dict[str, NDArray[Any]]
) -> dict[str, str]:
    """Rows of pixels were columns in MATLAB, unless somebody wrote MNIST's bytes as they are.

    Those are the files with an array for each digit, and with images side by side.
    """
    first = pieces[0][0]
    flat = arrays[first.images].ndim == 2
    as_written = not isinstance(first.labels, str) or first.axis != 0
    transposed = "yes" if flat and not as_written else "no"
    return {"transpose": transposed, **label_suggestion([labels for _, labels in pieces])}
