"""Weights in MATLAB's files, such as Coursera's ex4weights.mat."""

from pathlib import Path
from typing import Any

import h5py
import numpy as np
from numpy.typing import NDArray

from core.untrusted.sandbox.hdf5 import hard_linked, refusal
from core.untrusted.sandbox.matlab import check_packed, collect
from core.untrusted.sandbox.parcel import Parcel

_NEWEST = b"MATLAB 7.3 MAT-file"  # HDF5 behind 512 bytes of header


def read_matlab_weights(path: Path) -> Parcel:
    """Return the arrays of numbers by the names of the variables."""
    parcel = Parcel()
    with path.open("rb") as file:
        newest = file.read(len(_NEWEST)) == _NEWEST
    if newest:
        _read_newest(parcel, path)
        return parcel
    check_packed(path)
    from scipy.io import loadmat  # noqa: PLC0415 - takes a quarter of a second

    arrays: dict[str, NDArray[Any]] = {}
    for name, value in loadmat(path, appendmat=False, struct_as_record=True).items():
        if not name.startswith("__"):
            collect(arrays, name, value, 0)
    for name, array in arrays.items():
        if array.dtype.kind in "biuf":
            parcel.put(name, array)
    return parcel


def _read_newest(parcel: Parcel, path: Path) -> None:
    size = path.stat().st_size
    with h5py.File(path, "r", locking=False) as file:
        for name, item in hard_linked(file):
            if not refusal(item, size) and item.dtype.kind in "biuf":
                parcel.require(name, item.shape)
                parcel.add(name, np.asarray(item[()]).T)  # HDF5 shows columns as rows
