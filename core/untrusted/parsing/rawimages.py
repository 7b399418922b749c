"""Rows of numbers from any file become images: gray, (N, H, W), and as small as they can be.

Images come flat (D,) with D a square, as (H, W), with one channel, or in colour, channels
first or last. Bytes stay bytes, and so do all numbers that are whole and in 0..255;
others become float32.
"""

import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.base.arrays import FloatArray, Shape
from core.base.errors import DatasetError
from core.untrusted.parsing.safe_read import LONGEST_SIDE, MOST_BYTES, no_memory, too_large

BLOCK_BYTES = 4 << 20  # of rows read and converted at a time
_GRAY = np.array([0.299, 0.587, 0.114], np.float32)  # source: ITU-R BT.601
_COLOURS = (3, 4)  # with and without transparency, which is passed over


def image_shape(row: Shape) -> tuple[int, int] | None:
    """Return (height, width) of images that a file keeps as rows of this shape, or None."""
    found = _squeezed(row)
    if found is None or not all(2 <= side <= LONGEST_SIDE for side in found):
        return None
    return found


def _squeezed(row: Shape) -> tuple[int, int] | None:
    if len(row) == 3 and row[-1] in (1, *_COLOURS):
        return row[0], row[1]
    if len(row) == 3 and row[0] in (1, *_COLOURS):
        return row[1], row[2]
    if len(row) == 2 and 1 not in row:
        return row[0], row[1]
    if len(row) == 1 or (len(row) == 2 and 1 in row):
        side = math.isqrt(max(row))
        return (side, side) if side * side == max(row) else None
    return None


def gray_images(rows: NDArray[Any]) -> NDArray[Any]:
    """Turn rows of a file (n, ...) into images (n, H, W); colour becomes gray."""
    shape = image_shape(rows.shape[1:])
    if shape is None:
        raise ValueError(f"rows of shape {rows.shape[1:]} are no images")
    if math.prod(rows.shape[1:]) == math.prod(shape):
        return rows.reshape(-1, *shape)
    if rows.shape[-1] not in _COLOURS:
        rows = np.moveaxis(rows, 1, -1)
    gray: FloatArray = rows[..., :3].astype(np.float32) @ _GRAY
    if rows.dtype.kind in "ui":
        return np.rint(gray).astype(rows.dtype)
    return gray


def rows_at_a_time(row_bytes: int) -> int:
    """Return how many rows make a block."""
    return max(1, BLOCK_BYTES // max(1, row_bytes))


class PixelStore:
    """Collects images block by block, in bytes for as long as they fit into bytes.

    Attributes:
        count: N, how many images are to come.
        done: how many have come.
    """

    def __init__(self, path: Path, count: int, row: Shape) -> None:
        shape = image_shape(row)
        if shape is None or count < 1:
            sizes = " × ".join(str(side) for side in (count, *row))
            raise DatasetError(
                path,
                f"{path.name} holds {sizes} values, which are no images.",
                "Images are height × width, or rows of a square number of pixels.",
            )
        self._path = path
        self.count = count
        self.done = 0
        self._images = self._room(shape, np.uint8)

    def add(self, rows: NDArray[Any]) -> None:
        """Take the next rows (n, ...) of any real type, n at least 1.

        Raises:
            DatasetError: these are no numbers, or too many for the memory.
        """
        if rows.dtype.kind not in "biuf":
            raise DatasetError(
                self._path,
                f"{self._path.name} holds other things than numbers where images should be.",
                "Pixels are numbers, such as 0 to 255.",
            )
        images = gray_images(rows)
        kept = self._images
        if kept.dtype == np.uint8 and not _are_bytes(images):
            self._images = self._room(kept.shape[1:], np.float32)
            self._images[: self.done] = kept[: self.done]
        with np.errstate(over="ignore", invalid="ignore"):  # infinite: refused later
            self._images[self.done : self.done + len(images)] = images
        self.done += len(images)

    def images(self) -> NDArray[Any]:
        """Return all images (N, H, W), uint8 or float32."""
        return self._images

    def _room(self, shape: Shape, kind: Any) -> NDArray[Any]:
        _check_room(self._path, (self.count, *shape), np.dtype(kind).itemsize)
        try:
            return np.empty((self.count, *shape), kind)
        except MemoryError as error:
            raise no_memory(self._path) from error


class GrowingStore(PixelStore):
    """Collects images of which nobody knows beforehand how many there are."""

    def add(self, rows: NDArray[Any]) -> None:
        """Take the next rows (n, ...) of any real type, n at least 1."""
        if self.done + len(rows) > self.count:
            self._resize(max(self.done + len(rows), self.count + self.count // 4))
        super().add(rows)

    def images(self) -> NDArray[Any]:
        """Return all images (N, H, W), uint8 or float32."""
        self._resize(self.done)
        return self._images

    def _resize(self, count: int) -> None:
        shape = (count, *self._images.shape[1:])
        _check_room(self._path, shape, self._images.dtype.itemsize)
        self.count = count
        try:
            # In place, most often: the system moves large blocks without copying them.
            self._images.resize(shape, refcheck=False)
        except MemoryError as error:
            raise no_memory(self._path) from error


def _check_room(path: Path, shape: Shape, item: int) -> None:
    size = math.prod(shape) * item
    if size > MOST_BYTES:
        raise too_large(path, f"{shape[0]:,} images of {size >> 20:,} MiB")


def _are_bytes(values: NDArray[Any]) -> bool:
    if values.dtype.kind == "b" or values.dtype == np.uint8:
        return True
    low, high = float(values.min()), float(values.max())
    if not (low >= 0 and high <= 255):  # also refuses NaN
        return False
    return values.dtype.kind in "ui" or bool((values == np.rint(values)).all())
