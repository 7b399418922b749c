"""What the root of an HDF5 file says about it: whose file it is, asked of its structure.

HDF5 puts attributes and names where it likes, in a large file megabytes from its beginning.
So it is asked for them, with the care of `core.modelfile.guard`: the file is opened as a
stream of an ordinary file, names and one fixed-length text are looked at, no data, no text
of variable length, and nothing that lies elsewhere. Only where damage keeps the structure
from being read are all the bytes searched.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import h5py
import numpy as np
from h5py import h5a, h5s, h5t

from core.base.regular_file import open_regular
from core.untrusted.parsing.safe_read import first_bytes

SIGNATURE = b"\x89HDF\r\n\x1a\n"
MODEL, DRAWINGS = "inkling-model", "inkling-drawings"  # what our own files call themselves
# DataSplit that no other program's files have together: by these one is known whose mark is gone.
_OURS = {
    MODEL: frozenset({"model_weights", "trainer"}),
    DRAWINGS: frozenset({"stroke_ends", "drawing_ends"}),
}
_MOST_NAMES = 1000  # of attributes, and of parts; a file with more is none of ours
_LONGEST_MARK = 64  # bytes
_SLICE = 1 << 20
_SCANNED = 64 << 20  # bytes at each end of a file whose structure cannot be read


@dataclass(frozen=True, slots=True)
class Root:
    """What stands at the top of a file.

    Attributes:
        own: `MODEL` or `DRAWINGS` if Inkling wrote it, damaged or not; "" for others.
        attributes, members: the names of the root's attributes and parts.
        damaged: its structure cannot be read; attributes and members are unknown.
    """

    own: str
    attributes: frozenset[str] = frozenset()
    members: frozenset[str] = frozenset()
    damaged: bool = False


def read_root(path: Path, offset: int = 0) -> Root | None:
    """Return what a file's root says; None if it is no HDF5 file. Never raises.

    `offset` is how many bytes of another program stand before the file proper.
    """
    if first_bytes(path, offset + len(SIGNATURE))[offset:] != SIGNATURE:
        return None
    try:
        with open_regular(path) as stream, h5py.File(stream, "r", locking=False) as file:
            return _root(file)
    except Exception:  # noqa: BLE001 - h5py raises eight kinds on damaged files
        return Root(_own_by_bytes(path), damaged=True)


def own_format(path: Path) -> str:
    """Return `MODEL` or `DRAWINGS` if Inkling wrote this file, damaged or not, else ""."""
    root = read_root(path)
    return "" if root is None else root.own


def marks_in(path: Path, marks: Sequence[bytes]) -> set[bytes]:
    """Return those of some texts that stand in a file's first or last 64 MB. Never raises.

    HDF5 puts its names near either end, and a file may claim any size without having it.
    """
    found: set[bytes] = set()
    try:
        with open_regular(path) as stream:
            _look_through(stream, marks, found)
            end = stream.seek(0, os.SEEK_END)
            # A mark may stand across the two parts.
            stream.seek(max(_SCANNED - max(map(len, marks)), end - _SCANNED))
            _look_through(stream, marks, found)
    except OSError:
        pass
    return found


def _look_through(stream: BinaryIO, marks: Sequence[bytes], found: set[bytes]) -> None:
    """Add the marks that stand in the next `_SCANNED` bytes, or a little beyond."""
    kept, overlap = b"", max(map(len, marks)) - 1
    for _ in range(_SCANNED // _SLICE + 1):
        part = stream.read(_SLICE)
        looked_at = kept + part
        found |= {mark for mark in marks if mark not in found and mark in looked_at}
        kept = looked_at[-overlap:]
        if not part:
            return


def _root(file: h5py.File) -> Root:
    attributes = _attribute_names(file.id)
    members = _member_names(file.id)
    mark = _mark(file.id) if "format" in attributes else ""
    known = mark if mark in _OURS else ""
    own = known or next((own for own, parts in _OURS.items() if parts <= members), "")
    return Root(own, attributes, members)


def _attribute_names(item: Any) -> frozenset[str]:
    count = min(h5a.get_num_attrs(item), _MOST_NAMES)
    names = (h5a.open(item, index=index).name for index in range(count))
    return frozenset(name.decode("utf-8", "replace") for name in names)


def _member_names(group: Any) -> frozenset[str]:
    if group.get_num_objs() > _MOST_NAMES:
        return frozenset()
    return frozenset(name.decode("utf-8", "replace") for name in group)


def _mark(item: Any) -> str:
    """Return the attribute “format”, if it is a plain short text."""
    attribute = h5a.open(item, b"format")
    kind, space = attribute.get_type(), attribute.get_space()
    plain = (
        isinstance(kind, h5t.TypeStringID)
        and not kind.is_variable_str()
        and kind.get_size() <= _LONGEST_MARK
        and space.get_simple_extent_type() == h5s.SCALAR
    )
    if not plain:
        return ""
    value = np.empty((), attribute.dtype)
    attribute.read(value)
    return bytes(value.item()).decode("ascii", "replace")


def _own_by_bytes(path: Path) -> str:
    """Tell whose a damaged file is by what stands somewhere in it."""
    signs = {own: [own.encode(), *(name.encode() + b"\0" for name in _OURS[own])] for own in _OURS}
    found = marks_in(path, [mark for marks in signs.values() for mark in marks])
    for own, (mark, *parts) in signs.items():
        if mark in found or found.issuperset(parts):
            return own
    return ""
