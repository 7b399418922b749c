"""Nesterov's accelerated gradient."""

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


@OPTIMIZERS.register("nesterov")
@dataclass(frozen=True, slots=True)
class Nesterov:
    """v <- momentum * v - learning_rate * gradient;  p <- p + momentum * v - rate * gradient.

    The weights kept are the looked-ahead ones, so the gradient is taken where it is
    needed without a second pass.

    Source: Bengio et al. 2013, arXiv:1212.0901, equations 6 and 7; as in Keras.
    """

    label: ClassVar[str] = "Nesterov"
    help: ClassVar[str] = "Momentum that looks ahead before it steps, and overshoots less."
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
        self._ahead = np.empty_like(vectors.params)
        self._prefixes = Prefixes((self._velocity, self._ahead, vectors.grads))
        self._momentum = np.array(momentum, vectors.params.dtype)

    def prepare(self, learning_rate: float, t: int) -> float:
        flush_denormals(self._velocity, t)
        return learning_rate

    def move(self, reachable: int) -> None:
        velocity, ahead, grads = self._prefixes.at(reachable)
        np.multiply(self._velocity, self._momentum, self._velocity)
        np.subtract(velocity, grads, velocity)
        np.multiply(self._velocity, self._momentum, self._ahead)
        np.subtract(ahead, grads, ahead)
        np.add(self._params, self._ahead, self._params)
