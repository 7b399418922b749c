"""Digits in HDF5 files: images and labels under any of the usual names."""

from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import ClassVar

from core.datasets.child import read_in_child
from core.reader import READERS, RawData, ReadProgress
from core.reading.safe_read import first_bytes

_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_OURS = b"inkling-model"  # somewhere in every model file: HDF5 puts attributes where it likes


class Hdf5Reader:
    """Reads one HDF5 file, in a child process: damaged ones have crashed the library."""

    label: ClassVar[str] = "HDF5 files"
    patterns: ClassVar[tuple[str, ...]] = ("*.h5", "*.hdf5", "*.hdf")

    def recognises(self, path: Path) -> bool:
        """Tell whether this is an HDF5 file, but not a model that Inkling saved."""
        if not path.is_file():
            return False
        if first_bytes(path, len(_SIGNATURE)) != _SIGNATURE:
            return False
        try:
            with path.open("rb") as stream, mmap(stream.fileno(), 0, access=ACCESS_READ) as whole:
                return whole.find(_OURS) < 0
        except (OSError, ValueError):  # went away, or is empty by now
            return False

    def read(self, path: Path, progress: ReadProgress | None = None) -> RawData:
        """Read the images and labels of a file."""
        return read_in_child("hdf5", "hdf5", path, progress)


READERS.add("hdf5", Hdf5Reader())
