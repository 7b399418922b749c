"""Stochastic gradient descent."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.base.fields import check_limits
from core.nn.optimizer import OPTIMIZERS, BoundOptimizer, Prefixes, Vectors, learning_rate_field


@OPTIMIZERS.register("sgd")
@dataclass(frozen=True, slots=True)
class Sgd:
    """p <- p - learning_rate * gradient."""

    label: ClassVar[str] = "SGD"
    help: ClassVar[str] = "Plain gradient descent on mini-batches: straight downhill."
    full_batch: ClassVar[bool] = False
    slot_names: ClassVar[tuple[str, ...]] = ()

    learning_rate: float = learning_rate_field(0.1)

    def __post_init__(self) -> None:
        check_limits(self)

    def bind(self, vectors: Vectors) -> BoundOptimizer:
        """Tie the rule to one run's vectors."""
        return _Bound(vectors)


class _Bound:
    def __init__(self, vectors: Vectors) -> None:
        self._prefixes = Prefixes((vectors.params, vectors.grads))

    def prepare(self, learning_rate: float, t: int) -> float:
        return learning_rate

    def move(self, reachable: int) -> None:
        params, grads = self._prefixes.at(reachable)
        np.subtract(params, grads, params)
