"""The vectors of a run in the layout they have while it trains."""

from typing import Protocol

from core.base.arrays import FloatArray
from core.nn.network import Network
from core.training.augmented import AugmentedRows, Originals, Rewritten
from core.training.batches import Feed, PackedFeed, Pixels, PlainFeed, StoredPixels, UprightFeed
from core.training.packing import PackedImages, Packing, packable
from core.training.run import DataSplit, Run


class ParamLayout(Protocol):
    """Network, weights and input of a run in training.

    Attributes:
        network: the layout of the network that is trained.
        params, slots: its vectors; training moves them in place.
        feed: brings the images.
    """

    network: Network
    params: FloatArray
    slots: dict[str, FloatArray]
    feed: Feed

    def reachable(self, width: int) -> int:
        """Return how much of the trained vector a batch of this width reaches."""

    def weight_views(self, vector: FloatArray) -> list[FloatArray]:
        """Return the weight matrices, without biases, as views of a vector."""

    def store_params(self) -> None:
        """Bring the run's stored weights up to date."""

    def store_slots(self) -> None:
        """Bring the run's stored optimizer slots up to date."""

    def mark_changed(self) -> None:
        """Say that the vectors were changed by something else than an iteration."""

    def load(self, params: FloatArray) -> None:
        """Go on with other weights (P,), in the order of the run's own network."""

    def close(self) -> None:
        """End what works in the background."""


class PlainLayout:
    """The run's own vectors, for networks that cannot be packed."""

    def __init__(self, run: Run, parts: DataSplit) -> None:
        self.network, self.params, self.slots = run.network, run.params, run.slots
        self._pixels = _pixels(run, parts) or StoredPixels(parts.images)
        self.feed: Feed = PlainFeed(self._pixels)

    def reachable(self, width: int) -> int:
        """Return T: every weight is reached."""
        return self.network.trained_count

    def weight_views(self, vector: FloatArray) -> list[FloatArray]:
        """Return the weight matrices as views of a vector."""
        return self.network.weight_views(vector)

    def store_params(self) -> None:
        """Do nothing: these are the run's own vectors."""

    def store_slots(self) -> None:
        """Do nothing: these are the run's own vectors."""

    def mark_changed(self) -> None:
        """Do nothing: there is no other copy."""

    def load(self, params: FloatArray) -> None:
        """Go on with other weights (P,)."""
        self.params[...] = params

    def close(self) -> None:
        """End what works in the background."""
        self._pixels.close()


class PackedLayout:
    """Vectors in the order of `core.training.packing`."""

    def __init__(self, run: Run, parts: DataSplit) -> None:
        self._run, recipe = run, run.recipe
        self._pixels = _pixels(run, parts)
        # Distorted images light other pixels than their originals, and what makes weights
        # smaller reaches those of dark pixels, too.
        shrinks = recipe.penalty.active or getattr(recipe.optimizer, "weight_decay", 0) > 0
        images = PackedImages(parts.images, keep_dark=self._pixels is not None or shrinks)
        self._packing = Packing(run.network, images.order, recipe.training.batch_size)
        self.network = self._packing.network
        self._before, self._per_column = self._packing.reach
        self.params = self._packing.pack(run.params)
        self.slots = {name: self._packing.pack(slot) for name, slot in run.slots.items()}
        feed = UprightFeed if self._packing.upright else PackedFeed
        self.feed: Feed = feed(images, self._pixels)
        self._params_of = self._slots_of = run.step  # stored for this iteration

    def reachable(self, width: int) -> int:
        """Return how much of the trained vector a batch of this width reaches."""
        return self._before + width * self._per_column

    def weight_views(self, vector: FloatArray) -> list[FloatArray]:
        """Return the weight matrices as views of a vector."""
        return self._packing.weight_views(vector)

    def store_params(self) -> None:
        """Write the weights back to the run, unless that was done for this iteration."""
        if self._params_of != self._run.step:
            self._packing.unpack(self.params, self._run.stored_params)
            self._params_of = self._run.step

    def store_slots(self) -> None:
        """Write the slots back to the run, unless that was done for this iteration."""
        if self._slots_of != self._run.step:
            for name, slot in self.slots.items():
                self._packing.unpack(slot, self._run.stored_slots[name])
            self._slots_of = self._run.step

    def mark_changed(self) -> None:
        """Say that the vectors were changed by something else than an iteration."""
        self._params_of = self._slots_of = -1

    def load(self, params: FloatArray) -> None:
        """Go on with other weights (P,), in the order of the run's own network."""
        self.params[...] = self._packing.pack(params)
        self.mark_changed()

    def close(self) -> None:
        """End what works in the background."""
        if self._pixels is not None:
            self._pixels.close()


def make_param_layout(run: Run, parts: DataSplit) -> ParamLayout:
    """Return the layout in which a run trains fastest."""
    return PackedLayout(run, parts) if packable(run.network) else PlainLayout(run, parts)


def _pixels(run: Run, parts: DataSplit) -> Pixels | None:
    """Return where images come from that are made for each epoch; None if none are."""
    augmentation = run.recipe.augmentation
    fresh = augmentation.fresh and parts.rewrite is not None
    # Methods that look at all images at once need the same cost at every evaluation.
    if run.recipe.optimizer.full_batch or not (fresh or augmentation.distorts):
        return None
    source: Originals | Rewritten = Originals(parts.images, parts.image_shape)
    if fresh and parts.rewrite is not None:
        source = Rewritten(parts.labels, parts.image_shape, parts.rewrite)
    return AugmentedRows(
        source,
        augmentation,
        run.recipe.seed,
        lambda epoch: run.epoch_order(epoch, len(parts.images)),
    )
