"""A data set small enough to train on in a blink, and its files."""

import gzip
import struct
from pathlib import Path

import numpy as np

from core.data.dataset import Dataset, ImageSet
from core.recipe.hidden_layer import HiddenLayer
from core.recipe.recipe import Recipe
from core.recipe.training_config import TrainingConfig

NAMES = tuple("0123456789")


def images_and_labels(count: int, seed: int = 0, side: int = 8) -> tuple[np.ndarray, np.ndarray]:
    """Return images whose class shows as a bright row or column, with some noise."""
    rng = np.random.default_rng(seed)
    labels = (np.arange(count) % 10).astype(np.uint8)
    images = rng.integers(0, 60, (count, side, side), np.uint8)
    for image, label in zip(images, labels, strict=True):
        line = int(label) % 5 * (side - 1) // 4
        if label < 5:
            image[line] = 230
        else:
            image[:, line] = 230
    return images, labels


def small_dataset(count: int = 500, side: int = 8) -> Dataset:
    """Return a training and a test part."""
    return Dataset(
        "idx", "small", "", ImageSet(*images_and_labels(count, 1, side)), None,
        ImageSet(*images_and_labels(100, 2, side)), NAMES,
    )  # fmt: skip


def small_recipe(**changes) -> Recipe:
    """Return a recipe that trains in a blink; `changes` replace its fields."""
    values = {
        "hidden": (HiddenLayer(12, "relu", 0.25),),
        "training": TrainingConfig(duration=3, batch_size=32, validation_split=0.1),
    }
    return Recipe(**{**values, **changes})


def idx_bytes(array: np.ndarray) -> bytes:
    """Return an array of bytes in the IDX format."""
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    return header + array.astype(np.uint8).tobytes()


def write_idx_folder(folder: Path, count: int = 300, side: int = 8, zipped: bool = False) -> Path:
    """Write four files as MNIST has them, and return their folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, seed, size in (("train", 1, count), ("t10k", 2, 100)):
        images, labels = images_and_labels(size, seed, side)
        for kind, array, axes in (("images", images, 3), ("labels", labels, 1)):
            data = idx_bytes(array)
            path = folder / f"{name}-{kind}-idx{axes}-ubyte{'.gz' if zipped else ''}"
            path.write_bytes(gzip.compress(data) if zipped else data)
    return folder
