"""Bringing the images of each mini-batch to the network's input.

Rows of bytes are gathered for several batches at once (one `take` of bytes costs 12 us
per 100 images, indexing float32 images batch by batch 44) and become float32 when their
batch is due.
"""

from typing import Protocol

import numpy as np

from core.base.arrays import ByteArray, FloatArray, IndexArray, aligned
from core.nn.network import Workspace
from core.training.packing import PAD, BoundByteDense, PackedImages

GATHERED = 512  # images gathered at a time: they stay in the cache until they are used


class Pixels(Protocol):
    """Where the rows of pixels of an epoch come from."""

    def take(self, epoch: int, start: int, rows: IndexArray) -> ByteArray:
        """Return images (n, D) uint8: `rows` lie from place `start` on in the epoch's order.

        The array is used until the next call.
        """

    def close(self) -> None:
        """Free what belongs to the source."""


class StoredPixels:
    """The images as they are."""

    def __init__(self, images: ByteArray) -> None:
        self._images = images
        self._taken: ByteArray = aligned((0, images.shape[1]), np.uint8)

    def take(self, epoch: int, start: int, rows: IndexArray) -> ByteArray:
        """Gather the images of these rows."""
        if len(self._taken) < len(rows):
            self._taken = aligned((len(rows), self._images.shape[1]), np.uint8)
        taken = self._taken[: len(rows)]
        self._images.take(rows, axis=0, out=taken, mode="clip")
        return taken

    def close(self) -> None:
        """Do nothing."""


class Feed(Protocol):
    """Puts one batch after the other into a workspace."""

    def load(self, epoch: int, start: int, rows: IndexArray, batch_size: int) -> None:
        """Get ready the images of some batches."""

    def put(self, index: int, space: Workspace) -> int:
        """Make batch `index` of those loaded the input; return its width in columns."""

    def keep(self, space: Workspace) -> None:
        """Let the input stay as it is when other batches are put."""


class PlainFeed:
    """For networks that take their images as they are, D numbers of 0..255."""

    def __init__(self, pixels: Pixels) -> None:
        self._pixels = pixels

    def load(self, epoch: int, start: int, rows: IndexArray, batch_size: int) -> None:
        """Gather the images of some batches."""
        self._taken = self._pixels.take(epoch, start, rows)
        self._size = batch_size

    def put(self, index: int, space: Workspace) -> int:
        """Copy a batch to the input; return D."""
        np.copyto(space.x, self._taken[index * self._size : (index + 1) * self._size])
        return int(space.x.shape[1])

    def keep(self, space: Workspace) -> None:
        """Do nothing: each workspace has an input of its own."""


class PackedFeed:
    """For networks that begin with a `ByteDense`: each batch as wide as its lit pixels.

    Attributes:
        images: how the rows are packed.
    """

    def __init__(self, images: PackedImages, pixels: Pixels | None) -> None:
        """Feed the packed images themselves, or `pixels` packed as they come."""
        self.images, self._pixels = images, pixels
        self._stored = StoredPixels(images.rows)
        self._flat: FloatArray = aligned((0,))
        self._views: dict[tuple[int, int], FloatArray] = {}

    def load(self, epoch: int, start: int, rows: IndexArray, batch_size: int) -> None:
        """Gather the images of some batches and find how wide each is."""
        if self._pixels is None:
            self._taken = self._stored.take(epoch, start, rows)
            ends = self.images.ends.take(rows)
        else:
            self._taken = self.images.pack(self._pixels.take(epoch, start, rows))
            ends = self.images.ends_of(self._taken)
        self._size = batch_size
        starts = np.arange(0, len(rows), batch_size)
        widths = (np.maximum.reduceat(ends, starts) + PAD - 1) // PAD * PAD
        self._widths: list[int] = widths.tolist()

    def put(self, index: int, space: Workspace) -> int:
        """Make a batch the first layer's input; return its width."""
        width = self._widths[index]
        bytes_ = self._taken[index * self._size : (index + 1) * self._size]
        x = self._view(len(bytes_), width)
        np.copyto(x, bytes_[:, :width])
        _first_layer(space).set_input(x)
        return width

    def keep(self, space: Workspace) -> None:
        """Give the input memory of its own."""
        first_layer = _first_layer(space)
        first_layer.set_input(first_layer.x.copy())

    def _view(self, count: int, width: int) -> FloatArray:
        """Return a contiguous array (count, width), always on the same memory."""
        found = self._views.get((count, width))
        if found is None:
            if self._flat.size < count * self.images.width:
                self._flat = aligned((count * self.images.width,))
                self._views.clear()
            found = self._flat[: count * width].reshape(count, width)
            self._views[count, width] = found
        return found


class UprightFeed(PackedFeed):
    """For small networks: all batches loaded become float32 at once, in full width."""

    def load(self, epoch: int, start: int, rows: IndexArray, batch_size: int) -> None:
        """Gather and convert the images of some batches."""
        if self._pixels is None:
            taken = self._stored.take(epoch, start, rows)
        else:
            taken = self.images.pack(self._pixels.take(epoch, start, rows))
        self._floats = self._view(len(rows), self.images.width)
        np.copyto(self._floats, taken)
        self._size = batch_size

    def put(self, index: int, space: Workspace) -> int:
        """Make a batch the first layer's input; return its width."""
        x = self._floats[index * self._size : (index + 1) * self._size]
        _first_layer(space).set_input(x)
        return self.images.width


def _first_layer(space: Workspace) -> BoundByteDense:
    first = space.layers[0]
    assert isinstance(first, BoundByteDense)
    return first
