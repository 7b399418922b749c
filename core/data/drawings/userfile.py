"""The file of the user's own drawings: one HDF5 file, read with distrust.

    /           @format "inkling-drawings"  @schema_version 1  @content_sha256 ...
    /images     (N, 28, 28) uint8       /labels     (N,) uint8
    /keys       (N, 16) uint8           /times      (N,) int64, ms since 1970, UTC
    /pen_radius (N,) float32            /confidence (N,) float32
    /name_of    (N,) int32              /answer_of  (N,) int32, -1 without an answer
    /names      JSON list of strings, as uint8
    /points     (M, 3) float32          x, y, pressure of all strokes, one after the other
    /stroke_ends   (S,) int64           where in `points` each stroke ends
    /drawing_ends  (N,) int64           where in `stroke_ends` each drawing ends

All data sets are contiguous and unfiltered, as in `core.modelfile`, for the same reasons.
"""

import hashlib
import math
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from core import __version__
from core.base.atomic_write import write_bytes_whole
from core.base.errors import DatasetError, SaveError, reason
from core.base.hdf5_memory import hdf5_bytes
from core.base.regular_file import open_regular
from core.data.drawings.drawings import OwnDrawing
from core.data.drawings.usercheck import MAX_BYTES, check_arrays, names_as_bytes
from core.untrusted.parsing.hdf5root import DRAWINGS, SIGNATURE, own_format

FORMAT = DRAWINGS
SCHEMA_VERSION = 1
_KINDS = {  # name: type, axes after the first
    "images": ("|u1", (28, 28)),
    "labels": ("|u1", ()),
    "keys": ("|u1", (16,)),
    "times": ("<i8", ()),
    "pen_radius": ("<f4", ()),
    "confidence": ("<f4", ()),
    "name_of": ("<i4", ()),
    "answer_of": ("<i4", ()),
    "names": ("|u1", ()),
    "points": ("<f4", (3,)),
    "stroke_ends": ("<i8", ()),
    "drawing_ends": ("<i8", ()),
}


class DamagedFileError(DatasetError):
    """The file of drawings is damaged, or is something else altogether."""


def write_userset(path: Path, drawings: Sequence[OwnDrawing]) -> None:
    """Write a file of drawings, whole or not at all.

    Raises:
        SaveError: it could not be written, or would be larger than is read; the file that
            was there is untouched.
    """
    arrays = _pack(drawings)
    try:
        check_arrays(arrays)  # as whoever reads it will
    except ValueError as error:
        raise SaveError(
            path,
            f"“{path.name}” was not saved: it would hold {error}.",
            "Delete drawings that you do not need, or export them first.",
        ) from error

    def fill(file: h5py.File) -> None:
        file.attrs["format"] = np.bytes_(FORMAT)
        file.attrs["schema_version"] = SCHEMA_VERSION
        file.attrs["app_version"] = np.bytes_(__version__)
        file.attrs["saved"] = np.bytes_(datetime.now(UTC).isoformat(timespec="seconds"))
        file.attrs["content_sha256"] = np.bytes_(_digest(arrays))
        for name, array in arrays.items():
            file.create_dataset(name, data=array)

    write_bytes_whole(path, hdf5_bytes(fill), keep_copy=False)


def is_userset(path: Path) -> bool:
    """Tell whether `path` is a file of drawings, damaged or not."""
    return own_format(path) == FORMAT


def read_userset(path: Path) -> list[OwnDrawing]:
    """Read a file of drawings, oldest first.

    Raises:
        DatasetError: it is missing, may not be read, or is of a newer Inkling; as a
            DamagedFileError: it is damaged or of another kind.
    """
    try:
        with open_regular(path) as stream:
            size, signature = os.fstat(stream.fileno()).st_size, stream.read(len(SIGNATURE))
    except OSError as error:
        raise DatasetError(path, f"“{path.name}” could not be opened: {reason(error)}.") from error
    if signature != SIGNATURE or size > MAX_BYTES:
        raise DamagedFileError(path, f"“{path.name}” holds no drawings of Inkling's.")
    try:
        with open_regular(path) as stream, h5py.File(stream, "r", locking=False) as file:
            arrays = _arrays(file, path, size)
        return _unpack(arrays)
    except DatasetError:
        raise
    except MemoryError as error:  # which says nothing against the file
        raise DatasetError(
            path, f"There is not enough memory for “{path.name}”.", "Close other programs."
        ) from error
    except Exception as error:  # noqa: BLE001 - h5py raises eight kinds on damaged files
        raise DamagedFileError(
            path, f"“{path.name}” is damaged: it was cut off or changed."
        ) from error


def _arrays(file: h5py.File, path: Path, size: int) -> dict[str, Any]:
    """Return the file's arrays; nothing is allocated before its size is checked."""
    if file.attrs.get("format") != np.bytes_(FORMAT):
        raise DamagedFileError(path, f"“{path.name}” holds no drawings of Inkling's.")
    if int(file.attrs["schema_version"]) > SCHEMA_VERSION:
        raise DatasetError(
            path, f"“{path.name}” was saved by a newer Inkling.", "Update Inkling to read it."
        )
    if sum(_checked_bytes(file, name) for name in _KINDS) > size:
        raise ValueError("it declares more than it holds")
    arrays = {name: file[name][()] for name in _KINDS}
    if file.attrs["content_sha256"] != np.bytes_(_digest(arrays)):
        raise ValueError("its check sum does not fit")
    return arrays


def _checked_bytes(file: h5py.File, name: str) -> int:
    if not isinstance(file.get(name, getlink=True), h5py.HardLink):
        raise ValueError("a part is missing, or lies elsewhere")  # noqa: TRY004 - of the file
    item, (kind, axes) = file[name], _KINDS[name]
    plain = (
        isinstance(item, h5py.Dataset)
        and item.dtype == np.dtype(kind)
        and item.shape is not None
        and item.shape[1:] == axes
        and len(item.shape) == 1 + len(axes)
        and item.chunks is None
        and item.compression is None
        and item.external is None
        and not item.is_virtual
    )
    if not plain:
        raise ValueError("data of an unknown kind")
    return int(math.prod(item.shape) * item.dtype.itemsize)


def _digest(arrays: dict[str, Any]) -> str:
    digest = hashlib.sha256()
    for name in _KINDS:
        digest.update(f"{name} {arrays[name].shape}".encode())
        digest.update(np.ascontiguousarray(arrays[name]).tobytes())
    return digest.hexdigest()


def _pack(drawings: Sequence[OwnDrawing]) -> dict[str, Any]:
    names = sorted({text for one in drawings for text in (one.name, one.answer) if text})
    place = {name: index for index, name in enumerate(names)}
    strokes = [stroke for one in drawings for stroke in one.strokes]
    columns: dict[str, Any] = {
        "images": [one.image for one in drawings],
        "labels": [one.label for one in drawings],
        "keys": [list(bytes.fromhex(one.key)) for one in drawings],
        "times": [one.time_ms for one in drawings],
        "pen_radius": [one.pen_radius for one in drawings],
        "confidence": [one.confidence for one in drawings],
        "name_of": [place[one.name] for one in drawings],
        "answer_of": [place.get(one.answer, -1) for one in drawings],
        "names": list(names_as_bytes(names)),
        "points": np.concatenate([np.empty((0, 3), np.float32), *strokes]),
        "stroke_ends": np.cumsum([len(stroke) for stroke in strokes], dtype=np.int64),
        "drawing_ends": np.cumsum([len(one.strokes) for one in drawings], dtype=np.int64),
    }
    return {
        name: np.asarray(columns[name], np.dtype(kind)).reshape(-1, *axes)
        for name, (kind, axes) in _KINDS.items()
    }


def _unpack(arrays: dict[str, Any]) -> list[OwnDrawing]:
    count, names = len(arrays["images"]), check_arrays(arrays)
    strokes = np.split(arrays["points"], arrays["stroke_ends"][:-1])
    starts = [0, *arrays["drawing_ends"].tolist()]
    columns = {name: arrays[name].tolist() for name in _KINDS if arrays[name].ndim == 1}
    return [
        OwnDrawing(
            key=arrays["keys"][index].tobytes().hex(),
            image=arrays["images"][index],
            strokes=tuple(strokes[starts[index] : starts[index + 1]]),
            pen_radius=columns["pen_radius"][index],
            label=columns["labels"][index],
            name=names[columns["name_of"][index]],
            time_ms=columns["times"][index],
            answer=names[at] if (at := columns["answer_of"][index]) >= 0 else "",
            confidence=columns["confidence"][index],
        )
        for index in range(count)
    ]
