"""Digits in MATLAB's .mat files: Coursera's exercise, EMNIST, and others."""

from pathlib import Path
from typing import ClassVar

from core.data.reader import READERS, RawData
from core.data.readers.child import read_in_child
from core.untrusted.parsing.safe_read import first_bytes
from core.untrusted.reading import ReadProgress

_MAGIC = b"MATLAB 5.0 MAT-file"
_MAGIC_HDF5 = b"MATLAB 7.3 MAT-file"  # HDF5 behind 512 bytes of header


class MatlabReader:
    """Reads one .mat file, in a child process: damaged ones have crashed SciPy's reader."""

    label: ClassVar[str] = "MATLAB files"
    patterns: ClassVar[tuple[str, ...]] = ("*.mat",)

    def recognises(self, path: Path) -> bool:
        """Tell whether this file begins as MATLAB's, or is called so (the oldest kind)."""
        if not path.is_file():
            return False
        start = first_bytes(path, 128)
        return start.startswith((_MAGIC, _MAGIC_HDF5)) or path.suffix.lower() == ".mat"

    def read(self, path: Path, progress: ReadProgress | None = None) -> RawData:
        """Read the images and labels of a file."""
        newest = first_bytes(path, 128).startswith(_MAGIC_HDF5)
        return read_in_child("matlab", "matlab-hdf5" if newest else "matlab", path, progress)


READERS.add("matlab", MatlabReader())
