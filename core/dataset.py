"""What a set of digits is, and the kinds of it that can be read."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar, Protocol, TypeAlias

import numpy as np

from core.arrays import ByteArray, IndexArray, LabelArray
from core.errors import DatasetError, reason
from core.registry import Registry

BUILTIN = "builtin"  # the source that names the digits this program makes itself

# Told the share done, 0..1, at least every 50 ms of work; may raise to give up.
ReadProgress: TypeAlias = Callable[[float], None]

_SPLIT_STREAM = 4  # keeps the split's randomness apart from other uses of the same seed


@dataclass(frozen=True, slots=True, eq=False)
class ImageSet:
    """Pictures of digits, and which digits they are.

    Attributes:
        images: (N, H, W) uint8, 0 paper to 255 ink.
        labels: (N,) uint8, classes counted from 0.
    """

    images: ByteArray
    labels: LabelArray

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """A whole set of digits, in one to three parts of the same image size.

    Attributes:
        key: of the reader it came from.
        name: for people, such as "MNIST".
        source: the path it was read from, as text; "" for the built-in digits.
        train: to learn from, never empty.
        validation, test: to measure with, or None.
        class_names: K names, one for each class.
    """

    key: str
    name: str
    source: str
    train: ImageSet
    validation: ImageSet | None
    test: ImageSet | None
    class_names: tuple[str, ...]
    _digest: list[str] = field(default_factory=list, init=False, repr=False)

    PARTS: ClassVar[tuple[str, ...]] = ("train", "validation", "test")

    @property
    def image_shape(self) -> tuple[int, int]:
        """Height and width of an image, in pixels."""
        _, height, width = self.train.images.shape
        return height, width

    @property
    def class_count(self) -> int:
        """K, how many classes there are."""
        return len(self.class_names)

    def part(self, name: str) -> ImageSet | None:
        """Return "train", "validation" or "test"."""
        parts = {"train": self.train, "validation": self.validation, "test": self.test}
        return parts[name]

    def counts(self, part: str = "train") -> IndexArray:
        """Return how many images (K,) each class has in a part; zeros if there is no such part."""
        found = self.part(part)
        labels = np.empty(0, np.uint8) if found is None else found.labels
        return np.bincount(labels, minlength=self.class_count)

    def renamed(self, name: str) -> "Dataset":
        """Return the same data under another name."""
        other = replace(self, name=name)
        other._digest.extend(self._digest)
        return other

    def fingerprint(self) -> str:
        """Return the sha256 of all images and labels; it takes a moment the first time."""
        if not self._digest:
            self._digest.append(_digest([self.part(name) for name in self.PARTS]))
        return self._digest[0]


def _digest(parts: list[ImageSet | None]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        if part is None:
            digest.update(b"none")
            continue
        digest.update(repr(part.images.shape).encode())
        digest.update(np.ascontiguousarray(part.images).data)
        digest.update(np.ascontiguousarray(part.labels).data)
    return digest.hexdigest()


class Reader(Protocol):
    """Reads one kind of data set. It knows its files by content, not by name alone."""

    label: ClassVar[str]  # of the kind, for people

    def recognises(self, path: Path) -> bool:
        """Tell whether a file or folder that exists is of this kind, damaged or not."""
        ...

    def read(self, path: Path, progress: ReadProgress | None = None) -> Dataset:
        """Read the data set at `path`.

        Raises:
            DatasetError: it is missing, damaged, or of another kind.
        """
        ...


READERS: Registry[Reader] = Registry("kind of data set")


def open_dataset(source: str | Path, progress: ReadProgress | None = None) -> Dataset:
    """Read a data set: "builtin", or the path of a file or folder.

    Raises:
        DatasetError: there is nothing there, no reader knows it, or it is damaged.
    """
    import core.datasets  # noqa: F401, PLC0415 - fills READERS; its members import this module

    if str(source) == BUILTIN:
        return READERS[BUILTIN].read(Path(BUILTIN), progress)
    path = Path(source).expanduser()
    _check_there(path)
    for key in READERS:
        if READERS[key].recognises(path):
            return READERS[key].read(path, progress)
    raise DatasetError(
        path,
        f"{path.name or path} holds no digits this program can read.",
        "Open IDX files such as train-images-idx3-ubyte.gz (the form of MNIST), or the"
        " folder they are in.",
    )


def _check_there(path: Path) -> None:
    try:
        there = path.exists()
        if there and path.is_dir():
            next(path.iterdir(), None)
    except OSError as error:
        raise unreadable(path, error) from error
    if not there:
        raise DatasetError(
            path,
            f"There is no file or folder {path}.",
            "Check the name, or use the built-in digits.",
        )


def unreadable(path: Path, error: OSError) -> DatasetError:
    """Say that the operating system does not let us read `path`."""
    why = "you may not read it" if isinstance(error, PermissionError) else reason(error)
    return DatasetError(
        path,
        f"{path} could not be read: {why}.",
        "Check its permissions, or copy it to a folder of yours.",
    )


def split_validation(train: ImageSet, share: float, seed: int) -> tuple[ImageSet, ImageSet]:
    """Set a share of the images aside, the same share of each class.

    Args:
        train: N images.
        share: of the images to set aside, 0..1; one of each class always stays.
        seed: not negative; decides which.

    Returns:
        What is left to train on, and what was set aside, each in its old order.
    """
    rng = np.random.default_rng((seed, _SPLIT_STREAM))
    aside = np.zeros(len(train), bool)
    for label in np.unique(train.labels):
        rows = np.flatnonzero(train.labels == label)
        count = min(round(share * len(rows)), len(rows) - 1)
        aside[rng.permutation(rows)[:count]] = True
    left = ~aside
    return (
        ImageSet(train.images[left], train.labels[left]),
        ImageSet(train.images[aside], train.labels[aside]),
    )
