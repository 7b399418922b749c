"""What a loss is: how wrong the network's answer is, and in which direction.

A loss works on the network's last sums, the logits, and brings its own output function
(softmax or sigmoid) with it, so that value and gradient are both safe for any logits.
Value and gradient are apart: training needs the gradient at each step, and looks at the
values of many steps together.
"""

from typing import ClassVar, Protocol

import numpy as np

from core.base.arrays import FloatArray, IndexArray
from core.base.registry import Registry


class BoundLoss(Protocol):
    """A loss tied to the arrays of one workspace."""

    def step(self, targets: FloatArray, scale: float) -> None:
        """Write the gradient of the mean loss by the logits, times `scale`.

        Args:
            targets: (K, N) one-hot, C-contiguous.
            scale: a factor that the gradient is to carry; 1 for the gradient itself.
        """


class Loss(Protocol):
    """One way to measure wrongness.

    Attributes:
        label: its name in menus.
        help: one sentence on what it measures.
        unit: unit of its value, for the axis of the plot.
    """

    label: ClassVar[str]
    help: ClassVar[str]
    unit: ClassVar[str]

    def values(self, logits: FloatArray, labels: IndexArray) -> FloatArray:
        """Return the loss of each image (N,), for logits (N, K) and labels (N,)."""

    def bind(self, logits: FloatArray, d_logits: FloatArray) -> BoundLoss:
        """Tie the loss to logits (N, K) and their gradient (N, K), both Fortran-ordered."""

    def probabilities(self, logits: FloatArray) -> FloatArray:
        """Turn logits (N, K) into the network's answer: (N, K), each row sums to 1."""


LOSSES: Registry[type[Loss]] = Registry("loss")


def one_hot(labels: IndexArray, classes: int, dtype: np.dtype[np.floating]) -> FloatArray:
    """Return targets (K, N): 1 where image n is of class k, else 0."""
    targets: FloatArray = np.zeros((classes, len(labels)), dtype)
    targets[labels, np.arange(len(labels))] = 1
    return targets


def sigmoid(logits: FloatArray) -> FloatArray:
    """Return 1 / (1 + exp(-logits)), of the same shape.

    tanh is vectorised in NumPy and cannot overflow: half the time of exp and a reciprocal.
    """
    outputs: FloatArray = 0.5 * np.tanh(0.5 * logits) + 0.5
    return outputs


class SigmoidOutputs:
    """What losses on independent sigmoid outputs share: the answer."""

    __slots__ = ()

    def probabilities(self, logits: FloatArray) -> FloatArray:
        """Return each row's sigmoid outputs divided by their sum.

        The K sigmoids are independent and need not sum to 1; dividing keeps their
        order and makes them comparable with other networks' answers.
        """
        outputs = sigmoid(logits)
        outputs /= np.maximum(outputs.sum(axis=1, keepdims=True), np.finfo(outputs.dtype).tiny)
        return outputs


class SigmoidStep:
    """Writes the sigmoid of the logits, class by class (K, N), without allocating."""

    def __init__(self, logits: FloatArray, d_logits: FloatArray) -> None:
        self.logits, self.d_logits = logits.T, d_logits.T
        self.outputs = np.empty_like(self.logits)
        self.half = np.array(0.5, logits.dtype)  # 0-d arrays are the cheapest scalars
        self.scale = np.array(1.0, logits.dtype)
        self.count = len(logits)

    def fire(self) -> FloatArray:
        """Return outputs (K, N) = sigmoid of the logits."""
        outputs, half = self.outputs, self.half
        np.multiply(self.logits, half, outputs)
        np.tanh(outputs, outputs)
        np.multiply(outputs, half, outputs)
        np.add(outputs, half, outputs)
        return outputs
