"""What is strange or usual about an image, in numbers, for one network.

An image is described by what the network makes of it (its hidden layers, its largest
logits, its answer) and by 384 small patches of ink, which also tell images apart that the
network has learned to see alike.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.base.arrays import ByteArray, FloatArray
from core.certainty.temperature import log_answers
from core.imaging.framing import SIDE
from core.nn.layer import BoundLayer, Elementwise, Site
from core.nn.layers.dense import Dense
from core.nn.loss import Loss
from core.nn.network import Network, Workspace
from core.nn.scaling_folded import Folded

_SLICE = 256  # images carried through at a time: they and their activations fit the cache
_SLICE_PIXELS = 1 << 22  # fewer of large images: bounds the memory
_MOST_SIDE = 56  # pixels along a side; the patches see larger images made smaller
_MOST_UNITS, _MOST_LAYERS, _MOST_LOGITS = 512, 3, 10
_MOST_SIZES = 3  # workspaces kept: one image, whole slices, a remainder
_PATCHES = 384
_PATCH_SIDES = (5, 13)  # pixels of an image of usual size, from and to
_PATCH_FLOOR = 0.3  # what a patch must answer to count
_LEAST_LOG = -12.0  # log-probability below which all is equally unlikely
_SEED = 20


@dataclass(frozen=True, slots=True)
class _Tap(Elementwise):
    """Passes its input on and lets it be seen."""

    label: ClassVar[str] = "Tap"

    def bind(self, site: Site) -> BoundLayer:
        """Tie it to its arrays."""
        return _BoundTap(site)


class _BoundTap:
    def __init__(self, site: Site) -> None:
        self.x, self._y = site.x, site.y

    def forward(self, training: bool) -> None:
        if self._y is not self.x:
            np.copyto(self._y, self.x)

    def backward(self) -> None:
        raise NotImplementedError("a tap is for reading only")


class Describer:
    """Describes images by what one network makes of them; for one thread.

    Attributes:
        groups: the first and the last number of each group of like numbers.
        size: F, how many numbers describe an image.
    """

    def __init__(
        self, network: Network, loss: Loss, params: FloatArray, image_shape: tuple[int, int]
    ) -> None:
        """Copy the weights `params` (P,) of a network for images (H, W)."""
        self._folded, self._loss = Folded(network, params), loss
        self._tapped = _with_taps(self._folded.network)
        self._spaces: dict[int, Workspace] = {}
        self._shape, self._merged = image_shape, -(-max(image_shape) // _MOST_SIDE)
        height, width = (max(1, side // self._merged) for side in image_shape)
        self._patches = patches((height, width))
        self.groups = description_groups(network)
        self.size = self.groups[-1][1]

    def describe(self, images: ByteArray) -> tuple[FloatArray, FloatArray]:
        """Return descriptions (N, F) float32 and logits (N, K) of uint8 images (N, H, W)."""
        count = len(images)
        described = np.empty((count, self.size), np.float32)
        logits = np.empty((count, self._tapped.class_count), np.float32)
        rows = images.reshape(count, self._tapped.input_size)
        step = slice_size(rows.shape[1])
        for start in range(0, count, step):
            part = slice(start, start + step)
            self._describe(rows[part], described[part], logits[part])
        return described, logits

    def _describe(self, rows: ByteArray, described: FloatArray, logits: FloatArray) -> None:
        space = self._workspace(len(rows))
        np.copyto(space.x, rows)
        logits[...] = space.forward()
        taps, groups = self._taps(space), [described[:, a:b] for a, b in self.groups]
        for tap, group in zip(taps, groups, strict=False):
            group[...] = tap.x[:, : group.shape[1]]
        largest, chances, logs, inked = groups[len(taps) :]
        count = largest.shape[1]
        largest[...] = np.sort(logits, axis=1)[:, -count:]
        scores = log_answers(self._loss, logits)
        logs[...] = np.sort(scores, axis=1)[:, -count:]
        np.exp(logs, out=chances)
        np.maximum(logs, np.float32(_LEAST_LOG), out=logs)
        pixels = self._merge(space.x)
        length = np.sqrt(np.einsum("ij,ij->i", pixels, pixels))[:, None]
        np.divide(pixels @ self._patches, np.maximum(length, 1), out=inked)
        np.maximum(inked - np.float32(_PATCH_FLOOR), 0, out=inked)

    def _merge(self, pixels: FloatArray) -> FloatArray:
        """Average squares of pixels of large images."""
        each = self._merged
        if each == 1:
            return pixels
        height, width = (max(1, side // each) for side in self._shape)
        images = pixels.reshape(-1, *self._shape)[:, : height * each, : width * each]
        squares = images.reshape(len(pixels), height, -1, width, images.shape[2] // width)
        merged: FloatArray = squares.mean(axis=(2, 4)).reshape(len(pixels), -1)
        return merged

    def _workspace(self, count: int) -> Workspace:
        if count not in self._spaces:
            if len(self._spaces) > _MOST_SIZES:
                self._spaces.clear()
            self._spaces[count] = Workspace(self._tapped, self._folded.params, count)
        return self._spaces[count]

    def _taps(self, space: Workspace) -> list[_BoundTap]:
        found = [layer for layer in space.layers if isinstance(layer, _BoundTap)]
        return found[-_MOST_LAYERS:]


def slice_size(pixels: int) -> int:
    """Return how many images of so many pixels are worked on at a time."""
    return max(1, min(_SLICE, _SLICE_PIXELS // pixels))


def description_groups(network: Network) -> list[tuple[int, int]]:
    """Return where each group of numbers in a description begins and ends.

    They are the inputs of each dense layer but the first (at most three layers, the last
    ones, and at most 512 units of each, since units are drawn alike), then the largest
    logits, probabilities and log-probabilities, then the patches.
    """
    layers, sizes = network.layers, network.sizes
    dense = [size for layer, size in zip(layers, sizes, strict=False) if isinstance(layer, Dense)]
    counts = [min(size, _MOST_UNITS) for size in dense[1:][-_MOST_LAYERS:]]
    counts += [min(network.class_count, _MOST_LOGITS)] * 3 + [_PATCHES]
    ends = np.cumsum([0, *counts]).tolist()
    return list(zip(ends[:-1], ends[1:], strict=True))


def _with_taps(network: Network) -> Network:
    """Return the network with a tap before each dense layer but the first."""
    layers = list(network.layers)
    dense = [index for index, layer in enumerate(layers) if isinstance(layer, Dense)]
    for index in reversed(dense[1:]):
        layers.insert(index, _Tap())
    return Network(tuple(layers), network.input_size)


def patches(image_shape: tuple[int, int]) -> FloatArray:
    """Return 384 masks (D, 384) float32 of -1, 0 and 1: random signs in a small rectangle.

    They follow from the image's shape alone. Only the bit generator's raw output is used,
    which NumPy promises never to change.
    """
    height, width = image_shape
    raw = np.random.PCG64(_SEED).random_raw
    signs = np.unpackbits(raw(-(-height * width * _PATCHES // 64)).view(np.uint8))
    masks = np.zeros((height, width, _PATCHES), np.float32)
    draws = raw((_PATCHES, 4)).astype(np.float64) / 2.0**64  # 0..1
    low, high = _PATCH_SIDES
    for patch, (a, b, c, d) in enumerate(draws):
        rows = max(1, round((low + a * (high - low)) * height / SIDE))
        columns = max(1, round((low + b * (high - low)) * width / SIDE))
        top, left = int(c * (height - rows + 1)), int(d * (width - columns + 1))
        masks[top : top + rows, left : left + columns, patch] = 1
    flips = signs[: masks.size].reshape(masks.shape)
    np.negative(masks, out=masks, where=flips.astype(bool))
    return masks.reshape(-1, _PATCHES)
