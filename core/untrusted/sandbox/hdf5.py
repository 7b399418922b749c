"""Images and labels in an HDF5 file, and in MATLAB's files from version 7.3 on.

Only what lies in the file itself is read: no links to elsewhere, no external or virtual
storage, no values of variable length. What a data set declares is checked against what is
stored of it before memory is asked for.
"""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import h5py
import numpy as np
from numpy.typing import NDArray

from core.untrusted.parsing.hdf5root import MODEL, own_format
from core.untrusted.parsing.naming import Piece
from core.untrusted.parsing.safe_read import MOST_BYTES, most_unpacked
from core.untrusted.sandbox.sending import ChildRefusal, write_pieces

_MOST_OBJECTS = 2000
_DEEPEST = 6
_LARGEST_CHUNK = 256 << 20  # bytes
_FILTERS = {1, 2, 3, 32000}  # deflate, shuffle, Fletcher's check sum, LZF


def read_hdf5(path: Path, out: BinaryIO, *, matlab: bool = False) -> None:
    """Write the images and labels of a file to `out`.

    Raises:
        ChildRefusal: it holds none, or only such as are not read.
    """
    if own_format(path) == MODEL:
        raise ChildRefusal("{name} is a model, not data.", "Open it with Open model.")
    with h5py.File(path, "r", locking=False) as file:
        arrays: dict[str, Any] = {}
        passed_over: list[str] = []
        size = path.stat().st_size
        for name, item in hard_linked(file):
            why = refusal(item, size)
            if why:
                passed_over.append(f"“{name}” {why}")
            else:
                arrays[name] = item
        try:
            write_pieces(out, arrays, _suggest_matlab if matlab else _suggest)
        except ChildRefusal as error:
            if not passed_over:
                raise
            raise ChildRefusal(
                f"{{name}} holds no images with labels that are read: {passed_over[0]}.",
                "Save them as plain arrays of numbers.",
            ) from error


def hard_linked(file: h5py.Group) -> Iterator[tuple[str, h5py.Dataset]]:
    """Walk through groups along hard links."""
    waiting: list[tuple[str, h5py.Group, int]] = [("", file, 0)]
    seen = 0
    while waiting:
        prefix, group, depth = waiting.pop()
        for name in group:
            seen += 1
            if seen > _MOST_OBJECTS:
                return
            if name.startswith("#") or not isinstance(group.get(name, getlink=True), h5py.HardLink):
                continue
            item = group[name]
            if isinstance(item, h5py.Group) and depth < _DEEPEST:
                waiting.append((f"{prefix}{name}/", item, depth + 1))
            elif isinstance(item, h5py.Dataset):
                yield prefix + name, item


def refusal(item: h5py.Dataset, file_size: int) -> str:
    """Say why a data set is not read, or "" if it may be."""
    if item.shape is None or item.dtype.kind not in "biufS":
        return "holds text of variable length or other things that are no numbers"
    if item.is_virtual or item.external:
        return "lies in another file"
    filters = item.id.get_create_plist()
    used = {filters.get_filter(place)[0] for place in range(filters.get_nfilters())}
    if not used <= _FILTERS:
        return "is packed in a way that is not read"
    declared = math.prod(item.shape) * item.dtype.itemsize
    stored = min(item.id.get_storage_size(), file_size)
    chunk = math.prod(item.chunks or ()) * item.dtype.itemsize
    believed = most_unpacked(stored) if item.chunks else stored
    if declared > min(believed, MOST_BYTES) or chunk > _LARGEST_CHUNK:
        return "claims to hold more than it does"
    return ""


def _suggest(_: list[tuple[Piece, NDArray[Any]]]) -> dict[str, str]:
    return {}


def _suggest_matlab(pieces: list[tuple[Piece, NDArray[Any]]]) -> dict[str, str]:
    """MATLAB stores columns first, and HDF5 shows them as rows: images lie on their side."""
    return {"transpose": "yes", **label_suggestion([labels for _, labels in pieces])}


def label_suggestion(labels: list[NDArray[Any]]) -> dict[str, str]:
    """Tell whether labels are 1 to 10 with 10 for 0, as in MATLAB, which counts from 1."""
    numeric = all(found.dtype.kind in "biuf" and found.size for found in labels)
    if not numeric:
        return {}
    flat = np.concatenate([found.ravel() for found in labels])
    ten = flat.min() == 1 and flat.max() == 10
    return {"labels": "ten-is-zero"} if ten else {}
