"""Weights in MATLAB's files: Coursera's ex4weights.mat, with Theta1 and Theta2."""

import struct
import zlib
from pathlib import Path
from typing import ClassVar

from core.importer import IMPORTERS, Draft
from core.importing.parcel import receive
from core.importing.statedict import weights_draft
from core.reading.safe_read import first_bytes

_MAGIC = b"MATLAB 5.0 MAT-file"
_LOOKED_AT = 1 << 20  # bytes
_HEADER = 128
_PACKED = 15  # the type of a zlib-compressed element; source: MAT-File Format, table 1-1
_START = 256  # bytes of an element that hold its name
_MARKS = (b"Theta", b"theta", b"W1", b"weights", b"Weights")
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
        """Tell whether the first variable is called as weights are."""
        start = first_bytes(path, _LOOKED_AT)
        if not start.startswith(_MAGIC) or len(start) < _HEADER + 8:
            return False
        order = "<" if start[126:128] == b"IM" else ">"
        kind, length = struct.unpack_from(f"{order}II", start, _HEADER)
        element = start[_HEADER + 8 : _HEADER + 8 + length]
        if kind == _PACKED:
            try:
                element = zlib.decompressobj().decompress(element, _START)
            except zlib.error:
                return False
        return any(mark in element[:_START] for mark in _MARKS)

    def read(self, path: Path) -> Draft:
        """Read the matrices."""
        return weights_draft(path, receive("matlab", path).arrays, _COURSE)


IMPORTERS.add("matlab", MatlabWeights())
