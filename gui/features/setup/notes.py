"""Sentences about settings that are allowed together but may surprise."""

from collections.abc import Collection, Iterator
from dataclasses import fields
from typing import Any

from core.base.fields import Limits, limits_of
from core.nn.initializers.normal import Normal
from core.nn.initializers.zeros import Zeros
from core.nn.optimizers.adam import AdamW
from core.nn.schedules.constant import Constant
from core.recipe.recipe import Recipe, describe_fields

# Training settings that methods for all images at once ignore, and why.
_FULL_BATCH_IGNORES = {
    "batch_size": "",  # the sentence under the optimizer, just above, says it
    "sampling": "{} uses no batches.",
    "warmup": "",  # the group's heading says it, of all its settings
    "clip_norm": "{} chooses its own steps.",
    "gradient": "{} always uses backpropagation.",
}
# What each closed group of settings holds, by the recipe's field and the fields inside.
_GROUPS: dict[str, dict[str, tuple[str, ...]]] = {
    "schedule": {"training": ("warmup",)},
    "regularization": {"penalty": ("l2", "l1"), "training": ("patience", "clip_norm")},
    "augmentation": {
        "augmentation": (
            "images", "shift", "rotation", "scale", "shear", "elastic", "smoothness", "noise",
        ),
    },
    "more": {"training": ("sampling", "evaluate_every", "gradient", "threads")},
}  # fmt: skip
_FOR_BATCHES = ("schedule", "augmentation")  # groups that other methods ignore as a whole


def ignored_by(recipe: Recipe) -> frozenset[str]:
    """Return the training settings that the recipe's optimizer has no use for."""
    return frozenset(_FULL_BATCH_IGNORES) if recipe.optimizer.full_batch else frozenset()


def uses_batches(recipe: Recipe) -> bool:
    """Tell whether schedules and augmentation have an effect."""
    return not recipe.optimizer.full_batch


# -- headings of groups --------------------------------------------------------------------


def group_summaries(recipe: Recipe, rare: Collection[str] = ()) -> dict[str, str]:
    """Return for each group of settings in words what is not at its default.

    Args:
        recipe: the one in force.
        rare: the optimizer's fields that are in the group "more".
    """
    return {name: ", ".join(_summary(recipe, name, rare)) for name in _GROUPS}


def _summary(recipe: Recipe, group: str, rare: Collection[str]) -> Iterator[str]:
    if group in _FOR_BATCHES and not uses_batches(recipe):
        yield f"not used by {recipe.optimizer.label}"
        return
    if group == "schedule" and not isinstance(recipe.schedule, Constant):
        yield recipe.schedule.label
    if group == "more":
        own = [name for name in describe_fields(recipe.optimizer) if name in rare]
        yield from _changed(recipe.optimizer, own)
    for part, names in _GROUPS[group].items():
        skipped = ignored_by(recipe) if part == "training" else frozenset()
        yield from _changed(getattr(recipe, part), [name for name in names if name not in skipped])


def _changed(config: Any, names: Collection[str]) -> Iterator[str]:
    defaults = {item.name: item.default for item in fields(config)}
    for name in names:
        value, limits = getattr(config, name), limits_of(config, name)
        if limits is not None and value != defaults[name]:
            yield _phrase(value, limits)


def _phrase(value: Any, limits: Limits) -> str:
    """Say in a word or two what is set: "numerical differences", "L2 0.0001"."""
    if limits.choices:
        return dict(limits.choices)[value]
    label = limits.label.removesuffix(" penalty")
    label = label if label[1:2].isdigit() else label[:1].lower() + label[1:]
    equals = " =" if label[-2:-1] == " " else ""  # "beta 1 = 0.8"
    return f"{label}{equals} {value:{',' if isinstance(value, int) else 'g'}}{limits.unit}"


# -- sentences under fields ----------------------------------------------------------------


def notes_on(
    recipe: Recipe,
    image_count: int | None,
    validation_note: str = "",
    *,
    rewritable: bool = True,
) -> dict[str, str]:
    """Return the sentences to show, by the name of the field they belong under.

    Args:
        recipe: what would be trained.
        image_count: images to train on, or None while there are no data.
        validation_note: what the data say about the validation split.
        rewritable: whether the program can write the images of these data anew.
    """
    notes: dict[str, str] = {}
    if recipe.augmentation.fresh and not rewritable:
        notes["images"] = "These data are not the program's own handwriting: they stay the same."
    if _is_symmetric(recipe):
        notes["std" if isinstance(recipe.initializer, Normal) else "initializer"] = (
            "All neurons of a layer start alike and stay alike: it learns little."
        )
    if validation_note:
        notes["validation_split"] = validation_note
    if recipe.training.evaluate_every == 0:
        notes["evaluate_every"] = "0: it is measured after each epoch."
    if recipe.optimizer.full_batch:
        notes |= _notes_on_full_batch(recipe, image_count)
    else:
        notes |= _notes_on_batches(recipe)
    return notes if image_count is None else notes | _notes_on_counts(recipe, image_count)


def layer_notes(recipe: Recipe) -> tuple[str, ...]:
    """Return for each hidden layer a sentence to show under it, or ""."""
    # Measured on MNIST: 82 % after the epochs that bring ReLU to 95 %.
    slow = (
        "Softmax shares out 1 among the layer's neurons: each says little, and it"
        " learns slowly. It is made for the output."
    )
    return tuple(slow if layer.activation == "softmax" else "" for layer in recipe.hidden)


def _notes_on_full_batch(recipe: Recipe, image_count: int | None) -> dict[str, str]:
    label = recipe.optimizer.label
    images = "all images" if image_count is None else f"all {image_count:,} images"
    reasons = {name: text.format(label) for name, text in _FULL_BATCH_IGNORES.items() if text}
    return {
        **reasons,
        "optimizer": f"{label} looks at {images} for each iteration and chooses its own"
        " steps: batches, schedule and augmentation are not used.",
        "duration_unit": f"With {label} one iteration is one epoch.",
    }


def _notes_on_batches(recipe: Recipe) -> dict[str, str]:
    training, notes = recipe.training, {}
    if training.gradient == "numerical":
        notes["gradient"] = (
            "Two passes for each single weight at each iteration: see below how long that takes."
        )
    if training.batch_size == 1 and any(layer.normalization == "batch" for layer in recipe.hidden):
        # The mean of one image is that image: what is left of it is 0.
        notes["batch_size"] = (
            "Batch normalization compares the images of a batch; with one it learns nothing."
        )
    optimizer = recipe.optimizer
    if recipe.penalty.l2 and isinstance(optimizer, AdamW) and optimizer.weight_decay:
        notes["l2"] = "AdamW's weight decay already shrinks the weights; this comes on top."
    if recipe.scaling.kind == "standardize" and recipe.augmentation.noise:
        # Measured on MNIST: noise of 0.1 costs 10 % accuracy, and 1 % with ÷ 255.
        notes["noise"] = (
            "Standardizing makes pixels that are nearly always blank very sensitive to noise:"
            " better use ÷ 255."
        )
    return notes


def _notes_on_counts(recipe: Recipe, image_count: int) -> dict[str, str]:
    training, notes = recipe.training, {}
    if training.batch_size > image_count and not recipe.optimizer.full_batch:
        notes["batch_size"] = f"There are {image_count:,} training images: each batch holds all."
    steps = recipe.duration_steps(image_count)
    if training.evaluate_every > steps:
        notes["evaluate_every"] = (
            f"The whole training has {steps:,} iterations: it is measured at its end only."
        )
    if training.warmup > steps and not recipe.optimizer.full_batch:
        notes["warmup"] = (
            f"The whole training has {steps:,} iterations: the full learning rate is never reached."
        )
    return notes


def _is_symmetric(recipe: Recipe) -> bool:
    initializer = recipe.initializer
    all_alike = isinstance(initializer, Zeros) or (
        isinstance(initializer, Normal) and initializer.std == 0
    )
    return all_alike and bool(recipe.hidden)
