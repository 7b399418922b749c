"""A network as a list and one run of bytes: what goes into files that bring their own code.

The list says, as plain JSON values, which steps follow each other and which arrays each has;
the bytes are these arrays, little-endian, row by row, one after another.
"""

import math
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.base.arrays import FloatArray
from core.exchange.portable import Portable, Stage, quantized

TYPES = {"float32": "<f4", "float16": "<f2", "int8": "|i1"}  # as NumPy spells them

PackedStage = dict[str, Any]  # "kind", "name", "settings", "arrays": [[name, type, shape], ...]


def pack(portable: Portable, precision: str) -> tuple[list[PackedStage], bytes]:
    """Return a network's steps as JSON values, and the numbers that belong to them.

    Steps that do nothing in use are left out. For `precision` see `stored`.
    """
    packed, parts = [], []
    for stage in portable.stages:
        if silent(stage):
            continue
        arrays = stored(stage, precision)
        packed.append(
            {
                "kind": stage.kind,
                "name": stage.name,
                "settings": dict(stage.settings),
                "arrays": [[name, kind, list(array.shape)] for name, kind, array in arrays],
            }
        )
        parts += [array.astype(TYPES[kind]).tobytes() for _, kind, array in arrays]
    return packed, b"".join(parts)


def unpack(portable: Portable, packed: list[PackedStage], content: bytes) -> Portable:
    """Return `portable` with the steps and numbers of a file in place of its own.

    Raises:
        ValueError: the bytes are not those that the list asks for.
    """
    stages, at = [], 0
    for row in packed:
        arrays: dict[str, FloatArray] = {}
        for name, kind, shape in row["arrays"]:
            count = math.prod(shape)
            values = np.frombuffer(content, TYPES[kind], count, at)
            arrays[name] = values.astype(np.float32).reshape(shape)
            at += values.nbytes
        if "factors" in arrays:
            arrays["weights"] = arrays["weights"] * arrays.pop("factors")
        stages.append(Stage(row["kind"], row["name"], arrays, row["settings"]))
    if at != len(content):
        raise ValueError(f"{len(content) - at} bytes too many")
    return replace(portable, stages=tuple(stages))


def silent(stage: Stage) -> bool:
    """Tell whether a step does nothing outside training."""
    return stage.kind == "dropout" or stage.name == "linear"


def stored(stage: Stage, precision: str) -> list[tuple[str, str, NDArray[Any]]]:
    """Return name, type and values of a step's arrays, as a file shall hold them.

    Args:
        stage: the step.
        precision: of dense weights: "float32", "float16", or "int8", which adds an array
            "factors" (H,) to multiply the columns with. All else is float32.
    """
    found: list[tuple[str, str, NDArray[Any]]] = []
    for name, array in stage.arrays.items():
        if name != "weights" or precision == "float32":
            found.append((name, "float32", array))
        elif precision == "float16":
            found.append((name, "float16", array))
        else:
            whole, factors = quantized(array)
            found += [(name, "int8", whole), ("factors", "float32", factors)]
    return found
