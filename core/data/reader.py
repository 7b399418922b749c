"""What a reader of digit files gives: the numbers as the file has them, and what it knows.

A reader interprets nothing that a user might have to correct: which value is ink, what
the largest value means, whether labels count from 0. That is `core.data.correction`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.base.arrays import ByteArray, LabelArray
from core.base.registry import Registry
from core.untrusted.reading import ReadProgress

# Writes images (N, H, W) uint8 anew for labels (N,); the same ones from the same randomness.
Rewrite: TypeAlias = Callable[[LabelArray, np.random.Generator], ByteArray]


@dataclass(frozen=True, slots=True, eq=False)
class RawPart:
    """Images and labels as a file has them.

    Attributes:
        images: (N, H, W), N at least 1, of any real dtype; uint8 where the file has bytes.
        labels: (N,) of any integer dtype.
    """

    images: NDArray[Any]
    labels: NDArray[np.integer[Any]]

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True, slots=True, eq=False)
class RawData:
    """A data set before it is known what its numbers mean.

    Attributes:
        key: of the reader.
        name: for people.
        source: the path it was read from, as text; "" for the built-in digits.
        train: to learn from.
        validation, test: to measure with, or None. Equally large images as in `train`.
        class_names: a name for each label from 0 on, or () if the file names none: then
            the labels are the names.
        suggestion: settings of `core.data.correction.Correction` by name that this format is
            known to need ("transpose" for EMNIST); what is not named is found out.
        notes: sentences about what the reader had to do, to be shown beside the doubts.
        rewrite: writes such images anew, where they are generated; else None.
    """

    key: str
    name: str
    source: str
    train: RawPart
    validation: RawPart | None = None
    test: RawPart | None = None
    class_names: tuple[str, ...] = ()
    suggestion: dict[str, Any] = field(default_factory=dict)
    rewrite: Rewrite | None = None
    notes: tuple[str, ...] = ()

    @property
    def parts(self) -> dict[str, RawPart]:
        """Those parts that there are, by name."""
        every = {"train": self.train, "validation": self.validation, "test": self.test}
        return {name: part for name, part in every.items() if part is not None}


class Reader(Protocol):
    """Reads one kind of data set. It knows its files by content, not by name alone."""

    label: ClassVar[str]  # of the kind, for people: "IDX files"
    patterns: ClassVar[tuple[str, ...]]  # of usual file names, for dialogs: "*.npz"

    def recognises(self, path: Path) -> bool:
        """Tell whether a file or folder that exists is of this kind, damaged or not.

        It never raises, and looks at a few kilobytes at most.
        """
        ...

    def read(self, path: Path, progress: ReadProgress | None = None) -> RawData:
        """Read the data set at `path`.

        Raises:
            DatasetError: it is missing, damaged, or of another kind.
        """
        ...


READERS: Registry[Reader] = Registry("kind of data set")
