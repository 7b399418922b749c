"""What each layer of Keras becomes here: stages, or a refusal by name.

Source: keras.io/api/layers; the defaults are those of Keras 3 unless Keras 2 spells a
setting otherwise.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from core.exchange.import_steps.keraschain import KerasEntry, KerasError
from core.exchange.import_steps.keraswalk import Walk
from core.exchange.portable import Stage

_SMALLEST = 1e-7  # Keras's epsilon: the least deviation that Normalization divides by
_STEEPEST = 0.99  # slope of a leaky ReLU that is represented here
_LARGEST_ALPHA = 10.0
_WORDS = ("linear", "relu", "sigmoid", "tanh", "softmax", "gelu")
_STRANGERS = (
    ("Conv", "a convolution"),
    ("SeparableConv", "a convolution"),
    ("DepthwiseConv", "a convolution"),
    ("MaxPool", "pooling"),
    ("AveragePool", "pooling"),
    ("Global", "pooling"),
    ("LSTM", "a recurrent layer"),
    ("GRU", "a recurrent layer"),
    ("SimpleRNN", "a recurrent layer"),
    ("Bidirectional", "a recurrent layer"),
    ("Embedding", "an embedding"),
    ("MultiHead", "attention"),
    ("Lambda", "program code"),
    ("Sequential", "a model within the model"),
    ("Functional", "a model within the model"),
    ("Random", "random changes of the image"),
)


def step(walk: Walk, entry: KerasEntry) -> None:
    """Take one layer.

    Raises:
        KerasError: it cannot be represented.
        KeyError, TypeError, ValueError, IndexError: its settings make no sense.
    """
    handler = HANDLERS.get(entry.class_name)
    if handler is None:
        raise KerasError(_strange(entry))
    if not walk.shape:
        walk.enter(entry.config)
    handler(walk, entry)


def _strange(entry: KerasEntry) -> str:
    kind = entry.class_name[:60]
    for start, word in _STRANGERS:
        if kind.startswith(start):
            return f"has {word} ({kind}), which this program cannot represent"
    return f"has a layer that this program does not know ({kind})"


def _nothing(walk: Walk, entry: KerasEntry) -> None:
    """Pass a layer that does nothing when the network reads."""


def _dropout(walk: Walk, entry: KerasEntry) -> None:
    rate = min(max(float(entry.config.get("rate", 0.0)), 0.0), 0.9)
    walk.stages.append(Stage("dropout", settings={"rate": rate}))


def _flatten(walk: Walk, entry: KerasEntry) -> None:
    walk.take_form((walk.size,))


def _reshape(walk: Walk, entry: KerasEntry) -> None:
    target = [int(side) for side in entry.config["target_shape"]]
    if -1 in target:
        rest = math.prod(side for side in target if side != -1)
        target[target.index(-1)] = walk.size // max(1, rest)
    walk.take_form(tuple(target))


def _rescaling(walk: Walk, entry: KerasEntry) -> None:
    factor = walk.spread(entry.config.get("scale", 1.0))
    shift = walk.spread(entry.config.get("offset", 0.0))
    if not np.all(factor):
        raise KerasError("scales its input to nothing")
    walk.scale(-shift / factor, factor)


def _normalization(walk: Walk, entry: KerasEntry) -> None:
    config = entry.config
    if config.get("invert"):
        raise KerasError("has an inverted Normalization, which this program cannot represent")
    if config.get("mean") is not None:
        mean, variance = walk.spread(config["mean"]), walk.spread(config["variance"])
    else:
        axes = config.get("axis", -1)
        said = [axes] if isinstance(axes, int) else list(axes or ())
        # Counted with the images' own axis, or from the end.
        kept = [int(axis) - 1 if axis > 0 else len(walk.shape) + int(axis) for axis in said]
        found = walk.take(entry, ("mean", "variance"))
        mean, variance = (walk.spread(array, kept) for array in found)
    if np.any(variance < 0):
        raise KerasError("has a Normalization with a negative variance")
    walk.scale(mean, 1 / np.maximum(np.sqrt(variance), _SMALLEST))


def _batch_normalization(walk: Walk, entry: KerasEntry) -> None:
    config = entry.config
    axis = config.get("axis", -1)
    axis = axis[0] if isinstance(axis, list) else axis
    if axis not in (-1, len(walk.shape)):
        raise KerasError(f"has a BatchNormalization along axis {axis}, which is not represented")
    names = [
        *(["gamma"] if config.get("scale", True) else []),
        *(["beta"] if config.get("center", True) else []),
        *("moving_mean", "moving_variance"),
    ]
    found = dict(zip(names, walk.take(entry, names), strict=True))
    every = {
        "gamma": found.get("gamma", np.ones(1)),
        "beta": found.get("beta", np.zeros(1)),
        "mean": found["moving_mean"],
        "variance": found["moving_variance"],
    }
    arrays = {
        name: np.broadcast_to(walk.spread(array), (walk.size,)).astype(np.float32)
        for name, array in every.items()
    }
    epsilon = float(config.get("epsilon", 1e-3))
    if not 1e-12 <= epsilon <= 1 or np.any(arrays["variance"] < 0):
        raise KerasError("has a BatchNormalization whose numbers make no sense")
    walk.stages.append(Stage("batch-normalization", "", arrays, {"epsilon": epsilon}))


def _dense(walk: Walk, entry: KerasEntry) -> None:
    if len(walk.shape) != 1:
        raise KerasError(f"has a Dense layer (“{entry.name}”) that reads rows, not whole images")
    if entry.config.get("quantization_config") is not None or entry.config.get("lora_rank"):
        raise KerasError(f"has quantized weights (“{entry.name}”)")
    names = ("kernel", "bias") if entry.config.get("use_bias", True) else ("kernel",)
    found = walk.take(entry, names)
    kernel = found[0]
    if kernel.ndim != 2 or kernel.shape[0] != walk.size:
        raise KerasError(f"has weights that do not fit its layer “{entry.name}”")
    bias = found[1] if len(found) > 1 else np.zeros(kernel.shape[1], np.float32)
    if bias.shape != kernel.shape[1:]:
        raise KerasError(f"has weights that do not fit its layer “{entry.name}”")
    walk.stages.append(Stage("dense", arrays={"weights": kernel, "biases": bias}))
    walk.shape = kernel.shape[1:]
    _apply(walk, entry.config.get("activation"))


def _activation(walk: Walk, entry: KerasEntry) -> None:
    _apply(walk, entry.config.get("activation"))


def _apply(walk: Walk, said: Any) -> None:
    """Add an activation function: a word, or a layer described."""
    if isinstance(said, dict):
        name = str(said.get("class_name", ""))
        config = said.get("config")
        if name == "function" or not isinstance(config, dict):
            _apply(walk, str(config))
        elif name in ("LeakyReLU", "ReLU", "ELU", "Softmax"):
            HANDLERS[name](walk, KerasEntry(name, "", config))
        else:
            raise KerasError(f"has an activation function that this program lacks ({name[:60]})")
        return
    word = "linear" if said is None else str(said)
    if word == "leaky_relu":
        _leaky(walk, 0.2)  # as keras.activations.leaky_relu
    elif word == "elu":
        walk.stages.append(Stage("activation", "elu", settings={"alpha": 1.0}))
    elif word not in _WORDS:
        raise KerasError(f"has an activation function that this program lacks ({word[:60]})")
    elif word != "linear":
        walk.stages.append(Stage("activation", word))


def _leaky(walk: Walk, slope: float) -> None:
    if not 0 <= slope <= _STEEPEST:
        raise KerasError(f"has a leaky ReLU of slope {slope:g}; at most {_STEEPEST} is possible")
    walk.stages.append(Stage("activation", "leaky-relu", settings={"slope": slope}))


def _leaky_relu(walk: Walk, entry: KerasEntry) -> None:
    # Keras 2 calls it alpha; both start from 0.3.
    said = entry.config.get("negative_slope", entry.config.get("alpha", 0.3))
    if isinstance(said, dict):  # Keras 2 sometimes writes an array of one
        said = said.get("config", {}).get("value", said.get("value"))
    _leaky(walk, float(np.asarray(said, np.float64).reshape(())))


def _relu(walk: Walk, entry: KerasEntry) -> None:
    config = entry.config
    if config.get("max_value") is not None or config.get("threshold"):
        raise KerasError("has a ReLU with a maximum or a threshold, which is not represented")
    slope = float(config.get("negative_slope") or 0.0)
    if slope:
        _leaky(walk, slope)
    else:
        walk.stages.append(Stage("activation", "relu"))


def _elu(walk: Walk, entry: KerasEntry) -> None:
    alpha = float(entry.config.get("alpha", 1.0))
    if not 0 <= alpha <= _LARGEST_ALPHA:
        raise KerasError(f"has an ELU of alpha {alpha:g}; at most {_LARGEST_ALPHA:g} is possible")
    walk.stages.append(Stage("activation", "elu", settings={"alpha": alpha}))


def _softmax(walk: Walk, entry: KerasEntry) -> None:
    if entry.config.get("axis", -1) not in (-1, 1, [-1], [1]) or len(walk.shape) != 1:
        raise KerasError("has a Softmax along an axis that is not represented")
    walk.stages.append(Stage("activation", "softmax"))


HANDLERS: dict[str, Callable[[Walk, KerasEntry], None]] = {
    "InputLayer": _nothing,
    "Flatten": _flatten,
    "Reshape": _reshape,
    "Rescaling": _rescaling,
    "Normalization": _normalization,
    "Dense": _dense,
    "Activation": _activation,
    "ReLU": _relu,
    "LeakyReLU": _leaky_relu,
    "ELU": _elu,
    "Softmax": _softmax,
    "Dropout": _dropout,
    "GaussianDropout": _dropout,
    "AlphaDropout": _dropout,
    "GaussianNoise": _nothing,
    "ActivityRegularization": _nothing,
    "BatchNormalization": _batch_normalization,
}
