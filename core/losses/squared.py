"""Sigmoid outputs compared with one-hot targets by squared differences."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.arrays import FloatArray, IndexArray
from core.loss import LOSSES, BoundLoss


def _sigmoid(logits: FloatArray) -> FloatArray:
    outputs: FloatArray = 0.5 * np.tanh(0.5 * logits) + 0.5
    return outputs


class _Squares:
    """What both squared losses share: the output function and the answer."""

    __slots__ = ()

    def probabilities(self, logits: FloatArray) -> FloatArray:
        """Return each row's sigmoid outputs divided by their sum.

        The K sigmoids are independent and need not sum to 1; dividing keeps their
        order and makes them comparable with other networks' answers.
        """
        outputs = _sigmoid(logits)
        outputs /= np.maximum(outputs.sum(axis=1, keepdims=True), np.finfo(outputs.dtype).tiny)
        return outputs


@LOSSES.register("quadratic")
@dataclass(frozen=True, slots=True)
class Quadratic(_Squares):
    """Half the sum of squared differences, mean over the batch.

    C = 1/(2N) sum over images of |a - y|^2, with a = sigmoid(logits).

    Source: Nielsen, Neural Networks and Deep Learning (2015), equation 6.
    """

    label: ClassVar[str] = "Quadratic cost"
    help: ClassVar[str] = "Half the squared distance to the right answer, as in Nielsen's book."
    unit: ClassVar[str] = "½ Σ squares per image"

    def bind(self, logits: FloatArray, d_logits: FloatArray, labels: IndexArray) -> BoundLoss:
        """Tie the loss to its arrays."""
        return _Bound(logits, d_logits, labels, weight=0.5)


@LOSSES.register("mean-squared-error")
@dataclass(frozen=True, slots=True)
class MeanSquaredError(_Squares):
    """Mean of squared differences over all outputs and images, sigmoid outputs."""

    label: ClassVar[str] = "Mean squared error"
    help: ClassVar[str] = "The mean squared difference between outputs and right answer."
    unit: ClassVar[str] = "mean square"

    def bind(self, logits: FloatArray, d_logits: FloatArray, labels: IndexArray) -> BoundLoss:
        """Tie the loss to its arrays."""
        return _Bound(logits, d_logits, labels, weight=1 / logits.shape[1])


class _Bound:
    """weight / N * sum of (a - y)^2 over images and outputs."""

    def __init__(
        self, logits: FloatArray, d_logits: FloatArray, labels: IndexArray, weight: float
    ) -> None:
        count, classes = logits.shape
        self._logits, self._d_logits, self._labels = logits, d_logits, labels
        self._outputs = np.empty_like(logits)
        self._off = np.empty_like(logits)
        self._flat_off = self._off.reshape(-1)
        self._starts = np.arange(count) * classes
        self._half = np.array(0.5, logits.dtype)
        self._one = np.array(1.0, logits.dtype)
        self._scale = np.array(2 * weight / count, logits.dtype)
        self._mean: float = weight / count

    def step(self) -> float:
        outputs, off, d = self._outputs, self._off, self._d_logits
        np.multiply(self._logits, self._half, out=outputs)
        np.tanh(outputs, out=outputs)
        np.multiply(outputs, self._half, out=outputs)
        np.add(outputs, self._half, out=outputs)
        np.copyto(off, outputs)
        self._flat_off[self._starts + self._labels] -= 1
        # d/dz = 2 weight / N (a - y) a (1 - a)
        np.subtract(self._one, outputs, out=d)
        np.multiply(d, outputs, out=d)
        np.multiply(d, off, out=d)
        np.multiply(d, self._scale, out=d)
        return self._mean * float(self._flat_off.dot(self._flat_off))
