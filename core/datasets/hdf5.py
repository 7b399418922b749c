"""Digits in HDF5 files: images and labels under any of the usual names."""

from pathlib import Path
from typing import ClassVar

from core.datasets.child import read_in_child
from core.reader import READERS, RawData, ReadProgress
from core.safe_read import first_bytes

_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_OURS = (b"inkling-model",)  # of files that hold a model; in their first bytes
_LOOKED_AT = 8192  # bytes


class Hdf5Reader:
    """Reads one HDF5 file, in a child process: damaged ones have crashed the library."""

    label: ClassVar[str] = "HDF5 files"
    patterns: ClassVar[tuple[str, ...]] = ("*.h5", "*.hdf5", "*.hdf")

    def recognises(self, path: Path) -> bool:
        """Tell whether this is an HDF5 file, but not a model that Inkling saved."""
        if not path.is_file():
            return False
        start = first_bytes(path, _LOOKED_AT)
        return start.startswith(_SIGNATURE) and not any(mark in start for mark in _OURS)

    def read(self, path: Path, progress: ReadProgress | None = None) -> RawData:
        """Read the images and labels of a file."""
        return read_in_child("hdf5", "hdf5", path, progress)


READERS.add("hdf5", Hdf5Reader())
