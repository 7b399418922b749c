"""From stages to a imported: what does not fit is refused by name, what is open is found."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from core.base.errors import ModelFileError
from core.base.fields import limits_of
from core.exchange.importer import LONGEST_SIDE, UNKNOWN, ImportedNetwork, ImportOptions
from core.exchange.portable import Stage
from core.recipe.hidden_layer import MAX_HIDDEN_LAYERS, HiddenLayer

MOST_CLASSES = 256
_MOST_PARAMS = 1 << 26
_NOT_HERE = "What you have open is unchanged. This program has fully connected layers only."


def unfit(path: Path, why: str, hint: str = _NOT_HERE) -> ModelFileError:
    """Return the error for what cannot be represented; `why` goes on from the file's name."""
    return ModelFileError(path, f"“{path.name}” {why}.", hint)


def validated(
    path: Path,
    stages: Sequence[Stage],
    known: Mapping[str, Any],
    likely: Mapping[str, Any],
    *,
    image_shape: tuple[int, int] | None = None,
    class_names: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
) -> ImportedNetwork:
    """Return the imported of a network.

    Args:
        path: the file.
        stages: from its input to its logits; `UNKNOWN` for functions it does not name.
        known: answers that the file gives.
        likely: answers to begin with.
        image_shape: (height, width), if the file says it.
        class_names: if it names them.
        notes: sentences for the user.

    Raises:
        ModelFileError: layers do not fit together, or are too large.
    """
    inputs, classes = _check_chain(path, stages)
    if class_names and len(class_names) != classes:
        raise unfit(path, f"names {len(class_names)} classes and has {classes} outputs")
    if not any(stage is UNKNOWN for stage in stages):
        known = {**known, "activation": ImportOptions().activation}
    if class_names or classes != 10:
        known = {**known, "classes": "digits"}
    height, width = image_shape or _likely_shape(path, inputs)
    if height * width != inputs or max(height, width) > LONGEST_SIDE:
        raise unfit(
            path, f"reads {inputs:,} numbers, which are no image of {height} × {width} pixels"
        )
    sides = {"height": height, "width": width}
    sure = image_shape is not None or height == width
    known, likely = ({**known, **sides}, likely) if sure else (known, {**likely, **sides})
    asks = frozenset(ImportOptions.__dataclass_fields__) - known.keys()
    guess = ImportOptions(**{**likely, **known})
    return ImportedNetwork(path.stem, tuple(stages), guess, asks, class_names, notes)


def _check_chain(path: Path, stages: Sequence[Stage]) -> tuple[int, int]:
    """Return the number of inputs and of classes; refuse what does not fit together."""
    dense = [stage.arrays for stage in stages if stage.kind == "dense"]
    if not dense:
        raise unfit(path, "holds no weights of fully connected layers")
    if len(dense) - 1 > MAX_HIDDEN_LAYERS:
        many = f"{len(dense) - 1} hidden layers; at most {MAX_HIDDEN_LAYERS} are possible"
        raise unfit(path, f"has {many}")
    if sum(arrays["weights"].size for arrays in dense) > _MOST_PARAMS:
        raise unfit(path, "has more weights than this program trains")
    inputs = width = int(dense[0]["weights"].shape[0])
    for stage in stages:
        width = _width_after(path, stage, width)
    if not 2 <= width <= MOST_CLASSES:
        many = "1 output" if width == 1 else f"{width:,} outputs"
        raise unfit(path, f"has {many}; between 2 and {MOST_CLASSES} are possible")
    return inputs, width


def _width_after(path: Path, stage: Stage, width: int) -> int:
    """Return how many numbers come out of a stage into which `width` go."""
    if stage.kind != "dense":
        if any(array.shape not in ((), (width,)) for array in stage.arrays.values()):
            raise unfit(path, "has layers that do not fit together")
        return width
    weights, biases = stage.arrays["weights"], stage.arrays["biases"]
    if weights.shape[0] != width or biases.shape != weights.shape[1:]:
        raise unfit(path, "has layers that do not fit together")
    units, most = int(weights.shape[1]), int(_most_units())
    if units > most:
        raise unfit(path, f"has a layer of {units:,} neurons; at most {most:,} are possible")
    return units


def _most_units() -> float:
    limits = limits_of(HiddenLayer, "units")
    assert limits is not None
    return limits.high


def _likely_shape(path: Path, pixels: int) -> tuple[int, int]:
    """Return the sides of the image that is nearest to a square."""
    if not 1 <= pixels <= LONGEST_SIDE**2:
        raise unfit(path, f"reads {pixels:,} numbers, which is no image of this program")
    side = math.isqrt(pixels)
    while pixels % side:
        side -= 1
    return side, pixels // side
