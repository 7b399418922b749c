"""Digits in pickles: the book's mnist.pkl.gz, and those of other books and courses.

A pickle is a program. This reader never runs it the ordinary way:
`core.untrusted.parsing.unpickling` acts out the few commands that build arrays, and knows
no others.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from core.data.reader import READERS, RawData
from core.data.readers.common import FoundPiece, assembled, no_pair
from core.untrusted.parsing.naming import Piece, choose
from core.untrusted.parsing.picklecommands import looks_like_pickle
from core.untrusted.parsing.rawimages import rows_at_a_time
from core.untrusted.parsing.safe_read import SafeStream, first_bytes
from core.untrusted.parsing.unpickling import unpickle
from core.untrusted.reading import ReadProgress

_SUFFIXES = (".pkl", ".pickle", ".pkl.gz", ".pickle.gz", ".p")
# Tuples of (images, labels) pairs have no names; this is what their order means.
_PARTS = {
    1: ("train",),
    2: ("train", "test"),
    3: ("train", "validation", "test"),
}
_MOST_ARRAYS = 100


class PickleReader:
    """Reads one pickle, gzipped or not."""

    label: ClassVar[str] = "Pickled arrays"
    patterns: ClassVar[tuple[str, ...]] = ("*.pkl", "*.pkl.gz", "*.pickle")

    def recognises(self, path: Path) -> bool:
        """Tell whether this file begins as a pickle, or is named as one and packed."""
        if not path.is_file():
            return False
        start = first_bytes(path, 512, unpack=True)
        return looks_like_pickle(start, named=path.name.lower().endswith(_SUFFIXES))

    def read(self, path: Path, progress: ReadProgress | None = None) -> RawData:
        """Read the images and labels in a pickle."""
        with SafeStream(path, progress) as stream:
            content = unpickle(stream)
        arrays = dict(_arrays(content, "", set()))
        del content
        chosen = choose({name: array.shape for name, array in arrays.items()})
        if not chosen:
            raise no_pair(path, arrays)
        found = (_found(part, piece, arrays) for part, pieces in chosen.items() for piece in pieces)
        return assembled("pickle", path, found)


def _found(part: str, piece: Piece, arrays: dict[str, NDArray[Any]]) -> FoundPiece:
    images = np.moveaxis(arrays[piece.images], piece.axis, 0)
    labels = (
        arrays[piece.labels]
        if isinstance(piece.labels, str)
        else np.full(piece.count, piece.labels)
    )
    return FoundPiece(part, labels, piece.count, images.shape[1:], _blocks(images))


def _blocks(images: NDArray[Any]) -> Iterator[NDArray[Any]]:
    step = rows_at_a_time(images[0].nbytes)
    for start in range(0, len(images), step):
        yield images[start : start + step]


def _arrays(content: Any, name: str, seen: set[int]) -> Iterator[tuple[str, NDArray[Any]]]:
    """Name every array in nested dicts and tuples by the way to it."""
    if isinstance(content, np.ndarray):
        yield name or "array", content
    elif isinstance(content, (dict, tuple, list)) and id(content) not in seen:
        seen.add(id(content))
        labels = None if isinstance(content, dict) else _labels(content)
        if labels is not None:
            yield name or "array", labels
            return
        for word, value in _members(content):
            yield from _arrays(value, f"{name}/{word}".strip("/"), seen)


def _members(
    content: dict[Any, Any] | tuple[Any, ...] | list[Any],
) -> Iterator[tuple[str, Any]]:
    if not isinstance(content, dict):
        yield from zip(_names_for(content), content, strict=False)
        return
    for key, value in list(content.items())[:_MOST_ARRAYS]:
        yield key.decode("latin-1") if isinstance(key, bytes) else str(key), value


def _names_for(items: tuple[Any, ...] | list[Any]) -> tuple[str, ...]:
    """Say what the members of a tuple are by their order."""
    if len(items) == 2 and isinstance(items[0], np.ndarray) and items[0].ndim > 1:
        return "x", "y"
    if len(items) == 4:  # Keras's order of four arrays
        return "x_train", "y_train", "x_test", "y_test"
    return _PARTS.get(len(items), ())


def _labels(items: tuple[Any, ...] | list[Any]) -> NDArray[Any] | None:
    """Return a list of labels as an array, or None if it is no such list."""
    kinds = {type(item) for item in items}
    if len(items) < 2 or len(kinds) != 1 or not kinds <= {int, str, bytes}:
        return None
    if kinds == {int} and not all(abs(item) < 1 << 31 for item in items):
        return None
    if kinds != {int} and max(map(len, items)) > 64:
        return None
    return np.array(items)


READERS.add("pickle", PickleReader())
