"""One logistic regression for each class."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.base.arrays import FloatArray, IndexArray
from core.nn.loss import LOSSES, BoundLoss, SigmoidOutputs, SigmoidStep


@LOSSES.register("logistic")
@dataclass(frozen=True, slots=True)
class Logistic(SigmoidOutputs):
    """Cross-entropy of K independent sigmoid outputs, summed over the classes.

    J = 1/N sum over images and classes of -y log(a) - (1 - y) log(1 - a), with
    a = sigmoid(logits), in nats per image.

    Source: Ng, Machine Learning (Coursera, 2011), week 5, "Cost function".
    """

    label: ClassVar[str] = "One-vs-all logistic"
    help: ClassVar[str] = "A yes or no for each class by itself, as in the Coursera course."
    unit: ClassVar[str] = "nats per image"

    def values(self, logits: FloatArray, labels: IndexArray) -> FloatArray:
        """Return the loss of each image (N,)."""
        # -log(1 - a) = log(1 + e^z) = max(z, 0) + log(1 + e^-|z|), which cannot overflow.
        # log(1 + x) is vectorised in NumPy, log1p is not: a tenth of the time, and what
        # it rounds off is far below the sum's own last digit.
        by_class = logits.T
        soft = np.maximum(by_class, 0) + np.log(1 + np.exp(-np.abs(by_class)))
        losses: FloatArray = soft.sum(axis=0) - by_class[labels, np.arange(len(labels))]
        return losses

    def bind(self, logits: FloatArray, d_logits: FloatArray) -> BoundLoss:
        """Tie the loss to its arrays."""
        return _Bound(logits, d_logits)


class _Bound(SigmoidStep):
    def step(self, targets: FloatArray, scale: float) -> None:
        outputs, d = self.fire(), self.d_logits
        np.subtract(outputs, targets, d)
        self.scale[...] = scale / self.count
        np.multiply(d, self.scale, d)
