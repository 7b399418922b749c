"""Whether a training fits the memory there is, asked before it is begun.

A program that takes more than there is makes the whole machine stand still, or is killed by
the system, with all that was not saved.
"""

from core.base.errors import TooLargeError
from core.base.memory import available_bytes, shortage, size_text
from core.recipe.recipe import Recipe
from core.training.footprint import Footprint, footprint
from core.training.run import DataSplit

_SMALLER = "Take fewer or smaller layers, or a smaller batch."


def footprint_on(recipe: Recipe, parts: DataSplit) -> Footprint:
    """Count what training by this recipe takes on these images."""
    held_out = 0 if parts.held_out is None else len(parts.held_out)
    return footprint(recipe, parts.pixel_count, len(parts.class_names), len(parts.images), held_out)


def check_trainable(recipe: Recipe, parts: DataSplit, *, has_network: bool = False) -> None:
    """Refuse a training that clearly cannot be done with the memory there is.

    Args:
        recipe: what is to be trained.
        parts: on what.
        has_network: the network is there already, and is trained further.

    Raises:
        TooLargeError: it needs more than can be had now.
    """
    wanted = footprint_on(recipe, parts)
    if short := shortage(wanted.needed - has_network * wanted.network):
        raise TooLargeError(f"This training {short}.", _SMALLER)


def tight_note(wanted: Footprint) -> str:
    """Return what to say before a training that fits badly, or not at all; or ""."""
    free = available_bytes()
    if short := shortage(wanted.needed, free):
        return f"Training this {short}. {_SMALLER}"
    if free is None or wanted.comfortable <= free:
        return ""
    return (
        f"Training this needs about {size_text(wanted.needed)} of the {size_text(free)} of memory"
        f" that are free; saving while it trains takes {size_text(wanted.saving)} more."
    )
