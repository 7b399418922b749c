"""What the setup panel says about the digits to train on."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.base.arrays import ByteArray, LabelArray
from core.imaging.framing import SHAPE


@dataclass(frozen=True, slots=True, eq=False)
class DataSummary:
    """What there is to say about a set of digits before training on it.

    Attributes:
        name: for people, such as "MNIST".
        source: where it came from, for a tooltip.
        train_count, validation_count, test_count: images in each part, after the split.
        class_names: K names.
        class_counts: (K,) images of each class to train on.
        sample_images: (n, H, W) uint8, some of them.
        sample_labels: (n,) uint8, and what they are.
        image_shape: (height, width) in pixels.
        validation_note: a sentence if the recipe's validation split does not apply.
        rewritable: whether the program can write these images anew.
    """

    name: str
    source: str
    train_count: int
    validation_count: int
    test_count: int
    class_names: tuple[str, ...]
    class_counts: NDArray[np.integer[Any]]
    sample_images: ByteArray
    sample_labels: LabelArray
    image_shape: tuple[int, int] = SHAPE
    validation_note: str = ""
    rewritable: bool = True

    @property
    def counts_text(self) -> str:
        """How many images each part has: "9,000 training · 1,000 validation images"."""
        parts = (
            (self.train_count, "training"),
            (self.validation_count, "validation"),
            (self.test_count, "test"),
        )
        return " · ".join(f"{count:,} {name}" for count, name in parts if count) + " images"

    @property
    def size_text(self) -> str:
        """Classes and image size: "10 classes · 28 × 28 pixels"."""
        height, width = self.image_shape
        return f"{len(self.class_names)} classes · {width} × {height} pixels"
