"""What a loss is: how wrong the network's answer is, and in which direction.

A loss works on the network's last sums, the logits, and brings its own output function
(softmax or sigmoid) with it, so that value and gradient are computed together, safely.
"""

from typing import ClassVar, Protocol

from core.arrays import FloatArray, IndexArray
from core.registry import Registry


class BoundLoss(Protocol):
    """A loss tied to the arrays of one workspace."""

    def step(self) -> float:
        """Return the mean loss over the batch; write its gradient by the logits."""


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

    def bind(self, logits: FloatArray, d_logits: FloatArray, labels: IndexArray) -> BoundLoss:
        """Tie the loss to logits (N, K), their gradient (N, K) and labels (N,)."""

    def probabilities(self, logits: FloatArray) -> FloatArray:
        """Turn logits (N, K) into the network's answer: (N, K), each row sums to 1."""


LOSSES: Registry[type[Loss]] = Registry("loss")
