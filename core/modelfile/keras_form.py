"""The part of a model file that Keras and Netron read: architecture and weights.

Root attribute `model_config` and group `model_weights`, as Keras 2 and 3 write their
`.h5` files, but with fixed-length strings and without `training_config`: with it Keras
compiles the model, and its `fit` then fails, for files of its own, too.
"""

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.exchange.formats.keras_layout import KerasLayer, keras_layers, snake
from core.exchange.portable import Portable
from core.modelfile.content import Content
from core.nn.layers.batch_norm import BatchNormalization
from core.nn.layers.dense import Dense
from core.nn.layers.scaling import Scaling
from core.nn.network import Network

WEIGHTS = "model_weights"
_VERSION = "3.0.0"
_CLASSES = {Scaling: "Normalization", Dense: "Dense", BatchNormalization: "BatchNormalization"}
_NAMES = {
    "weights": "kernel",
    "biases": "bias",
    "running_mean": "moving_mean",
    "running_variance": "moving_variance",
}


def layer_names(network: Network) -> dict[int, str]:
    """Return the name that Keras has for each layer with arrays, by its index."""
    names: dict[int, str] = {}
    counts: dict[str, int] = {}
    for index in sorted({spec.layer for spec in network.specs}):
        word = snake(_CLASSES[type(network.layers[index])])
        number = counts[word] = counts.get(word, -1) + 1
        names[index] = f"{word}_{number}" if number else word
    return names


def array_name(name: str) -> str:
    """Return what Keras calls an array of a layer: "weights" is "kernel"."""
    return _NAMES.get(name, name)


def add_keras_form(content: Content, portable: Portable) -> None:
    """Put architecture and weights in."""
    layers = keras_layers(portable)
    content.note("", "model_config", _config(layers, portable.image_shape))
    for path in ("", WEIGHTS):
        content.note(path, "keras_version", _VERSION)
        content.note(path, "backend", "numpy")
    content.note(WEIGHTS, "layer_names", _texts([layer.name for layer in layers]))
    for layer in layers:
        path, name = f"{WEIGHTS}/{layer.name}", layer.name
        content.note(path, "weight_names", _texts([f"{name}/{key}" for key, _ in layer.weights]))
        for key, array in layer.weights:
            content.arrays[f"{path}/{name}/{key}"] = array


def _texts(values: list[str]) -> NDArray[np.bytes_]:
    return np.array([value.encode("ascii") for value in values], "S" if values else "S1")


def _config(layers: tuple[KerasLayer, ...], image_shape: tuple[int, int]) -> str:
    first = {
        "batch_input_shape": [None, *image_shape],
        "dtype": "float32",
        "sparse": False,
        "ragged": False,
        "name": "image",
    }
    listed = [("InputLayer", first), *((each.class_name, _settings(each)) for each in layers)]
    entries = [{"class_name": kind, "config": config} for kind, config in listed]
    model = {"class_name": "Sequential", "config": {"name": "inkling", "layers": entries}}
    return json.dumps(model)


def _settings(layer: KerasLayer) -> dict[str, Any]:
    """Return a layer's config as Keras 2 spells it; Keras 3 reads that, too."""
    config = dict(layer.config)
    if layer.class_name == "LeakyReLU":
        config["alpha"] = config.pop("negative_slope")
    return config
