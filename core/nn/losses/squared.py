"""Sigmoid outputs compared with one-hot targets by squared differences."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.base.arrays import FloatArray, IndexArray
from core.nn.loss import LOSSES, BoundLoss, SigmoidOutputs, SigmoidStep, sigmoid


@LOSSES.register("quadratic")
@dataclass(frozen=True, slots=True)
class Quadratic(SigmoidOutputs):
    """Half the sum of squared differences, mean over the batch.

    C = 1/(2N) sum over images of |a - y|^2, with a = sigmoid(logits).

    Source: Nielsen, Neural Networks and Deep Learning (2015), equation 6.
    """

    label: ClassVar[str] = "Quadratic cost"
    help: ClassVar[str] = "Half the squared distance to the right answer, as in Nielsen's book."
    unit: ClassVar[str] = "½ Σ squares per image"

    def values(self, logits: FloatArray, labels: IndexArray) -> FloatArray:
        """Return the loss of each image (N,)."""
        losses: FloatArray = 0.5 * _squared_distances(logits, labels)
        return losses

    def bind(self, logits: FloatArray, d_logits: FloatArray) -> BoundLoss:
        """Tie the loss to its arrays."""
        return _Bound(logits, d_logits, weight=0.5)


@LOSSES.register("mean-squared-error")
@dataclass(frozen=True, slots=True)
class MeanSquaredError(SigmoidOutputs):
    """Mean of squared differences over all outputs and images, sigmoid outputs."""

    label: ClassVar[str] = "Mean squared error"
    help: ClassVar[str] = "The mean squared difference between outputs and right answer."
    unit: ClassVar[str] = "mean square"

    def values(self, logits: FloatArray, labels: IndexArray) -> FloatArray:
        """Return the loss of each image (N,)."""
        losses: FloatArray = _squared_distances(logits, labels) / logits.shape[1]
        return losses

    def bind(self, logits: FloatArray, d_logits: FloatArray) -> BoundLoss:
        """Tie the loss to its arrays."""
        return _Bound(logits, d_logits, weight=1 / logits.shape[1])


def _squared_distances(logits: FloatArray, labels: IndexArray) -> FloatArray:
    off = sigmoid(logits.T)
    off[labels, np.arange(len(labels))] -= 1
    distances: FloatArray = np.multiply(off, off).sum(axis=0)
    return distances


class _Bound(SigmoidStep):
    """weight / N * sum of (a - y)^2 over images and outputs."""

    def __init__(self, logits: FloatArray, d_logits: FloatArray, weight: float) -> None:
        super().__init__(logits, d_logits)
        self._one = np.array(1.0, logits.dtype)
        self._factor = 2 * weight / len(logits)

    def step(self, targets: FloatArray, scale: float) -> None:
        # d/dz = 2 weight / N (a - y) a (1 - a)
        outputs, d, factor = self.fire(), self.d_logits, self.scale
        np.subtract(self._one, outputs, d)
        np.multiply(d, outputs, d)
        np.subtract(outputs, targets, outputs)
        np.multiply(d, outputs, d)
        factor[...] = self._factor * scale
        np.multiply(d, factor, d)
