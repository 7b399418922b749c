"""Softmax output with cross-entropy loss."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.arrays import FloatArray, IndexArray
from core.loss import LOSSES, BoundLoss


@LOSSES.register("softmax-cross-entropy")
@dataclass(frozen=True, slots=True)
class SoftmaxCrossEntropy:
    """Mean negative log-probability of the true classes, in nats per image.

    Source: Goodfellow et al., Deep Learning (2016), section 6.2.2.3.
    """

    label: ClassVar[str] = "Softmax cross-entropy"
    help: ClassVar[str] = "How surprised the network is by the right answer. The usual choice."
    unit: ClassVar[str] = "nats per image"

    def bind(self, logits: FloatArray, d_logits: FloatArray, labels: IndexArray) -> BoundLoss:
        """Tie the loss to its arrays."""
        return _Bound(logits, d_logits, labels)

    def probabilities(self, logits: FloatArray) -> FloatArray:
        """Return the softmax of each row."""
        shifted: FloatArray = logits - logits.max(axis=1, keepdims=True)
        np.exp(shifted, out=shifted)
        shifted /= shifted.sum(axis=1, keepdims=True)
        return shifted


class _Bound:
    def __init__(self, logits: FloatArray, d_logits: FloatArray, labels: IndexArray) -> None:
        count, classes = logits.shape
        self._logits, self._d_logits, self._labels = logits, d_logits, labels
        self._flat_d = d_logits.reshape(-1)
        self._starts = np.arange(count) * classes
        self._places = np.empty(count, np.intp)
        self._top = np.empty((count, 1), logits.dtype)
        self._sums = np.empty((count, classes), logits.dtype)
        self._ones = np.ones((classes, classes), logits.dtype)
        self._share = np.array(1 / count, logits.dtype)
        self._picked = np.empty(count, logits.dtype)
        self._logs = np.empty(count, logits.dtype)

    def step(self) -> float:
        d = self._d_logits
        # The largest logit is taken off first: no exponential overflows.
        np.maximum.reduce(self._logits, axis=1, keepdims=True, out=self._top)
        np.subtract(self._logits, self._top, out=d)
        np.add(self._starts, self._labels, out=self._places)
        self._flat_d.take(self._places, out=self._picked, mode="clip")
        np.exp(d, out=d)
        # A product with ones gives each row's sum in every column: no broadcast.
        d.dot(self._ones, self._sums)
        np.log(self._sums[:, 0], out=self._logs)
        np.divide(d, self._sums, out=d)
        # log-sum-exp minus the true logit: finite however small the probability.
        np.subtract(self._logs, self._picked, out=self._logs)
        self._flat_d[self._places] -= 1
        np.multiply(d, self._share, out=d)
        return float(np.add.reduce(self._logs)) / len(self._logs)
