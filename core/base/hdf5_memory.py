"""HDF5 files made in memory."""

import io
from collections.abc import Callable

import h5py


def hdf5_bytes(fill: Callable[[h5py.File], None]) -> memoryview:
    """Return the content of a new HDF5 file.

    In memory, because on a full disk the HDF5 library crashes the whole program when it
    closes the file it could not write (HDF5 2.0, reproduced in the tests of model files).

    Args:
        fill: called with the empty file; puts everything in. What it raises comes out.
    """
    stream = io.BytesIO()
    with h5py.File(stream, "w", libver=("earliest", "v110")) as file:
        fill(file)
    return stream.getbuffer()
