"""Gradient descent with momentum."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.base.fields import check_limits
from core.nn.optimizer import (
    OPTIMIZERS,
    BoundOptimizer,
    Prefixes,
    Vectors,
    flush_denormals,
    learning_rate_field,
    momentum_field,
)


@OPTIMIZERS.register("momentum")
@dataclass(frozen=True, slots=True)
class Momentum:
    """v <- momentum * v - learning_rate * gradient;  p <- p + v.

    The rate multiplies the gradient, not the velocity: changing the rate in mid-run
    leaves the velocity already gathered as it is.

    Source: Sutskever et al. 2013, equations 1 and 2.
    """

    label: ClassVar[str] = "Momentum"
    help: ClassVar[str] = "SGD that keeps rolling: steps in the same direction add up."
    full_batch: ClassVar[bool] = False
    slot_names: ClassVar[tuple[str, ...]] = ("velocity",)

    learning_rate: float = learning_rate_field(0.05)
    momentum: float = momentum_field()

    def __post_init__(self) -> None:
        check_limits(self)

    def bind(self, vectors: Vectors) -> BoundOptimizer:
        """Tie the rule to one run's vectors."""
        return _Bound(vectors, self.momentum)


class _Bound:
    def __init__(self, vectors: Vectors, momentum: float) -> None:
        self._params, self._velocity = vectors.params, vectors.slots["velocity"]
        self._prefixes = Prefixes((self._velocity, vectors.grads))
        self._momentum = np.array(momentum, vectors.params.dtype)

    def prepare(self, learning_rate: float, t: int) -> float:
        flush_denormals(self._velocity, t)
        return learning_rate

    def move(self, reachable: int) -> None:
        np.multiply(self._velocity, self._momentum, self._velocity)
        velocity, grads = self._prefixes.at(reachable)
        np.subtract(velocity, grads, velocity)
        np.add(self._params, self._velocity, self._params)
