"""Penalties on large weights: L2 and L1, never on biases."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.base.arrays import FloatArray
from core.base.fields import check_limits, real


@dataclass(frozen=True, slots=True)
class Penalty:
    """l2 / 2 * sum of w^2 + l1 * sum of |w|, over all weights but not the biases.

    It is added to the mean loss. The lambda of Nielsen's book and of the Coursera course
    is l2 times the number of training images.

    Source: Goodfellow et al., Deep Learning (2016), section 7.1.
    """

    l2: float = real(
        "L2 penalty",
        default=0.0,
        low=0.0,
        high=10.0,
        step=0.0001,
        help="Pulls all weights towards 0, large ones most; biases are left alone. It is"
        " half of this number times the sum of the squared weights, added to the loss:"
        " the λ of the Coursera course divided by the number of images. 0 switches it off.",
    )
    l1: float = real(
        "L1 penalty",
        default=0.0,
        low=0.0,
        high=10.0,
        step=0.0001,
        help="Pulls all weights towards 0 with the same force, so that many end there: this"
        " number times the sum of their sizes, added to the loss. 0 switches it off.",
    )

    def __post_init__(self) -> None:
        check_limits(self)

    @property
    def active(self) -> bool:
        """Tell whether there is any penalty."""
        return self.l2 > 0 or self.l1 > 0

    def value(self, weights: Sequence[FloatArray]) -> float:
        """Return the penalty on these weight matrices."""
        total = 0.0
        for each in weights:
            if self.l2:
                total += 0.5 * self.l2 * float(np.square(each, dtype=np.float64).sum())
            if self.l1:
                total += self.l1 * float(np.abs(each).sum(dtype=np.float64))
        return total

    def add_gradient(
        self, weights: Sequence[FloatArray], grads: Sequence[FloatArray], scale: float
    ) -> None:
        """Add `scale` times the penalty's gradient to `grads`, of the weights' shapes."""
        for each, grad in zip(weights, grads, strict=True):
            if self.l2:
                grad += each * each.dtype.type(scale * self.l2)
            if self.l1:
                grad += np.sign(each) * each.dtype.type(scale * self.l1)
