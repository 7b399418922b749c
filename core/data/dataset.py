"""What a set of digits is."""

import hashlib
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

import numpy as np

from core.base.arrays import ByteArray, IndexArray, LabelArray
from core.data.reader import Rewrite

LONGEST_CLASS_NAME = 256  # characters; a folder's name is no longer on any system
BUILTIN = "builtin"  # the source that names the digits this program makes itself

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
        correction: how the file's numbers were taken, as plain settings of
            `core.data.correction.Correction`; empty where nothing was to decide.
        rewrite: writes images anew for labels (N,), where they are generated; else None.
    """

    key: str
    name: str
    source: str
    train: ImageSet
    validation: ImageSet | None
    test: ImageSet | None
    class_names: tuple[str, ...]
    correction: dict[str, Any] = field(default_factory=dict)
    rewrite: Rewrite | None = None
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
