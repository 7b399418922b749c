"""A trained network as plain arithmetic: what every export writes and every import reads.

A list of stages, each a formula with its numbers, from the raw image (0 paper to 255 ink)
to the output. It knows nothing of training, and computes in float64: the reference that
every exported file is checked against.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from core.base.arrays import ByteArray, FloatArray
from core.nn.layer import LAYERS
from core.nn.layers.batch_norm import BatchNormalization
from core.nn.layers.dense import Dense
from core.nn.layers.dropout import Dropout
from core.nn.layers.scaling import BYTE, Scaling
from core.nn.loss import SigmoidOutputs
from core.training.run import Run

PRECISIONS = ("float32", "float16", "int8")
_SLICE = 1000  # images computed at a time


@dataclass(frozen=True, slots=True, eq=False)
class Stage:
    """One step of the calculation.

    Attributes:
        kind: "scale": (x - offset) * factor, each () or (D,).
            "dense": x @ weights (D, H) + biases (H,).
            "batch-normalization": gamma (x - mean) / sqrt(variance + epsilon) + beta, (D,).
            "activation": the function `name`.
            "dropout": nothing, outside training.
        name: of the activation, a key of LAYERS.
        arrays: float32, by the names above.
        settings: "epsilon", "slope" (leaky-relu), "alpha" (elu), "rate" (dropout).
    """

    kind: str
    name: str = ""
    arrays: Mapping[str, FloatArray] = field(default_factory=dict)
    settings: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Portable:
    """A network that can be carried elsewhere.

    Attributes:
        stages: from the image, flattened row by row, 0..255, to the logits (N, K).
        output: "softmax", or "sigmoid": K independent ones, each divided by their sum
            to become probabilities.
        image_shape: (height, width).
        class_names: K names.
        name: what to call it.
        facts: more to tell whoever gets the file, such as {"test accuracy": "97.3 %"}.
    """

    stages: tuple[Stage, ...]
    output: str
    image_shape: tuple[int, int]
    class_names: tuple[str, ...]
    name: str = "Inkling model"
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def input_size(self) -> int:
        """D, pixels of an image."""
        return self.image_shape[0] * self.image_shape[1]

    @property
    def dense(self) -> tuple[Stage, ...]:
        """The stages that have weights."""
        return tuple(stage for stage in self.stages if stage.kind == "dense")


def portable_of(run: Run) -> Portable:
    """Return a run's network with the weights it has now."""
    stages = tuple(
        _stage(
            layer, {name: view.copy() for name, view in run.network.views(run.params, k).items()}
        )
        for k, layer in enumerate(run.network.layers)
    )
    output = "sigmoid" if isinstance(run.loss, SigmoidOutputs) else "softmax"
    facts = {}
    if run.history.evaluations:
        last = run.history.evaluations[-1]
        if np.isfinite(last.validation_accuracy):
            facts["held-out accuracy"] = f"{last.validation_accuracy:.4f}"
    facts |= {"trained on": str(run.data["name"]), "recipe": run.recipe.label}
    return Portable(stages, output, run.image_shape, run.class_names, run.recipe.label, facts)


def _stage(layer: Any, arrays: dict[str, FloatArray]) -> Stage:
    if isinstance(layer, Scaling):
        whole = {"offset": np.zeros((), np.float32), "factor": np.array(1 / BYTE, np.float32)}
        return Stage("scale", arrays=arrays or whole)
    if isinstance(layer, Dense):
        return Stage("dense", arrays=arrays)
    if isinstance(layer, BatchNormalization):
        renamed = {name.removeprefix("running_"): array for name, array in arrays.items()}
        return Stage("batch-normalization", arrays=renamed, settings={"epsilon": layer.epsilon})
    if isinstance(layer, Dropout):
        return Stage("dropout", settings={"rate": layer.rate})
    settings = {
        name: float(getattr(layer, name)) for name in ("slope", "alpha") if hasattr(layer, name)
    }
    return Stage("activation", LAYERS.key_of(type(layer)), settings=settings)


# Computing ----------------------------------------------------------------------------------


def logits(portable: Portable, images: ByteArray) -> FloatArray:
    """Return the logits (N, K) float64 of images (N, H, W) or (N, D), 0..255."""
    rows = images.reshape(len(images), portable.input_size)
    found = [
        _carried(portable, rows[start : start + _SLICE].astype(np.float64))
        for start in range(0, len(rows), _SLICE)
    ]
    return np.concatenate(found) if found else np.zeros((0, len(portable.class_names)))


def outputs(portable: Portable, images: ByteArray) -> FloatArray:
    """Return the output (N, K) float64: softmax, or sigmoids that need not sum to 1."""
    return FUNCTIONS[portable.output](logits(portable, images), {})


def probabilities(portable: Portable, images: ByteArray) -> FloatArray:
    """Return the answers (N, K) float64; each row sums to 1."""
    found = outputs(portable, images)
    found /= np.maximum(found.sum(axis=1, keepdims=True), np.finfo(np.float64).tiny)
    return found


def accuracy(portable: Portable, images: ByteArray, labels: Any) -> float:
    """Return the share of images (N, H, W) whose likeliest class is their label (N,)."""
    return float((logits(portable, images).argmax(axis=1) == np.asarray(labels)).mean())


def _carried(portable: Portable, x: FloatArray) -> FloatArray:
    for stage in portable.stages:
        arrays = {name: array.astype(np.float64) for name, array in stage.arrays.items()}
        if stage.kind == "scale":
            x = (x - arrays["offset"]) * arrays["factor"]
        elif stage.kind == "dense":
            x = x @ arrays["weights"] + arrays["biases"]
        elif stage.kind == "batch-normalization":
            scale = arrays["gamma"] / np.sqrt(arrays["variance"] + stage.settings["epsilon"])
            x = (x - arrays["mean"]) * scale + arrays["beta"]
        elif stage.kind == "activation":
            x = FUNCTIONS[stage.name](x, stage.settings)
    return x


def _softmax(x: FloatArray, _: Mapping[str, float]) -> FloatArray:
    powers: FloatArray = np.exp(x - x.max(axis=1, keepdims=True))
    powers /= powers.sum(axis=1, keepdims=True)
    return powers


def _gelu(x: FloatArray, _: Mapping[str, float]) -> FloatArray:
    from scipy.special import erf  # noqa: PLC0415 - half a second to import

    half: FloatArray = 0.5 * x * (1 + erf(x / np.sqrt(2)))
    return half


Function = Callable[[FloatArray, Mapping[str, float]], FloatArray]
FUNCTIONS: dict[str, Function] = {
    "linear": lambda x, _: x,
    "relu": lambda x, _: np.maximum(x, 0),
    "leaky-relu": lambda x, settings: np.where(x > 0, x, settings["slope"] * x),
    "elu": lambda x, settings: np.where(x > 0, x, settings["alpha"] * np.expm1(np.minimum(x, 0))),
    "gelu": _gelu,
    "sigmoid": lambda x, _: 0.5 * np.tanh(0.5 * x) + 0.5,
    "tanh": lambda x, _: np.tanh(x),
    "softmax": _softmax,
}


# Fewer bits ---------------------------------------------------------------------------------


def rounded(portable: Portable, precision: str) -> Portable:
    """Return the network as it is with its dense weights in fewer bits.

    Args:
        portable: with float32 weights.
        precision: "float32", "float16", or "int8": whole numbers -127..127 times one
            factor per column. Biases and all else stay float32.
    """
    if precision == "float32":
        return portable
    return replace(portable, stages=tuple(_rounded(stage, precision) for stage in portable.stages))


def quantized(weights: FloatArray) -> tuple[np.ndarray[Any, np.dtype[np.int8]], FloatArray]:
    """Return weights (D, H) as int8 (D, H) and the factor (H,) float32 of each column."""
    factors = (np.abs(weights).max(axis=0) / 127).astype(np.float32)
    safe = np.where(factors > 0, factors, np.float32(1))
    return np.rint(weights / safe).clip(-127, 127).astype(np.int8), safe


def _rounded(stage: Stage, precision: str) -> Stage:
    if stage.kind != "dense":
        return stage
    weights = stage.arrays["weights"]
    shorter: FloatArray = weights.astype(np.float16).astype(np.float32)
    if precision == "int8":
        whole, factors = quantized(weights)
        shorter = whole.astype(np.float32) * factors
    return replace(stage, arrays={**stage.arrays, "weights": shorter})
