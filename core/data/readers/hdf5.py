"""Digits in HDF5 files: images and labels under any of the usual names."""

from pathlib import Path
from typing import ClassVar

from core.data.reader import READERS, RawData
from core.data.readers.child import read_in_child
from core.untrusted.parsing.hdf5root import MODEL, read_root
from core.untrusted.reading import ReadProgress


class Hdf5Reader:
    """Reads one HDF5 file, in a child process: damaged ones have crashed the library."""

    label: ClassVar[str] = "HDF5 files"
    patterns: ClassVar[tuple[str, ...]] = ("*.h5", "*.hdf5", "*.hdf")

    def recognises(self, path: Path) -> bool:
        """Tell whether this is an HDF5 file, but not a model that Inkling saved."""
        root = read_root(path)
        return root is not None and root.own != MODEL

    def read(self, path: Path, progress: ReadProgress | None = None) -> RawData:
        """Read the images and labels of a file."""
        return read_in_child("hdf5", "hdf5", path, progress)


READERS.add("hdf5", Hdf5Reader())
