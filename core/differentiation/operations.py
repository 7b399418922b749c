"""What the nodes of a computational graph can compute: arrays in, arrays out."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.base.errors import InklingError

Array: TypeAlias = NDArray[np.float64]
Pull: TypeAlias = Callable[[Array, Array, tuple[Array, ...]], tuple[Array, ...]]


@dataclass(frozen=True, slots=True)
class Operation:
    """What a node computes.

    Attributes:
        name: for pictures: "×", "sigmoid".
        compute: output from inputs.
        pull: gradients of the inputs from (gradient of the output, output, inputs), each of
            its input's shape or of one that broadcasting made from it.
    """

    name: str
    compute: Callable[..., Array]
    pull: Pull


ADD = Operation("+", np.add, lambda up, out, values: (up, up))
MULTIPLY = Operation("×", np.multiply, lambda up, out, v: (up * v[1], up * v[0]))
SIGMOID = Operation(
    "sigmoid",
    lambda x: 0.5 * np.tanh(0.5 * x) + 0.5,  # cannot overflow
    lambda up, out, values: (up * out * (1 - out),),
)
RELU = Operation(
    "ReLU", lambda x: np.maximum(x, 0), lambda up, out, values: (up * (values[0] > 0),)
)
EXP = Operation("exp", np.exp, lambda up, out, values: (up * out,))
SUM = Operation("sum", np.sum, lambda up, out, values: (up * np.ones_like(values[0]),))


def _logarithm(x: Array) -> Array:
    if not (x > 0).all():
        raise InklingError("A number that is not positive has no logarithm.")
    return np.log(x)


LOG = Operation("log", _logarithm, lambda up, out, values: (up / values[0],))


def _product(one: Array, other: Array) -> Array:
    if not (one.ndim == other.ndim == 2):
        raise ValueError("matrices have two axes")
    return one @ other


PRODUCT = Operation("matrix product", _product, lambda up, out, v: (up @ v[1].T, v[0].T @ up))
AFFINE = Operation(
    "affine",
    lambda x, weights, biases: _product(x, weights) + biases,
    lambda up, out, v: (up @ v[1].T, v[0].T @ up, up),
)


def _softmax(logits: Array) -> Array:
    raised = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: Array = raised / raised.sum(axis=-1, keepdims=True)
    return shares


def _log_softmax(logits: Array) -> Array:
    shifted = logits - logits.max(axis=-1, keepdims=True)
    logs: Array = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return logs


def _cross_entropy(logits: Array, targets: Array) -> Array:
    if logits.shape != targets.shape:
        raise ValueError("one target for each logit")
    return np.asarray(-(targets * _log_softmax(logits)).sum(axis=-1).mean())


def _pull_cross_entropy(up: Array, out: Array, values: tuple[Array, ...]) -> tuple[Array, ...]:
    logits, targets = values
    rows = max(logits.size // logits.shape[-1], 1)
    off = _softmax(logits) * targets.sum(axis=-1, keepdims=True) - targets
    return up * off / rows, -up * _log_softmax(logits) / rows


SOFTMAX_LOSS = Operation("softmax with loss", _cross_entropy, _pull_cross_entropy)


def power_of(exponent: float) -> Operation:
    """Return the operation that raises to a constant power."""
    return Operation(
        f"power {exponent:g}",
        lambda values: np.power(values, exponent),
        # x^0 is flat everywhere, also at 0, where 0 * 0^-1 is no number.
        lambda up, out, values: (
            up * exponent * np.power(values[0], exponent - 1 if exponent else 0.0),
        ),
    )
