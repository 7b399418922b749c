"""Softmax output with cross-entropy loss."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.base.arrays import FloatArray, IndexArray
from core.base.fields import check_limits, real
from core.nn.loss import LOSSES, BoundLoss


@LOSSES.register("softmax-cross-entropy")
@dataclass(frozen=True, slots=True)
class SoftmaxCrossEntropy:
    """Mean negative log-probability of the true classes, in nats per image.

    With label smoothing s the target of the true class is 1 - s + s / K, that of every
    other class s / K.

    Source: Goodfellow et al., Deep Learning (2016), section 6.2.2.3; label smoothing:
    Szegedy et al. 2016, arXiv:1512.00567, section 7.
    """

    label: ClassVar[str] = "Softmax cross-entropy"
    help: ClassVar[str] = "How surprised the network is by the right answer. The usual choice."
    unit: ClassVar[str] = "nats per image"

    label_smoothing: float = real(
        "Label smoothing",
        default=0.0,
        low=0.0,
        high=0.9,
        step=0.05,
        help="The share of certainty that is taken from the right class and spread over"
        " all. A little (0.1) keeps the network from being too sure of itself.",
    )

    def __post_init__(self) -> None:
        check_limits(self)

    def values(self, logits: FloatArray, labels: IndexArray) -> FloatArray:
        """Return the loss of each image (N,)."""
        # log-sum-exp minus the true logit: finite however small the probability.
        by_class = logits.T
        shifted = by_class - by_class.max(axis=0)
        picked = shifted[labels, np.arange(len(labels))]
        if self.label_smoothing:
            picked = (1 - self.label_smoothing) * picked
            picked += self.label_smoothing * shifted.mean(axis=0)
        losses: FloatArray = np.log(np.exp(shifted).sum(axis=0)) - picked
        return losses

    def bind(self, logits: FloatArray, d_logits: FloatArray) -> BoundLoss:
        """Tie the loss to its arrays."""
        return _Bound(logits, d_logits, self.label_smoothing)

    def probabilities(self, logits: FloatArray) -> FloatArray:
        """Return the softmax of each row."""
        shifted: FloatArray = logits - logits.max(axis=1, keepdims=True)
        np.exp(shifted, shifted)
        shifted /= shifted.sum(axis=1, keepdims=True)
        return shifted


class _Bound:
    """softmax - targets. Class by class (K, N), the sums run over whole rows."""

    def __init__(self, logits: FloatArray, d_logits: FloatArray, smoothing: float) -> None:
        count, classes = logits.shape
        self._logits, self._d_logits = logits.T, d_logits.T
        self._count = count
        self._top = np.empty((1, count), logits.dtype)
        self._sums = np.empty((classes, count), logits.dtype)
        self._ones = np.ones((classes, classes), logits.dtype)
        self._scale = np.array(1 / count, logits.dtype)
        self._smoothing = smoothing
        self._sharp = np.array(1 - smoothing, logits.dtype)
        self._floor = np.array(smoothing / classes, logits.dtype)

    def step(self, targets: FloatArray, scale: float) -> None:
        d, sums = self._d_logits, self._sums
        # The largest logit is taken off first: no exponential overflows.
        np.maximum.reduce(self._logits, axis=0, keepdims=True, out=self._top)
        np.subtract(self._logits, self._top, d)
        np.exp(d, d)
        # A product with ones gives each image's sum in every row: no broadcast.
        self._ones.dot(d, sums)
        np.divide(d, sums, d)
        if self._smoothing:
            np.multiply(targets, self._sharp, sums)
            np.add(sums, self._floor, sums)
            targets = sums
        np.subtract(d, targets, d)
        self._scale[...] = scale / self._count
        np.multiply(d, self._scale, d)
