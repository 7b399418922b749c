"""Sentences about settings that are allowed together but may surprise."""

from dataclasses import fields
from typing import Any

from core.config import limits_of
from core.initializers.normal import Normal
from core.initializers.zeros import Zeros
from core.recipe import Recipe

_FULL_BATCH_IGNORES = frozenset({"batch_size", "sampling", "warmup", "clip_norm", "gradient"})
# What each closed group of settings holds, by the recipe's field and the fields inside.
_GROUPS: dict[str, dict[str, tuple[str, ...]]] = {
    "regularization": {"penalty": ("l2", "l1"), "training": ("patience", "clip_norm")},
    "augmentation": {
        "augmentation": ("shift", "rotation", "scale", "shear", "elastic", "noise"),
    },
    "more": {"training": ("sampling", "evaluate_every", "gradient", "threads")},
}


def ignored_by(recipe: Recipe) -> frozenset[str]:
    """Return the training settings that the recipe's optimizer has no use for."""
    return _FULL_BATCH_IGNORES if recipe.optimizer.full_batch else frozenset()


def uses_batches(recipe: Recipe) -> bool:
    """Tell whether schedules and augmentation have an effect."""
    return not recipe.optimizer.full_batch


def group_summaries(recipe: Recipe) -> dict[str, str]:
    """Return for each group of settings in words what is not at its default."""
    found = {
        name: ", ".join(
            text for part, names in parts.items() for text in _changed(getattr(recipe, part), names)
        )
        for name, parts in _GROUPS.items()
    }
    schedule = recipe.schedule.label if recipe.schedule.label != "Constant" else ""
    warmup = _changed(recipe.training, ("warmup",))
    return {**found, "schedule": ", ".join([*([schedule] if schedule else []), *warmup])}


def _changed(config: Any, names: tuple[str, ...]) -> list[str]:
    defaults = {item.name: item.default for item in fields(config)}
    texts = []
    for name in names:
        value, limits = getattr(config, name), limits_of(config, name)
        if limits is None or value == defaults[name]:
            continue
        if limits.choices:
            texts.append(dict(limits.choices)[value])
        else:
            label = limits.label if limits.label[1:2].isupper() else limits.label.lower()
            label = limits.label if limits.label[:2] in ("L1", "L2") else label
            texts.append(f"{label} {value:g}{limits.unit}")
    return texts


def notes_on(recipe: Recipe, image_count: int | None, validation_note: str = "") -> dict[str, str]:
    """Return the sentences to show, by the name of the field they belong under.

    Args:
        recipe: what would be trained.
        image_count: images to train on, or None while there are no data.
        validation_note: what the data say about the validation split.
    """
    notes: dict[str, str] = {}
    if _is_symmetric(recipe):
        notes["std" if isinstance(recipe.initializer, Normal) else "initializer"] = (
            "All neurons of a layer start alike and stay alike: it learns little."
        )
    if validation_note:
        notes["validation_split"] = validation_note
    if recipe.training.evaluate_every == 0:
        notes["evaluate_every"] = "0: it is measured after each epoch."
    notes |= _notes_on_method(recipe)
    return notes if image_count is None else notes | _notes_on_counts(recipe, image_count)


def _notes_on_method(recipe: Recipe) -> dict[str, str]:
    if recipe.optimizer.full_batch:
        return {
            "optimizer": f"{recipe.optimizer.label} looks at all images for each iteration and"
            " chooses its own steps: batches, schedule and augmentation are not used."
        }
    if recipe.training.gradient == "numerical":
        return {
            "gradient": "Two passes for each single weight at each iteration: see below how"
            " long that takes."
        }
    return {}


def _notes_on_counts(recipe: Recipe, image_count: int) -> dict[str, str]:
    training, notes = recipe.training, {}
    if training.batch_size > image_count and not recipe.optimizer.full_batch:
        notes["batch_size"] = f"There are {image_count:,} training images: each batch holds all."
    steps = recipe.duration_steps(image_count)
    if training.evaluate_every > steps:
        notes["evaluate_every"] = (
            f"The whole training has {steps:,} iterations: it is measured at its end only."
        )
    return notes


def _is_symmetric(recipe: Recipe) -> bool:
    initializer = recipe.initializer
    all_alike = isinstance(initializer, Zeros) or (
        isinstance(initializer, Normal) and initializer.std == 0
    )
    return all_alike and bool(recipe.hidden)
