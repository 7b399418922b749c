"""Gradient descent with momentum."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.nn.optimizer import OPTIMIZERS, BoundOptimizer, Prefixes, Vectors
from core.nn.velocity import BoundVelocity, VelocityRule


@OPTIMIZERS.register("momentum")
@dataclass(frozen=True, slots=True)
class Momentum(VelocityRule):
    """v <- momentum * v - learning_rate * gradient;  p <- p + v.

    Source: Sutskever et al. 2013, equations 1 and 2.
    """

    label: ClassVar[str] = "Momentum"
    help: ClassVar[str] = "SGD that keeps rolling: steps in the same direction add up."

    def bind(self, vectors: Vectors) -> BoundOptimizer:
        """Tie the rule to one run's vectors."""
        return _Bound(vectors, self.momentum)


class _Bound(BoundVelocity):
    def __init__(self, vectors: Vectors, momentum: float) -> None:
        super().__init__(vectors, momentum)
        self._prefixes = Prefixes((self._velocity, vectors.grads))

    def move(self, reachable: int) -> None:
        np.multiply(self._velocity, self._momentum, self._velocity)
        velocity, grads = self._prefixes.at(reachable)
        np.subtract(velocity, grads, velocity)
        np.add(self._params, self._velocity, self._params)
