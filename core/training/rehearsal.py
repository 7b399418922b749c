"""A training like another, but small: what is timed to say how long the other will take.

A small recipe is taken as it is. Of a large one come first fewer of its layers, then narrower
ones and smaller batches, until neither memory nor an iteration's time are worth a thought.
"""

from dataclasses import dataclass, replace

import numpy as np

from core.base.arrays import aligned
from core.recipe.hidden_layer import HiddenLayer
from core.recipe.recipe import Recipe
from core.training.engines import product_operations
from core.training.footprint import footprint
from core.training.run import DataSplit, Run

_MOST_IMAGES = 2_000  # made up for it; methods for the whole set scale with their number
_FEWEST_IMAGES = 64
_LIT = 0.2  # share of pixels with ink, as in MNIST
_MOST_BYTES = 160e6  # that training it would take; timing some iterations takes about half
_MOST_OPERATIONS = 5e9  # of an iteration: 0.1 s on one core
_NARROWEST = 128  # units; narrower layers have another speed


@dataclass(frozen=True, slots=True, eq=False)
class Rehearsal:
    """A run that is not to be kept, and made-up images for it.

    Attributes:
        run: by the recipe, or by a smaller one.
        parts: as many images as it needs.
        wanted: images of one iteration in the recipe itself.
    """

    run: Run
    parts: DataSplit
    wanted: int


def rehearsal(recipe: Recipe, pixel_count: int, class_count: int, train_count: int) -> Rehearsal:
    """Return what to time instead of this recipe."""
    wanted = min(recipe.training.batch_size, max(train_count, 1))
    full_batch = recipe.optimizer.full_batch
    count = max(1, min(train_count, max(_MOST_IMAGES, 0 if full_batch else wanted)))
    small = _with_batch(recipe, count if full_batch else wanted)
    while _is_large(small, pixel_count, class_count, count):
        shrunk, batch = _shrunk(small.hidden), small.training.batch_size
        # Methods for all images are scaled with their number: that should stay large.
        slow = not full_batch and _is_slow(small, pixel_count, class_count)
        if batch > _FEWEST_IMAGES and (slow or not shrunk):
            batch = max(batch // 2, _FEWEST_IMAGES)
            small = _with_batch(small, batch)
            count = min(count, batch if full_batch else max(_MOST_IMAGES, batch))
        elif shrunk:
            small = replace(small, hidden=shrunk)
        else:
            break
    parts = _made_up(count, pixel_count, class_count)
    return Rehearsal(_run(small, parts), parts, wanted)


def _with_batch(recipe: Recipe, size: int) -> Recipe:
    return replace(recipe, training=replace(recipe.training, batch_size=size))


def _is_large(recipe: Recipe, pixels: int, classes: int, count: int) -> bool:
    large = footprint(recipe, pixels, classes, count).needed > _MOST_BYTES
    return large or _is_slow(recipe, pixels, classes)


def _is_slow(recipe: Recipe, pixels: int, classes: int) -> bool:
    network = recipe.network(pixels, classes)
    return product_operations(network, recipe.training.batch_size) > _MOST_OPERATIONS


def _shrunk(hidden: tuple[HiddenLayer, ...]) -> tuple[HiddenLayer, ...]:
    """Return fewer layers, or narrower ones where there are few; () if they are small."""
    if len(hidden) > 2:
        return hidden[: max(2, len(hidden) // 2)]
    if not hidden or max(layer.units for layer in hidden) <= _NARROWEST:
        return ()
    return tuple(
        replace(layer, units=max(min(layer.units, _NARROWEST), layer.units * 3 // 4))
        for layer in hidden
    )


def _made_up(count: int, pixel_count: int, class_count: int) -> DataSplit:
    rng = np.random.default_rng(0)
    images = rng.integers(1, 256, (count, pixel_count), np.uint8)
    images *= rng.random((count, pixel_count), np.float32) < _LIT
    labels = (np.arange(count) % class_count).astype(np.uint8)  # 256 itself is no byte
    names = tuple(str(number) for number in range(class_count))
    return DataSplit(images, labels, None, "", (1, pixel_count), names, "")


def _run(recipe: Recipe, parts: DataSplit) -> Run:
    network = recipe.network(parts.pixel_count, len(parts.class_names))
    length = network.trained_count
    return Run(
        recipe=recipe,
        network=network,
        loss=recipe.loss,
        stored_params=network.init_params(recipe.initializer, np.random.default_rng(0)),
        stored_slots={name: aligned((length,)) for name in recipe.optimizer.slot_names},
        noise=np.random.default_rng(0),
        target=1_000_000_000,
        learning_rate=recipe.optimizer.learning_rate,
        image_shape=parts.image_shape,
        class_names=parts.class_names,
        data={},
    )
