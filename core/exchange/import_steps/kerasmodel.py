"""A network from Keras's description of it, as both Keras 2 and 3 spell it."""

from pathlib import Path
from typing import Any

from core.exchange.import_steps.keraschain import KerasError, chain
from core.exchange.import_steps.keraslayers import step
from core.exchange.import_steps.keraswalk import Take, Walk
from core.exchange.import_steps.parcel import nonsense
from core.exchange.import_steps.validating import unfit, validated
from core.exchange.importer import ImportedNetwork
from core.exchange.portable import Stage

_OUTPUTS = ("softmax", "sigmoid")


def keras_network(path: Path, description: Any, take: Take) -> ImportedNetwork:
    """Return the imported of a described model.

    Args:
        path: the file.
        description: what its JSON says.
        take: finds the weights of a layer.

    Raises:
        ModelFileError: it cannot be represented, or makes no sense.
    """
    walk = Walk(take)
    try:
        for entry in chain(description):
            step(walk, entry)
    except KerasError as error:
        raise unfit(path, str(error)) from error
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError) as error:
        raise nonsense(path, "its description makes no sense") from error
    known: dict[str, Any] = {}
    if walk.image_shape is not None:
        known["order"] = "rows"
    if walk.scaled:
        known["scaling"] = "byte"
    output = _taken_output(path, walk.stages)
    if output:
        known["output"] = output
    return validated(path, walk.stages, known, {}, image_shape=walk.image_shape)


def _taken_output(path: Path, stages: list[Stage]) -> str:
    """Take the output function off the stages; return it, or "" if they end in logits."""
    while stages and stages[-1].kind == "dropout":
        stages.pop()
    if not stages or stages[-1].kind != "activation":
        return ""
    name = stages.pop().name
    if name not in _OUTPUTS:
        raise unfit(
            path, f"ends in {name}, which is no output of a network that tells classes apart"
        )
    return name
