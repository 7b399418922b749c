"""Data sets of IDX files: MNIST and all that come in its form.

A file of images (three axes) and a file of labels (one axis) make a part; their names
say which belong together. A folder may hold a training and a test part.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from core.dataset import READERS, Dataset, ImageSet, ReadProgress
from core.datasets.idx_file import peek_shape, read_idx
from core.errors import DatasetError

_MOST_FILES = 500  # of a folder are looked into
# By the sha256 of all images and labels: a folder may be called anything.
_KNOWN = {
    "5c9e70fd8370136f316bf106b2554ed0071bf854ee691a86dbb37477ba8f02db": "MNIST",
}
_TEST_WORDS = re.compile(r"(^|[^a-z0-9])(t10k|test|tst)([^a-z0-9]|$)")
_KIND_WORDS = re.compile(r"images?|imgs?|labels?|idx\d|ubyte|\.gz$|[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class _Pair:
    """A file of images and the file of their labels."""

    stem: str
    images: Path
    labels: Path

    @property
    def is_test(self) -> bool:
        return bool(_TEST_WORDS.search(self.images.name.lower()))


class IdxReader:
    """Reads one pair of IDX files, or the pairs in a folder."""

    label: ClassVar[str] = "IDX files (the form of MNIST)"

    def recognises(self, path: Path) -> bool:
        """Tell whether `path` is an IDX file, or a folder that holds some."""
        if path.is_dir():
            return any(peek_shape(file) for file in _files(path))
        return peek_shape(path) is not None or _looks_like_idx(path)

    def read(self, path: Path, progress: ReadProgress | None = None) -> Dataset:
        """Read the data set at `path`.

        Raises:
            DatasetError: a file is damaged, or has no partner, or the two do not fit.
        """
        pairs = _pairs_in(path) if path.is_dir() else [_pair_of(path)]
        pairs = sorted(pairs, key=lambda pair: pair.is_test)[:2]
        parts = [
            _read_pair(pair, _share(progress, index, len(pairs)))
            for index, pair in enumerate(pairs)
        ]
        if len(parts) == 2 and parts[0].images.shape[1:] != parts[1].images.shape[1:]:
            raise DatasetError(
                path,
                f"The images in “{path.name}” have different sizes.",
                "Put each data set into a folder of its own.",
            )
        names = _class_names(parts)
        test = parts[1] if len(parts) == 2 else None
        return Dataset("idx", _name(path, pairs), str(path.absolute()), parts[0], None, test, names)


READERS.add("idx", IdxReader())


def _looks_like_idx(path: Path) -> bool:
    """Tell by its name that a damaged file was meant to be one of ours, to say so."""
    name = path.name.lower()
    return "ubyte" in name or "idx" in name


def _files(folder: Path) -> list[Path]:
    files = sorted(file for file in folder.iterdir() if file.is_file())
    return files[:_MOST_FILES]


def _stem(path: Path) -> str:
    """Return what a name has in common with its partner's: "train-images-idx3" -> "train"."""
    return _KIND_WORDS.sub("", path.name.lower())


def _pairs_in(folder: Path) -> list[_Pair]:
    shapes = {file: peek_shape(file) for file in _files(folder)}
    images = [file for file, shape in shapes.items() if shape and len(shape) == 3]
    labels = [file for file, shape in shapes.items() if shape and len(shape) == 1]
    pairs = list(_matched(images, labels))
    if not pairs and len(images) == len(labels) == 1:
        pairs = [_Pair(_stem(images[0]), images[0], labels[0])]
    if not pairs:
        _explain_no_pair(folder, images, labels)
    return pairs


def _matched(images: list[Path], labels: list[Path]) -> Iterator[_Pair]:
    seen: set[str] = set()
    for file in images:
        stem = _stem(file)
        partner = next((other for other in labels if _stem(other) == stem), None)
        if partner is not None and stem not in seen:
            seen.add(stem)  # plain and gzipped beside each other are one and the same
            yield _Pair(stem, file, partner)


def _explain_no_pair(folder: Path, images: list[Path], labels: list[Path]) -> None:
    missing = "labels" if images else "images"
    found = (images or labels or [folder])[0]
    raise DatasetError(
        folder,
        f"“{found.name}” has no file of {missing} beside it.",
        "Put images and labels into one folder under matching names, such as"
        " train-images-idx3-ubyte and train-labels-idx1-ubyte.",
    )


def _pair_of(path: Path) -> _Pair:
    """Find the partner of one file in its folder."""
    shape = peek_shape(path)
    if shape is None or len(shape) not in (1, 3):
        read_idx(path, 3)  # says what is wrong with it
    assert shape is not None
    axes = len(shape)
    stem = _stem(path)
    for other in _files(path.absolute().parent):
        found = peek_shape(other) if _stem(other) == stem and other.name != path.name else None
        if found and len(found) == 4 - axes:
            pair = (path, other) if axes == 3 else (other, path)
            return _Pair(stem, *pair)
    # A partner by name that is no IDX file, or of the wrong kind, is worth naming.
    for other in _files(path.absolute().parent):
        if _stem(other) == stem and other.name != path.name and _looks_like_idx(other):
            read_idx(other, 4 - axes)
    missing = "labels" if axes == 3 else "images"
    raise DatasetError(
        path,
        f"“{path.name}” has no file of {missing} beside it.",
        "Put both into one folder under matching names, such as train-images-idx3-ubyte"
        " and train-labels-idx1-ubyte.",
    )


def _share(progress: ReadProgress | None, index: int, count: int) -> ReadProgress | None:
    if progress is None:
        return None
    return lambda share: progress((index + share) / count)


def _read_pair(pair: _Pair, progress: ReadProgress | None) -> ImageSet:
    images = read_idx(pair.images, 3, progress)
    labels = read_idx(pair.labels, 1)
    if len(images) != len(labels):
        raise DatasetError(
            pair.labels,
            f"“{pair.images.name}” holds {len(images):,} images,"
            f" “{pair.labels.name}” {len(labels):,} labels.",
            "They do not belong together; use the files of one download.",
        )
    return ImageSet(images, labels)


def _class_names(parts: list[ImageSet]) -> tuple[str, ...]:
    # Digits are ten even where a small set lacks the last of them.
    count = max(10, *(int(part.labels.max()) + 1 for part in parts))
    return tuple(str(number) for number in range(count))


def _name(path: Path, pairs: list[_Pair]) -> str:
    if path.is_dir():
        return path.resolve().name or str(path)
    return pairs[0].images.name
