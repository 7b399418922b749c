"""A network in training: all that is needed to go on as if it had never stopped."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

import numpy as np

from core.base.arrays import ByteArray, FloatArray, IndexArray, LabelArray, aligned
from core.base.history import History
from core.certainty.calibration import Calibration
from core.data.dataset import Dataset, ImageSet, split_validation
from core.data.reader import Rewrite
from core.nn.loss import Loss
from core.nn.network import Network
from core.recipe.recipe import Recipe
from core.training.timeline import Moment

# One seed fixes a run; each use of chance draws from a stream of its own, so that, say,
# more dropout does not change the order of the images.
_STREAM_WEIGHTS, _STREAM_ORDER, _STREAM_NOISE = 1, 2, 3


@dataclass(frozen=True, slots=True, eq=False)
class DataSplit:
    """The images of one run, as rows of pixels.

    Attributes:
        images, labels: (N, D) uint8 and (N,) uint8 to train on.
        held_out: images to measure on, or None; and what part of the data they are.
        held_out_name: "Validation", "Test" or "".
        image_shape: (height, width).
        class_names: a name for each class.
        fingerprint: sha256 of the whole data set.
        rewrite: writes such images anew for labels (N,), or None.
    """

    images: ByteArray
    labels: LabelArray
    held_out: ImageSet | None
    held_out_name: str
    image_shape: tuple[int, int]
    class_names: tuple[str, ...]
    fingerprint: str
    rewrite: Rewrite | None = None

    @property
    def pixel_count(self) -> int:
        """D, values per image."""
        return self.image_shape[0] * self.image_shape[1]


def split_data(recipe: Recipe, dataset: Dataset) -> DataSplit:
    """Decide which images a run trains on and which it is measured on.

    Data that brings validation images keeps them; otherwise the recipe's share of the training
    images is set aside. Where that is 0 the test part, if any, is what the curves show.
    """
    train, held_out, name = dataset.train, dataset.validation, "Validation"
    if held_out is None and recipe.training.validation_split > 0:
        train, held_out = split_validation(train, recipe.training.validation_split, recipe.seed)
    if held_out is None or len(held_out) == 0:
        held_out, name = dataset.test, "Test" if dataset.test is not None else ""
    return DataSplit(
        train.images.reshape(len(train), -1),
        train.labels,
        held_out,
        name,
        dataset.image_shape,
        dataset.class_names,
        dataset.fingerprint(),
        dataset.rewrite,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Best:
    """The weights with the lowest held-out loss so far, for early stopping."""

    step: int
    loss: float
    params: FloatArray  # (P,) float32


@dataclass(frozen=True, slots=True, eq=False)
class Anchor:
    """Where a method with a memory last began anew: from there its way can be gone again."""

    step: int
    params: FloatArray  # (P,) float32
    random_state: Any  # of dropout, the same at each point


class LiveParams(Protocol):
    """What holds newer vectors than a run has stored."""

    def store_params(self) -> None:
        """Bring the run's `stored_params` up to date."""

    def store_slots(self) -> None:
        """Bring the run's `stored_slots` up to date."""


@dataclass(eq=False)
class Run:
    """The changing state of one training.

    Attributes:
        recipe: what it was started with.
        network, loss: built from the recipe and the shape of the data.
        stored_params, stored_slots: see `params` and `slots`.
        noise: randomness of dropout; its state is part of the run's.
        target: the iteration at which it ends.
        learning_rate: the base rate now, at first the recipe's; the schedule multiplies it.
        image_shape, class_names: of the data it was made for.
        data: name, source, fingerprint and counts of these data, for the file.
        step: iterations done.
        leg: where the present training began; the schedule runs from there to `target`.
        seconds: training time so far, pauses left out.
        history: every iteration and evaluation so far.
        best: for early stopping, else None.
        anchor: of methods for all images at once, else None.
        live_params: a training that keeps the newest weights in an order of its own, or None.
        lessons: what `core.teaching.fine_tuning` has taught it, as plain values; with lessons
            it cannot be repeated from recipe and data alone.
        moments: its past as its file tells it; a run in training does not keep its own.
        calibration: of its weights at some time; ask it whether it `belongs_to` the present.
        notes: what the user wrote about it.
        model_id: 32 hexadecimal digits; copies and later states have the same.
        created: when it was made, ISO 8601, or "" if nobody knows.
        unknown_parts: of its file, to this version; saving the run loses them.
    """

    recipe: Recipe
    network: Network
    loss: Loss
    stored_params: FloatArray
    stored_slots: dict[str, FloatArray]
    noise: np.random.Generator
    target: int
    learning_rate: float
    image_shape: tuple[int, int]
    class_names: tuple[str, ...]
    data: dict[str, Any]
    step: int = 0
    start_step: int = 0
    seconds: float = 0.0
    history: History = field(default_factory=History)
    best: Best | None = None
    anchor: Anchor | None = None
    live_params: LiveParams | None = None
    lessons: list[dict[str, Any]] = field(default_factory=list)
    moments: tuple[Moment, ...] = ()
    calibration: Calibration | None = None
    notes: str = ""
    model_id: str = field(default_factory=lambda: uuid4().hex)
    created: str = ""
    unknown_parts: tuple[str, ...] = ()

    @property
    def params(self) -> FloatArray:
        """(P,) float32, the weights and state of all layers, up to date."""
        if self.live_params is not None:
            self.live_params.store_params()
        return self.stored_params

    @property
    def slots(self) -> dict[str, FloatArray]:
        """The optimizer's vectors (T,), by name, up to date."""
        if self.live_params is not None:
            self.live_params.store_slots()
        return self.stored_slots

    @property
    def finished(self) -> bool:
        """Tell whether the recipe's end was reached."""
        return self.step >= self.target

    @property
    def recipe_now(self) -> Recipe:
        """The recipe with the learning rate in force: it may be changed while training."""
        optimizer: Any = self.recipe.optimizer
        if optimizer.learning_rate == self.learning_rate:
            return self.recipe
        changed = replace(optimizer, learning_rate=self.learning_rate)
        return replace(self.recipe, optimizer=changed, key="")

    def epoch_order(self, epoch: int, image_count: int) -> IndexArray:
        """Return the images of one epoch in order, batch after batch.

        It follows from the seed and the epoch's number alone, so a run that goes on
        from a file continues in the middle of an epoch without having drawn the rest.
        """
        rng = np.random.default_rng([self.recipe.seed, _STREAM_ORDER, epoch])
        if self.recipe.training.sampling == "replacement":
            count = self.recipe.steps_per_epoch(image_count) * self.recipe.training.batch_size
            return rng.integers(0, image_count, count, np.intp)
        return rng.permutation(image_count).astype(np.intp, copy=False)

    def copy(self) -> "Run":
        """Return a run of its own in the same state: a snapshot."""
        noise = np.random.Generator(type(self.noise.bit_generator)())
        noise.bit_generator.state = self.noise.bit_generator.state
        return replace(
            self,
            stored_params=self.params.copy(),
            stored_slots={name: slot.copy() for name, slot in self.slots.items()},
            noise=noise,
            data=dict(self.data),
            history=self.history.copy(),
            live_params=None,
            lessons=list(self.lessons),
            moments=(),
        )


def data_identity(dataset: Dataset) -> dict[str, Any]:
    """Describe a data set so that it can be found and recognised again."""
    return {
        "key": dataset.key,
        "name": dataset.name,
        # Whole: the program that opens the model may run in another folder.
        "source": dataset.source and str(Path(dataset.source).absolute()),
        "fingerprint": dataset.fingerprint(),
        "correction": dict(dataset.correction),
        "counts": {part: dataset.counts(part).tolist() for part in dataset.PARTS},
    }


def new_run(recipe: Recipe, dataset: Dataset, parts: DataSplit) -> Run:
    """Make a fresh network for these data; the recipe's seed decides its weights."""
    network = recipe.network(parts.pixel_count, len(parts.class_names))
    params = network.init_params(
        recipe.initializer, np.random.default_rng([recipe.seed, _STREAM_WEIGHTS])
    )
    for name, values in recipe.scaling.fit(parts.images).items():
        network.views(params, 0)[name][...] = values
    return Run(
        recipe=recipe,
        network=network,
        loss=recipe.loss,
        stored_params=params,
        stored_slots={
            name: aligned((network.trained_count,)) for name in recipe.optimizer.slot_names
        },
        noise=np.random.default_rng([recipe.seed, _STREAM_NOISE]),
        target=recipe.duration_steps(len(parts.images)),
        learning_rate=recipe.optimizer.learning_rate,
        image_shape=parts.image_shape,
        class_names=parts.class_names,
        data=data_identity(dataset),
        created=datetime.now(UTC).isoformat(timespec="seconds"),
    )
