"""How much memory a training takes, counted from shapes: nothing large is allocated.

`tests/core/training/test_footprint.py` compares the sums with what NumPy really allocates.
"""

import math
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from core.nn.evaluation import SLICE as MEASURED
from core.nn.layers.scaling import FITTED, Scaling
from core.nn.network import Network, shares_array
from core.nn.optimizer import BatchOptimizer, FullBatchOptimizer
from core.recipe.recipe import Recipe
from core.training.augmented import waiting_bytes
from core.training.batches import GATHERED
from core.training.evaluation_schedule import TRAIN_SAMPLE
from core.training.full_batch import keeps_inputs, slice_size
from core.training.layer_memory import kept_by_layer, kept_by_rule
from core.training.packing import Packing, packable

_SINGLE, _DOUBLE = 4, 8  # bytes of a number
_INDEX = np.dtype(np.intp).itemsize
_SCORES = 4  # arrays (K, n) of logits, targets and the like beside a workspace
_PICTURES = 2  # copies of the weights that are on their way to be shown
_COPIES = 3  # of the network while it is saved: itself, its arrays, and the file's bytes


@dataclass(frozen=True, slots=True)
class Footprint:
    """Bytes that a training takes on top of the images it is given.

    Attributes:
        network: the network's own vectors.
        starting: drawing its first weights and fitting its input scaling; then free again.
        training: what the optimizer takes, and the states to fall back on.
        workspace: the layers' results for each batch, and for measuring.
        images: copies of images, in the layout and order in which they are due.
        saving: copies made while it is shown or saved meanwhile.
    """

    network: int
    starting: int
    training: int
    workspace: int
    images: int
    saving: int

    @property
    def needed(self) -> int:
        """What it cannot do without."""
        return self.network + max(self.starting, self.training + self.workspace + self.images)

    @property
    def comfortable(self) -> int:
        """What it takes at most, also while it is being saved."""
        return self.needed + self.saving


def footprint(
    recipe: Recipe, pixel_count: int, class_count: int, train_count: int, held_out_count: int = 0
) -> Footprint:
    """Count what training a fresh network by this recipe takes.

    Args:
        recipe: what is to be trained.
        pixel_count, class_count: of the data.
        train_count, held_out_count: images to train on and to measure on.
    """
    counted = _Counted(recipe, recipe.network(pixel_count, class_count), max(train_count, 1))
    measured = min(train_count, TRAIN_SAMPLE), held_out_count
    return Footprint(
        network=counted.network(),
        starting=counted.starting(),
        training=counted.training(),
        workspace=counted.workspace() + counted.measuring(measured),
        images=counted.images(),
        saving=_COPIES * counted.network() + _PICTURES * _SINGLE * counted.plain.param_count,
    )


@dataclass(frozen=True, slots=True)
class _Counted:
    """One training in numbers."""

    recipe: Recipe
    plain: Network
    count: int  # images to train on

    @property
    def _full(self) -> bool:
        return self.recipe.optimizer.full_batch

    @property
    def _numerical(self) -> bool:
        return self.recipe.training.gradient == "numerical" and not self._full

    @property
    def _packed(self) -> bool:
        return packable(self.plain) and not self._numerical

    @property
    def _trained(self) -> Network:
        """The layout of the network that is trained; all pixels are taken for lit."""
        if not self._packed:
            return self.plain
        return Packing(self.plain, np.arange(self.plain.input_size), self._sizes[0]).network

    @property
    def _sizes(self) -> tuple[int, ...]:
        """Images in the workspaces that are made: the last batch of an epoch may be smaller."""
        count, size = self.count, self.recipe.training.batch_size
        if self._full:
            size = slice_size(self.plain, count)
            if keeps_inputs(self.plain, count):
                return (count,)
        elif self.recipe.training.sampling == "replacement":
            return (size,)
        return tuple(n for n in (min(size, count), count % size if size < count else 0) if n)

    def network(self) -> int:
        """Return what the weights and the optimizer's memory take."""
        slots = len(self.recipe.optimizer.slot_names)
        return _SINGLE * (self.plain.param_count + slots * self.plain.trained_count)

    def starting(self) -> int:
        """Return what drawing the largest matrix takes, twice in double precision, or fitting."""
        fitting = 0 if self.recipe.scaling.kind == "unit" else min(self.count, 2 * FITTED)
        return max(2 * self._largest(), fitting * self.plain.input_size * _DOUBLE)

    def _largest(self) -> int:
        return _DOUBLE * max(math.prod(spec.shape) for spec in self.plain.specs)

    def training(self) -> int:
        """Return what the optimizer and the states to fall back on take."""
        trained, optimizer = self._trained, self.recipe.optimizer
        count = trained.trained_count
        state = _SINGLE * (trained.param_count + len(optimizer.slot_names) * count)
        vectors = (2 + self._packed) * state + _SINGLE * count
        pictures = _PICTURES * _SINGLE * self.plain.param_count
        # Shrinking the weights takes copies of the largest matrix.
        penalty = self._largest() if self.recipe.penalty.active else 0
        return vectors + pictures + penalty + self._rule_bytes(optimizer, trained)

    def _rule_bytes(self, optimizer: Any, trained: Network) -> int:
        count = trained.trained_count
        if self._full:  # and the weights at a point, where it began, and where it is
            vectors = cast(FullBatchOptimizer, optimizer).vectors
            return _DOUBLE * vectors * count + 3 * _SINGLE * trained.param_count
        rule = math.ceil(count * kept_by_rule(cast(BatchOptimizer, optimizer)))
        if not self._numerical:
            return rule
        return rule + _DOUBLE * (len(self._sizes) * trained.param_count + 2 * count)

    def workspace(self) -> int:
        """Return what the layers' results of a batch take."""
        kind = _DOUBLE if self._numerical else _SINGLE
        each = _values(self._trained, kind, backward=not self._numerical)
        scored = self.count if self._full else max(self._sizes[0], GATHERED)
        return sum(self._sizes) * each + _SCORES * scored * self.plain.class_count * kind

    def measuring(self, counts: tuple[int, ...]) -> int:
        """Return what measuring sets of so many images takes."""
        plain = self.plain
        if isinstance(plain.layers[0], Scaling):  # it is folded into the first weights
            plain = Network(plain.layers[1:], plain.input_size)
        sizes = {size for n in counts for size in (min(n, MEASURED), n % MEASURED)}
        return _SINGLE * plain.param_count + sum(sizes) * _values(plain, _SINGLE, backward=False)

    def images(self) -> int:
        """Return what copies of the images take."""
        width, count = self._trained.input_size, self.count
        at_once = slice_size(self.plain, count) if self._full else max(self._sizes[0], GATHERED)
        gathered = min(at_once, count) * width * (1 + _SINGLE)
        packed = count * (width + _INDEX) if self._packed else 0
        if self._full:
            kept = (
                count * width * _SINGLE if self._packed and keeps_inputs(self.plain, count) else 0
            )
            return packed + gathered + kept + 2 * count * _INDEX
        ahead = waiting_bytes(self.recipe.augmentation, self.plain.input_size)
        return packed + gathered + ahead + 2 * count * _INDEX


def _values(network: Network, kind: int, backward: bool) -> int:
    """Return the bytes that one image takes in a workspace, and in the loss's arrays."""
    sizes, layers = network.sizes, network.layers
    passes = 2 if backward else 1
    total = float(kind * sizes[0])  # nobody needs the gradient by the images
    for index, layer in enumerate(layers):
        if not shares_array(layers, index):
            total += passes * kind * sizes[index + 1]
        total += sizes[index + 1] * kept_by_layer(layer, backward) * kind / _SINGLE
    return math.ceil(total) + _SCORES * kind * sizes[-1]
