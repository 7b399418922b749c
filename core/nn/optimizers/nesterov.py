"""Nesterov's accelerated gradient."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.nn.optimizer import OPTIMIZERS, BoundOptimizer, Prefixes, Vectors
from core.nn.velocity import BoundVelocity, VelocityRule


@OPTIMIZERS.register("nesterov")
@dataclass(frozen=True, slots=True)
class Nesterov(VelocityRule):
    """v <- momentum * v - learning_rate * gradient;  p <- p + momentum * v - rate * gradient.

    The weights kept are the looked-ahead ones, so the gradient is taken where it is
    needed without a second pass.

    Source: Bengio et al. 2013, arXiv:1212.0901, equations 6 and 7; as in Keras.
    """

    label: ClassVar[str] = "Nesterov"
    help: ClassVar[str] = "Momentum that looks ahead before it steps, and overshoots less."

    def bind(self, vectors: Vectors) -> BoundOptimizer:
        """Tie the rule to one run's vectors."""
        return _Bound(vectors, self.momentum)


class _Bound(BoundVelocity):
    def __init__(self, vectors: Vectors, momentum: float) -> None:
        super().__init__(vectors, momentum)
        self._ahead = np.empty_like(vectors.params)
        self._prefixes = Prefixes((self._velocity, self._ahead, vectors.grads))

    def move(self, reachable: int) -> None:
        velocity, ahead, grads = self._prefixes.at(reachable)
        np.multiply(self._velocity, self._momentum, self._velocity)
        np.subtract(velocity, grads, velocity)
        np.multiply(self._velocity, self._momentum, self._ahead)
        np.subtract(ahead, grads, ahead)
        np.add(self._params, self._ahead, self._params)
