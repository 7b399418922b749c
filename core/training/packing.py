"""The layout in which a network of dense layers trains fastest on images of bytes.

Three things are done to the first layer, none of which changes what is computed:

- Pixels stay bytes, 0..255, until a batch is due; the factor 1/255 goes to the layer's
  sums, fifty or so numbers per image instead of 784.
- Pixels that are dark in all images (67 of MNIST's 784) are left out: their inputs are 0,
  and so are the gradients of their weights, which stay what they are. The others are
  sorted by how many images light them: those that no image of a batch lights are then
  mostly at the end, where the product can stop.
- The biases are one more row of the weights, whose input is always 255.

Measured on MNIST, 784-50-10, batch 100: see tests/bench/RESULTS.md, "What each trick buys".
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from core.base.arrays import ByteArray, FloatArray, IndexArray, Shape, aligned
from core.nn.layer import NOTHING, BoundLayer, Site
from core.nn.layers.dense import Dense
from core.nn.layers.scaling import BYTE, Scaling
from core.nn.network import Network

PAD = 16  # float32 numbers on a cache line: products of whole lines are fastest
_SMALL = 400_000  # multiplications in a product below which OpenBLAS has kernels of its own
_BLOCK = 4096  # images packed at a time


@dataclass(frozen=True, slots=True)
class ByteDense:
    """Scaling and the first dense layer in one: y = x @ table / 255.

    x is (N, rows) with 255 in column 0; row 0 of the table holds the biases.

    Attributes:
        units: H.
        upright: the table is (H, rows), not (rows, H): for small products OpenBLAS's
            kernel for transposed weights takes half the time.
    """

    label: ClassVar[str] = "Bytes to dense"
    activation: ClassVar[bool] = False
    in_place: ClassVar[bool] = False
    needs_output: ClassVar[bool] = False
    initial: ClassVar[Mapping[str, float]] = NOTHING

    units: int
    upright: bool

    def output_size(self, inputs: int) -> int:
        """Return H."""
        return self.units

    def param_shapes(self, inputs: int) -> dict[str, Shape]:
        """Return the shape of the table."""
        return {"table": (self.units, inputs) if self.upright else (inputs, self.units)}

    def state_shapes(self, inputs: int) -> dict[str, Shape]:
        """Return nothing: there is no state."""
        return {}

    def bind(self, site: Site) -> BoundLayer:
        """Tie the layer to its arrays."""
        return BoundByteDense(site, self.upright)


class BoundByteDense:
    """Gets another input, of another width, for each batch.

    Attributes:
        x: (N, width) the input.
    """

    def __init__(self, site: Site, upright: bool) -> None:
        self._upright = upright
        self._y, self._d_y = site.y, site.d_y
        self._by_class = not site.y.flags.c_contiguous  # it is the last layer, too
        self._table, self._d_table = site.params["table"], site.grads.get("table")
        self._factor = np.array(1 / BYTE, site.y.dtype)
        self._d_y_t, self._table_t, self._y_t = self._d_y.T, self._table.T, self._y.T
        self._widths: dict[int, tuple[FloatArray, ...]] = {}
        self.set_input(site.x)

    def set_input(self, x: FloatArray) -> None:
        """Use x (N, width) from now on: the pixels from `width` on are dark."""
        self.x, width = x, x.shape[1]
        if self._upright:
            return
        found = self._widths.get(width)
        if found is None:
            table, grads = self._table[:width], self._d_table
            found = (table, table.T, table if grads is None else grads[:width])
            self._widths[width] = found
        self._lit_table, self._lit_table_t, self._lit_grads = found

    def forward(self, training: bool) -> None:
        """Write y from x."""
        if self._upright:
            self.x.dot(self._table_t, self._y)
        elif self._by_class:
            self._lit_table_t.dot(self.x.T, self._y_t)
        else:
            self.x.dot(self._lit_table, self._y)
        np.multiply(self._y, self._factor, self._y)

    def backward(self) -> None:
        """Write the table's gradient, as far as the input is wide."""
        np.multiply(self._d_y, self._factor, self._d_y)
        if self._upright:
            self._d_y_t.dot(self.x, self._d_table)
        else:
            self.x.T.dot(self._d_y, self._lit_grads)


class PackedImages:
    """Images as rows of bytes: 255, then the pixels, most often lit first.

    Attributes:
        order: (L,) the pixels in the order of the columns 1 to L.
        rows: (N, width) uint8, width a multiple of 16.
        ends: (N,) for each image the first column from which on it is dark.
    """

    def __init__(self, images: ByteArray, keep_dark: bool = False) -> None:
        """Pack images (N, D) uint8; pixels that are always dark only if `keep_dark`."""
        count, pixels = images.shape
        lit = np.zeros(pixels, np.intp)
        for start in range(0, count, _BLOCK):
            lit += np.count_nonzero(images[start : start + _BLOCK], axis=0)
        order: IndexArray = np.argsort(-lit, kind="stable")
        self.order = order if keep_dark else order[: max(np.count_nonzero(lit), 1)]
        self.width = padded(len(self.order) + 1)
        self.rows = self.pack(images)
        self.ends = np.empty(count, np.intp)
        for start in range(0, count, _BLOCK):
            self.ends[start : start + _BLOCK] = self.ends_of(self.rows[start : start + _BLOCK])

    def pack(self, images: ByteArray) -> ByteArray:
        """Return images (N, D) as rows (N, width)."""
        rows: ByteArray = aligned((len(images), self.width), np.uint8)
        rows[:, 0] = 255
        for start in range(0, len(images), _BLOCK):
            block = slice(start, start + _BLOCK)
            rows[block, 1 : 1 + len(self.order)] = images[block].take(self.order, axis=1)
        return rows

    def ends_of(self, rows: ByteArray) -> IndexArray:
        """Return for each packed row the first column from which on it is dark."""
        found: IndexArray = self.width - (rows[:, ::-1] != 0).argmax(axis=1)
        return found


def padded(count: int) -> int:
    """Return `count` rounded up to whole cache lines of float32."""
    return -(-count // PAD) * PAD


def packable(network: Network) -> bool:
    """Tell whether a network begins as `ByteDense` can replace."""
    if len(network.layers) < 2:
        return False
    first, second = network.layers[:2]
    return isinstance(first, Scaling) and first.kind == "unit" and isinstance(second, Dense)


class Packing:
    """A network in two forms, and the way between their flat vectors.

    Attributes:
        network: the packed layout of the network.
    """

    def __init__(self, plain: Network, order: IndexArray, batch_size: int) -> None:
        """Derive the packed layout of a `packable` network.

        Args:
            plain: the network.
            order: (L,) the pixels that images light, in the order of their columns.
            batch_size: of the training.
        """
        dense = plain.layers[1]
        assert isinstance(dense, Dense)
        rows = padded(len(order) + 1)
        self.upright = batch_size * rows * dense.units < _SMALL and len(plain.layers) > 2
        first_layer = ByteDense(dense.units, self.upright)
        self.plain = plain
        self.network = Network((first_layer, *plain.layers[2:]), rows, first_layer_last=True)
        self._order = order
        self._packed_specs = {(spec.layer, spec.name): spec for spec in self.network.specs}

    def table(self, vector: NDArray[Any]) -> NDArray[Any]:
        """Return the first layer's table as a view (rows, H), whichever way it is stored."""
        spec = next(spec for spec in self.network.specs if spec.name == "table")
        view = vector[spec.start : spec.stop].reshape(spec.shape)
        return view.T if self.upright else view

    def weight_views(self, vector: FloatArray) -> list[FloatArray]:
        """Return what penalties act on, as `Network.weight_views` does."""
        return [self.table(vector)[1:], *self.network.weight_views(vector)]

    @property
    def reach(self) -> tuple[int, int]:
        """Return how far into the trained vector a batch reaches: at least, and per column."""
        spec = next(spec for spec in self.network.specs if spec.name == "table")
        return (spec.stop, 0) if self.upright else (spec.start, spec.shape[1])

    def pack(self, vector: FloatArray) -> FloatArray:
        """Return a plain vector, (P,) or (T,), in the packed layout."""
        whole = len(vector) == self.plain.param_count
        count = self.network.param_count if whole else self.network.trained_count
        packed: FloatArray = aligned((count,), vector.dtype)
        for plain, place, rows in self._pairs(vector, packed):
            place[...] = plain if rows is None else plain[rows]
        return packed

    def unpack(self, packed: FloatArray, out: FloatArray) -> None:
        """Write a packed vector into the plain one `out`, (P,) or (T,).

        The weights of pixels that were left out stay as they are.
        """
        for plain, place, rows in self._pairs(out, packed):
            plain[... if rows is None else rows] = place

    def _pairs(
        self, plain: FloatArray, packed: FloatArray
    ) -> Iterator[tuple[FloatArray, FloatArray, IndexArray | None]]:
        """Yield each array of the plain vector, where it lies in the packed one, and its rows."""
        table = self.table(packed)
        for spec in self.plain.specs:
            if spec.stop > len(plain):
                continue
            array = plain[spec.start : spec.stop].reshape(spec.shape)
            if spec.layer > 1:
                place = self._packed_specs[spec.layer - 1, spec.name]
                yield array, packed[place.start : place.stop].reshape(spec.shape), None
            elif spec.name == "weights":
                yield array, table[1 : 1 + len(self._order)], self._order
            else:
                yield array, table[0], None
