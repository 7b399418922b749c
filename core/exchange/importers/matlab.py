"""Weights in MATLAB's files: Coursera's ex4weights.mat, with Theta1 and Theta2."""

import struct
import zlib
from pathlib import Path
from typing import BinaryIO, ClassVar

from core.base.regular_file import open_regular
from core.exchange.import_steps.parcel import receive
from core.exchange.import_steps.statedict import network_of_weights
from core.exchange.importer import IMPORTERS, ImportedNetwork
from core.untrusted.parsing.hdf5root import read_root
from core.untrusted.parsing.safe_read import first_bytes

_MAGIC, _NEWEST = b"MATLAB 5.0 MAT-file", b"MATLAB 7.3 MAT-file"
_HEADER = 128
_HDF5_AT = 512  # where the newest kind, which is HDF5, begins
_PACKED, _MATRIX = 15, 14  # types of elements; source: MAT-File Format, table 1-1
_START = 256  # bytes of an element that hold its name
_MOST_VARIABLES = 200
_MARKS = ("theta", "w1", "weights")
_DIGITS = {"X", "y"}  # the names of the course's images and labels
# How the course's exercise has them.
_COURSE = {
    "activation": "sigmoid",
    "output": "sigmoid",
    "scaling": "unit",
    "order": "columns",
    "classes": "one-based",
}


class MatlabWeights:
    """Reads matrices; a first column of biases is noticed."""

    label: ClassVar[str] = "MATLAB weights"
    patterns: ClassVar[tuple[str, ...]] = ("*.mat",)

    def recognises(self, path: Path) -> bool:
        """Tell whether a variable, wherever it stands, is called as weights are."""
        names = _variables(path)
        weights = [name for name in names if any(mark in name.lower() for mark in _MARKS)]
        return bool(weights) and (weights[0] == names[0] or not set(names) >= _DIGITS)

    def read(self, path: Path) -> ImportedNetwork:
        """Read the matrices."""
        return network_of_weights(path, receive("matlab", path).arrays, _COURSE)


def _variables(path: Path) -> list[str]:
    """Return the names of a file's variables, in its order. Never raises."""
    start = first_bytes(path, _HEADER)
    if start.startswith(_NEWEST):
        root = read_root(path, _HDF5_AT)
        return [] if root is None else sorted(root.members)
    names: list[str] = []
    if not start.startswith(_MAGIC) or len(start) < _HEADER:
        return names
    order = "<" if start[126:128] == b"IM" else ">"
    try:
        with open_regular(path) as stream:
            place = _HEADER
            while len(names) < _MOST_VARIABLES and (step := _element(stream, place, order)):
                names.append(step[0])
                place += step[1]
    except (OSError, ValueError, OverflowError, struct.error, zlib.error):
        pass  # what is damaged is known by what stands before
    return names


def _element(stream: BinaryIO, place: int, order: str) -> tuple[str, int] | None:
    """Return the name of the variable at `place`, and its length; None at the end."""
    stream.seek(place)
    tag = stream.read(8)
    if len(tag) < 8:
        return None
    kind, length = struct.unpack(f"{order}II", tag)
    content = stream.read(min(length, _START if kind == _MATRIX else 4 * _START))
    if kind == _PACKED:
        content = zlib.decompressobj().decompress(content, _START)[8:]
    return _name(content, order), 8 + length


def _name(content: bytes, order: str) -> str:
    """Return the name in the beginning of a matrix: behind its flags and its shape.

    Where these are damaged, all that is left of the beginning.
    """
    try:
        (shape,) = struct.unpack_from(f"{order}I", content, 16 + 4)
        at = 16 + 8 + (shape + 7) // 8 * 8
        first, length = struct.unpack_from(f"{order}II", content, at)
    except struct.error:
        return content.decode("latin-1")
    if first >> 16:  # up to four letters stand in the tag itself
        return content[at + 4 : at + 4 + (first >> 16)].decode("latin-1")
    return content[at + 8 : at + 8 + length].decode("latin-1")


IMPORTERS.add("matlab", MatlabWeights())
