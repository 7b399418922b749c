"""Reading back the description that our own exports carry: nothing is left to be asked."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from core.base.arrays import FloatArray
from core.base.printable import storable
from core.exchange.import_steps.validating import validated
from core.exchange.importer import ImportedNetwork, ImportOptions
from core.exchange.portable import Stage
from core.nn.layer import LAYERS

_ARRAYS: dict[str, dict[str, tuple[int, ...]]] = {
    "scale": {"offset": (0, 1), "factor": (0, 1)},
    "dense": {"weights": (2,), "biases": (1,)},
    "batch-normalization": {"gamma": (1,), "beta": (1,), "mean": (1,), "variance": (1,)},
    "activation": {},
    "dropout": {},
}
# What a setting may be.
_LIMITS = {"epsilon": (1e-12, 1.0), "slope": (0.0, 0.99), "alpha": (0.0, 10.0), "rate": (0.0, 0.95)}
_NEEDED = {"leaky-relu": "slope", "elu": "alpha"}
_LONGEST = 80  # characters of a class's name


def own_stage(plain: Mapping[str, Any], arrays: Mapping[str, FloatArray]) -> Stage:
    """Return a stage from its description and its arrays.

    Raises:
        ValueError, KeyError, TypeError: it makes no sense.
    """
    kind, name = str(plain["kind"]), str(plain.get("name", ""))
    for key, axes in _ARRAYS[kind].items():
        if arrays[key].ndim not in axes:
            raise ValueError("an array of another form")
    if kind == "activation" and not (name in LAYERS and LAYERS[name].activation):
        raise ValueError("an unknown function")
    if "variance" in arrays and np.any(arrays["variance"] < 0):
        raise ValueError("a negative variance")
    said = plain.get("settings", plain)
    settings = {key: float(said[key]) for key in _LIMITS if key in said}
    for key, value in settings.items():
        if not _LIMITS[key][0] <= value <= _LIMITS[key][1]:
            raise ValueError("a setting out of its limits")
    needed = {"batch-normalization": "epsilon", "dropout": "rate"}.get(kind, _NEEDED.get(name))
    if needed is not None and needed not in settings:
        raise ValueError("a setting is missing")
    return Stage(kind, name, {key: arrays[key] for key in _ARRAYS[kind]}, settings)


def own_draft(
    path: Path,
    stages: Sequence[Stage],
    output: Any,
    class_names: tuple[str, ...],
    image_shape: tuple[int, int] | None,
) -> ImportedNetwork:
    """Return the imported of a network of our own: no question is open.

    Raises:
        ModelFileError: its layers do not fit together.
        ConfigError, ValueError: an answer or a name makes no sense.
    """
    if output not in ("softmax", "sigmoid") or not class_names:
        raise ValueError("another output")
    names = tuple(storable(str(name))[:_LONGEST] for name in class_names)
    known = {item.name: item.default for item in fields(ImportOptions)}
    del known["height"], known["width"]
    known |= {"output": output, "scaling": "byte"}
    return validated(path, stages, known, {}, image_shape=image_shape, class_names=names)
