"""Digits as plain arrays, for contestants that do not have Inkling's readers."""

import gzip
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Digits:
    """Images (N, D) uint8 and labels (N,) uint8 to train on and, other ones, to test with."""

    images: NDArray[np.uint8]
    labels: NDArray[np.uint8]
    test_images: NDArray[np.uint8]
    test_labels: NDArray[np.uint8]

    def whole_batches(self, size: int) -> "Digits":
        """Leave out the last, short batch, so that each update of everybody is the same work."""
        count = len(self.labels) // size * size
        return Digits(self.images[:count], self.labels[:count], self.test_images, self.test_labels)

    def floats(self) -> tuple[Any, Any, Any, Any]:
        """Return float32 images 0..1 and int64 labels, in the order of the attributes."""
        return (
            np.divide(self.images, 255, dtype=np.float32),
            self.labels.astype(np.int64),
            np.divide(self.test_images, 255, dtype=np.float32),
            self.test_labels.astype(np.int64),
        )


def load(source: str) -> Digits:
    """Read the folder of MNIST's four IDX files, the Coursera .mat file, or an .npz of `Digits`."""
    path = Path(source)
    if path.suffix == ".npz":
        with np.load(path) as file:
            return Digits(**file)
    if path.suffix == ".mat":
        return _coursera(path)
    images, labels = "images-idx3-ubyte.gz", "labels-idx1-ubyte.gz"
    return Digits(
        _idx(path / f"train-{images}", 16).reshape(-1, 784),
        _idx(path / f"train-{labels}", 8),
        _idx(path / f"t10k-{images}", 16).reshape(-1, 784),
        _idx(path / f"t10k-{labels}", 8),
    )


def _idx(path: Path, header: int) -> NDArray[np.uint8]:
    with gzip.open(path) as stream:
        return np.frombuffer(stream.read(), np.uint8, offset=header)


def _coursera(path: Path) -> Digits:
    from scipy.io import loadmat

    file = loadmat(path)
    images = np.rint(255 * file["X"]).astype(np.uint8)
    labels = (file["y"].ravel() % 10).astype(np.uint8)  # 10 stands for the digit 0
    return Digits(images, labels, images, labels)
