"""Sentences about settings that are allowed together but may surprise."""

from core.initializers.normal import Normal
from core.recipe import Recipe


def notes_on(recipe: Recipe, image_count: int | None, validation_note: str = "") -> dict[str, str]:
    """Return the sentences to show, by the name of the field they belong under.

    Args:
        recipe: what would be trained.
        image_count: images to train on, or None while there are no data.
        validation_note: what the data say about the validation split.
    """
    notes: dict[str, str] = {}
    if _is_symmetric(recipe):
        notes["std"] = "All neurons of a layer start alike and stay alike: it learns little."
    if validation_note:
        notes["validation_split"] = validation_note
    training = recipe.training
    if training.evaluate_every == 0:
        notes["evaluate_every"] = "0: it is measured after each epoch."
    if image_count is None:
        return notes
    if training.batch_size > image_count:
        notes["batch_size"] = f"There are {image_count:,} training images: each batch holds all."
    steps = recipe.duration_steps(image_count)
    if training.evaluate_every > steps:
        notes["evaluate_every"] = (
            f"The whole training has {steps:,} iterations: it is measured at its end only."
        )
    return notes


def _is_symmetric(recipe: Recipe) -> bool:
    initializer = recipe.initializer
    return isinstance(initializer, Normal) and initializer.std == 0 and bool(recipe.hidden)
