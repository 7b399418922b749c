"""Distorted or fresh images, made ahead in the background: training does not wait."""

import math
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np

from core.base.arrays import ByteArray, IndexArray, LabelArray
from core.base.blas_threads import available_cores
from core.data.reader import Rewrite
from core.recipe.augmentation import Augmentation, distort

_BLOCK = 1024  # images made together
_BLOCK_PIXELS = 1024 * 784  # fewer together of larger images: memory and closing time stay bounded
_AHEAD = 6  # blocks made ahead: some 5 MB
_STREAM = 5  # keeps this randomness apart from other uses of the same seed
_MOST_THREADS = 3
_WORKED_ON = 8  # bytes that each pixel of a block takes while it is made


def waiting_bytes(augmentation: Augmentation, pixel_count: int) -> int:
    """Return what images of `pixel_count` pixels take that are being made or wait."""
    if not (augmentation.fresh or augmentation.distorts):
        return 0
    block = max(1, min(_BLOCK, _BLOCK_PIXELS // pixel_count)) * pixel_count
    return (_AHEAD + 1) * block + _threads() * _WORKED_ON * block


def _threads() -> int:
    return max(1, min(available_cores() - 1, _MOST_THREADS))


class Originals:
    """Images (N, D) uint8 of this (height, width), to be distorted."""

    def __init__(self, images: ByteArray, shape: tuple[int, int]) -> None:
        self.shape = shape
        self._images = images

    def take(self, rows: IndexArray, rng: np.random.Generator) -> ByteArray:
        """Return the images of these rows (n,), (n, D)."""
        taken: ByteArray = self._images.take(rows, axis=0)
        return taken


class Rewritten:
    """Images that are written anew each time, with the labels (N,) of those there are."""

    def __init__(self, labels: LabelArray, shape: tuple[int, int], rewrite: Rewrite) -> None:
        self.shape = shape
        self._labels, self._rewrite = labels, rewrite

    def take(self, rows: IndexArray, rng: np.random.Generator) -> ByteArray:
        """Return images of these rows (n,), (n, D)."""
        return self._rewrite(self._labels[rows], rng).reshape(len(rows), -1)


class AugmentedRows:
    """Serves the images of an epoch in its order, made for it.

    What an image looks like follows from the seed, the epoch and its place in the epoch's
    order: never from when it was made, nor from how it is asked for.
    """

    def __init__(
        self,
        source: Originals | Rewritten,
        augmentation: Augmentation,
        seed: int,
        order: Callable[[int], IndexArray],
    ) -> None:
        """Take the images from `source`, in the order of each epoch."""
        self._source, self._augmentation = source, augmentation
        self._seed, self._order = seed, order
        self._block = max(1, min(_BLOCK, _BLOCK_PIXELS // math.prod(source.shape)))
        self._orders: dict[int, IndexArray] = {}
        self._waiting: dict[tuple[int, int], Future[ByteArray]] = {}
        self._pool = ThreadPoolExecutor(_threads(), thread_name_prefix="augmentation")

    def take(self, epoch: int, start: int, rows: IndexArray) -> ByteArray:
        """Return the images (n, D) uint8 that lie from place `start` on.

        Args:
            epoch: counted from 0.
            start: place in the epoch's order.
            rows: which images these are, by the epoch's order.
        """
        stop = start + len(rows)
        parts = []
        for block in range(start // self._block, -(-stop // self._block)):
            made = self._get(epoch, block)
            first = block * self._block
            parts.append(made[max(start - first, 0) : stop - first])
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def close(self) -> None:
        """End the threads; what they are making is thrown away."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._waiting.clear()

    def _get(self, epoch: int, block: int) -> ByteArray:
        wanted = self._next_blocks(epoch, block)
        for key in [key for key in self._waiting if key not in wanted]:
            self._waiting.pop(key).cancel()
        for key in wanted:
            if key not in self._waiting:
                self._waiting[key] = self._pool.submit(self._make, *key, self._rows_of(*key))
        return self._waiting[epoch, block].result()

    def _next_blocks(self, epoch: int, block: int) -> list[tuple[int, int]]:
        """Return this block and those that follow, across the end of the epoch."""
        per_epoch = -(-len(self._order_of(epoch)) // self._block)
        places = range(block, block + _AHEAD)
        return [(epoch + place // per_epoch, place % per_epoch) for place in places]

    def _order_of(self, epoch: int) -> IndexArray:
        if epoch not in self._orders:
            self._orders = {key: self._orders[key] for key in self._orders if key == epoch - 1}
            self._orders[epoch] = self._order(epoch)
        return self._orders[epoch]

    def _rows_of(self, epoch: int, block: int) -> IndexArray:
        return self._order_of(epoch)[block * self._block : (block + 1) * self._block]

    def _make(self, epoch: int, block: int, rows: IndexArray) -> ByteArray:
        rng = np.random.default_rng([self._seed, _STREAM, epoch, block])
        images = self._source.take(rows, rng)
        if not self._augmentation.distorts:
            return images
        return distort(images, self._source.shape, self._augmentation, rng)
