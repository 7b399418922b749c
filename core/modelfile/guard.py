"""Reading an HDF5 file from a stranger.

HDF5 can point to other files, to itself in circles, to memory that it does not fill and
to data that unpack a thousandfold, and its library crashes on damaged strings of variable
length. None of this is in a model file, so everything is looked at before any data is
taken, in this order:

    1. the first eight bytes, and that the file is not larger than any model
    2. the root's attributes: fixed-length text and whole numbers only
    3. format and version
    4. every link: hard, and each object reached once; their number and depth
    5. every data set: whole or real numbers, in one piece in this file, without filters,
       as long as it declares, and all together no longer than the file
    6. every attribute, as the root's
    7. the data, and their check sum

What comes back is arrays: nothing that follows touches the HDF5 library.
"""

import math
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from h5py import h5a, h5d, h5g, h5l, h5o, h5s, h5t
from numpy.typing import NDArray

from core.base.errors import ModelFileError, reason
from core.base.memory import shortage
from core.base.regular_file import open_regular
from core.modelfile.content import Content, ModelContentError
from core.untrusted.parsing.hdf5root import SIGNATURE

MOST_BYTES = 6 << 30  # sixteen layers of 4096 units with Adam, and the best weights
_SLICE = 1 << 20  # bytes
_OPENED = 3  # times its size while it is opened: as read, as the run has it, and as it answers
_MOST_OBJECTS = 2_000
_MOST_ATTRIBUTES = 64  # of one object
_MOST_ATTRIBUTE_BYTES = 64 << 10
_DEEPEST, _MOST_AXES = 16, 4


def read_guarded(path: Path, admit: Callable[[Content], None]) -> Content:
    """Return all that a file holds.

    Args:
        path: the file.
        admit: told of the root's attributes first; raises what says that it is another
            format or version.

    Raises:
        ModelContentError: it holds what no model file holds.
        ModelFileError: it cannot be opened, or is no HDF5 file.
        Exception: of many kinds, from the HDF5 library, if it is damaged.
    """
    content = Content()
    with _opened(path) as (file, size):
        content.attributes[""] = dict(_attributes(file.id))
        admit(content)
        found = _Survey(size)
        found.look(file.id)
        for name, item in found.data.items():
            array = np.empty(item.shape, item.dtype)
            if array.size:
                item.read(h5s.ALL, h5s.ALL, array)
            content.arrays[name] = array
        content.attributes.update(found.attributes)
    return content


def read_one(path: Path, admit: Callable[[Content], None], name: str) -> NDArray[Any] | None:
    """Return one array of a file that is checked as in `read_guarded`, or None.

    Nothing else is read, so the check sum is not looked at. Raises as `read_guarded`.
    """
    with _opened(path) as (file, size):
        admit(Content(attributes={"": dict(_attributes(file.id))}))
        found = _Survey(size)
        found.look(file.id)
        item = found.data.get(name)
        if item is None:
            return None
        array = np.empty(item.shape, item.dtype)
        if array.size:
            item.read(h5s.ALL, h5s.ALL, array)
        return array


@contextmanager
def _opened(path: Path) -> Iterator[tuple[h5py.File, int]]:
    """Give an HDF5 file, and its size in bytes.

    The library gets a stream: it may not open a path that has become a pipe since, and the
    window must go on while a slow drive is read (the library would hold Python's lock).
    """
    try:
        stream = open_regular(path)
    except OSError as error:
        raise _unopened(path, error) from error
    with stream:
        size = _checked_size(path, stream)
        with h5py.File(stream, "r", locking=False) as file:
            yield file, size


def fetch(path: Path, report: Callable[[float], None]) -> None:
    """Read the file once, so that the library finds it in the system's memory.

    Nobody else may use the library while it waits for a drive: not even to save. Here the
    reading can be followed, and given up.

    Args:
        path: the file.
        report: is told the share done, 0..1; may raise to give up.

    Raises:
        ModelFileError: it cannot be opened or read, or is no HDF5 file.
    """
    done, room = 0, bytearray(_SLICE)
    try:
        with open_regular(path) as stream:
            size = _checked_size(path, stream)
            while count := stream.readinto(room):
                done += count
                report(min(1.0, done / max(1, size)))
    except OSError as error:
        raise _unopened(path, error) from error


def _unopened(path: Path, error: OSError) -> ModelFileError:
    return ModelFileError(path, f"“{path.name}” could not be opened: {reason(error)}.")


def _checked_size(path: Path, stream: BufferedReader) -> int:
    try:
        signature = stream.read(len(SIGNATURE))
        size = os.fstat(stream.fileno()).st_size
    except OSError as error:
        raise _unopened(path, error) from error
    if signature != SIGNATURE:
        raise ModelFileError(
            path,
            f"“{path.name}” is not a model file.",
            "Models end in .h5 and are saved by Inkling.",
        )
    if size > MOST_BYTES:
        raise ModelFileError(path, f"“{path.name}” is larger than any model of Inkling's.")
    if short := shortage(_OPENED * size):
        raise ModelFileError(
            path,
            f"Opening “{path.name}” {short}.",
            "Close other programs, or open it on a machine with more memory.",
        )
    return size


@dataclass(slots=True, eq=False)
class _Survey:
    """Looks at all objects of a file, at no data."""

    budget: int  # bytes that data and attributes may still declare
    data: dict[str, Any] = field(default_factory=dict)
    attributes: dict[str, dict[str, NDArray[Any]]] = field(default_factory=dict)
    _seen: set[Any] = field(default_factory=set)

    def look(self, root: h5g.GroupID) -> None:
        """Walk from the root. Raises ModelContentError."""
        self._meet(root)
        waiting: list[tuple[str, int, h5g.GroupID]] = [("", 1, root)]
        size = self.budget
        while waiting:
            path, depth, group = waiting.pop()
            for name, item in _members(group, _MOST_OBJECTS - len(self._seen)):
                place = f"{path}/{name}" if path else name
                self._meet(item)
                if isinstance(item, h5g.GroupID):
                    if depth == _DEEPEST:
                        raise ModelContentError("its parts lie too deep")
                    waiting.append((place, depth + 1, item))
                elif isinstance(item, h5d.DatasetID):
                    self._spend(_plain_bytes(item, size))
                    self.data[place] = item
                else:
                    raise ModelContentError("it holds data of an unknown kind")
                found = dict(_attributes(item))
                self._spend(sum(value.nbytes for value in found.values()))
                if found:
                    self.attributes[place] = found

    def _meet(self, item: Any) -> None:
        address = h5o.get_info(item).addr
        if address in self._seen:
            raise ModelContentError("it holds the same part twice")
        self._seen.add(address)

    def _spend(self, count: int) -> None:
        self.budget -= count
        if self.budget < 0:
            raise ModelContentError("it declares more than it holds")


def _members(group: h5g.GroupID, left: int) -> Iterator[tuple[str, Any]]:
    if group.get_num_objs() > left:
        raise ModelContentError("it holds too many parts")
    for name in group:
        if group.links.get_info(name).type != h5l.TYPE_HARD:
            raise ModelContentError("it points to other places")
        yield name.decode("utf-8", "surrogateescape"), h5o.open(group, name)


def _plain_bytes(item: h5d.DatasetID, file_size: int) -> int:
    """Return how many bytes a data set has. Raises ModelContentError unless it is a plain one."""
    layout = item.get_create_plist()
    space = item.get_space()
    plain = (
        layout.get_layout() in (h5d.CONTIGUOUS, h5d.COMPACT)
        and layout.get_nfilters() == 0
        and layout.get_external_count() == 0
        and space.get_simple_extent_type() in (h5s.SIMPLE, h5s.SCALAR)
        and space.get_simple_extent_ndims() <= _MOST_AXES
        and _is_number(item.get_type())
    )
    if not plain:
        raise ModelContentError("it holds data of an unknown kind")
    count: int = math.prod(item.shape) * item.dtype.itemsize
    # Data that were never written would read as zeros: memory for nothing.
    if count > file_size or item.get_storage_size() != count:
        raise ModelContentError("it declares more than it holds")
    return count


def _is_number(kind: h5t.TypeID) -> bool:
    if not isinstance(kind, (h5t.TypeIntegerID, h5t.TypeFloatID)) or kind.committed():
        return False
    dtype = np.dtype(kind.dtype)
    return dtype.kind in "iuf" and dtype.itemsize == kind.get_size() <= 8


def _attributes(item: Any) -> Iterator[tuple[str, NDArray[Any]]]:
    """Return the attributes of an object. Raises ModelContentError unless all are plain."""
    count = h5a.get_num_attrs(item)
    if count > _MOST_ATTRIBUTES:
        raise ModelContentError("it holds too many attributes")
    for index in range(count):
        attribute = h5a.open(item, index=index)
        kind, space = attribute.get_type(), attribute.get_space()
        fixed = isinstance(kind, h5t.TypeStringID) and not kind.is_variable_str()
        simple = space.get_simple_extent_type() in (h5s.SIMPLE, h5s.SCALAR)
        if not (fixed or _is_number(kind)) or not simple or len(attribute.shape) > 1:
            raise ModelContentError("it holds an attribute of an unknown kind")
        if math.prod(attribute.shape) * kind.get_size() > _MOST_ATTRIBUTE_BYTES:
            raise ModelContentError("it holds an attribute that is too long")
        array = np.empty(attribute.shape, attribute.dtype)
        if array.size:
            attribute.read(array)
        yield attribute.name.decode("utf-8", "surrogateescape"), array
