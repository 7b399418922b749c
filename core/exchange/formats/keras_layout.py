"""A network as Keras would describe it: layers with their configs and weights.

Only spellings that Keras 2 and 3 both read are used, but for two settings that they call
differently (`KerasLayer.config` has Keras 3's). Source: keras.io/api/layers; what each
version accepts was tried, see the notes on model files.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.base.arrays import FloatArray
from core.exchange.portable import FUNCTIONS, Portable, Stage

# Activations that are arguments of Dense and Activation; the others are layers.
_WORDS = {"linear", "relu", "sigmoid", "tanh", "softmax", "gelu"}


@dataclass(frozen=True, slots=True, eq=False)
class KerasLayer:
    """One layer of a Sequential model.

    Attributes:
        class_name: of Keras: "Dense".
        name: of this layer: "dense_1".
        config: its settings; those left out have Keras's defaults.
        weights: names and float32 arrays, in Keras's order.
    """

    class_name: str
    name: str
    config: dict[str, Any]
    weights: tuple[tuple[str, NDArray[Any]], ...] = ()


def keras_layers(portable: Portable) -> tuple[KerasLayer, ...]:
    """Return the layers after the input, which is the image (H, W) as it is, 0..255."""
    drafts = [("Flatten", {}, ()), *_drafts(portable)]
    made: list[KerasLayer] = []
    for class_name, config, weights in drafts:
        word = snake(class_name)
        number = sum(layer.class_name == class_name for layer in made)
        name = f"{word}_{number}" if number else word
        named = {"name": name, "trainable": True, "dtype": "float32", **config}
        made.append(KerasLayer(class_name, name, named, weights))
    return tuple(made)


def snake(class_name: str) -> str:
    """Return a class name as Keras spells it in names: "LeakyReLU" is "leaky_re_lu"."""
    parted = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", class_name)
    return re.sub(r"([a-z])([A-Z])", r"\1_\2", parted).lower()


Draft = tuple[str, dict[str, Any], tuple[tuple[str, NDArray[Any]], ...]]


def _drafts(portable: Portable) -> Iterator[Draft]:
    stages = [*portable.stages, Stage("activation", portable.output)]
    skip = False
    for stage, following in zip(stages, [*stages[1:], None], strict=True):
        if skip:
            skip = False
        elif stage.kind == "dense":
            merged = following is not None and following.kind == "activation"
            skip = merged and following is not None and following.name in _WORDS
            word = following.name if skip and following is not None else "linear"
            yield _dense(stage, word)
        else:
            yield from _other(stage)


def _dense(stage: Stage, activation: str) -> Draft:
    weights, biases = stage.arrays["weights"], stage.arrays["biases"]
    config = {"units": weights.shape[1], "activation": activation, "use_bias": True}
    return "Dense", config, (("kernel", weights), ("bias", biases))


def _other(stage: Stage) -> Iterator[Draft]:
    if stage.kind == "scale":
        yield _scale(stage)
    elif stage.kind == "dropout":
        yield "Dropout", {"rate": stage.settings["rate"]}, ()
    elif stage.kind == "batch-normalization":
        names = {"gamma": "gamma", "beta": "beta", "mean": "moving_mean"}
        names["variance"] = "moving_variance"
        weights = tuple((names[key], stage.arrays[key]) for key in names)
        yield "BatchNormalization", {"axis": -1, "epsilon": stage.settings["epsilon"]}, weights
    elif stage.name == "leaky-relu":
        yield "LeakyReLU", {"negative_slope": stage.settings["slope"]}, ()
    elif stage.name == "elu":
        yield "ELU", {"alpha": stage.settings["alpha"]}, ()
    elif stage.name != "linear":
        yield "Activation", {"activation": stage.name}, ()


def _scale(stage: Stage) -> Draft:
    offset, factor = (stage.arrays[name].astype(np.float64) for name in ("offset", "factor"))
    if offset.ndim == 0:
        scale = {"scale": float(factor), "offset": float(-offset * factor)}
        return "Rescaling", scale, ()
    weights = (
        ("mean", offset.astype(np.float32)),
        ("variance", (1 / factor**2).astype(np.float32)),
        ("count", np.zeros((), np.int32)),
    )
    return "Normalization", {"axis": [-1], "mean": None, "variance": None}, weights


def compute(
    layers: list[tuple[str, dict[str, Any], list[FloatArray]]], x: FloatArray
) -> FloatArray:
    """Carry images (N, H, W) float64 through layers as Keras would; returns the output.

    Args:
        layers: class name, config and weights of each, in order.
        x: the images, 0..255.
    """
    for class_name, config, weights in layers:
        x = _COMPUTE[class_name](x, config, [array.astype(np.float64) for array in weights])
    return x


def _apply(x: FloatArray, name: str, **settings: float) -> FloatArray:
    return FUNCTIONS[name](x, settings)


def _normalized(x: FloatArray, _: dict[str, Any], weights: list[FloatArray]) -> FloatArray:
    found: FloatArray = (x - weights[0]) / np.maximum(np.sqrt(weights[1]), 1e-7)
    return found


def _batch_normalized(
    x: FloatArray, config: dict[str, Any], weights: list[FloatArray]
) -> FloatArray:
    gamma, beta, mean, variance = weights
    found: FloatArray = (x - mean) / np.sqrt(variance + config["epsilon"]) * gamma + beta
    return found


_COMPUTE: dict[str, Any] = {
    "Flatten": lambda x, _, __: x.reshape(len(x), -1),
    "Dropout": lambda x, _, __: x,
    "Rescaling": lambda x, config, _: x * config["scale"] + config["offset"],
    "Normalization": _normalized,
    "BatchNormalization": _batch_normalized,
    "Dense": lambda x, config, weights: _apply(x @ weights[0] + weights[1], config["activation"]),
    "Activation": lambda x, config, _: _apply(x, config["activation"]),
    "LeakyReLU": lambda x, config, _: _apply(x, "leaky-relu", slope=config["negative_slope"]),
    "ELU": lambda x, config, _: _apply(x, "elu", alpha=config["alpha"]),
}
