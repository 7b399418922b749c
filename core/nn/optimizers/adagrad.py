"""AdaGrad."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.base.fields import check_limits
from core.nn.optimizer import (
    OPTIMIZERS,
    BoundOptimizer,
    Prefixes,
    Vectors,
    epsilon_field,
    learning_rate_field,
)


@OPTIMIZERS.register("adagrad")
@dataclass(frozen=True, slots=True)
class AdaGrad:
    """s <- s + gradient^2;  p <- p - learning_rate * gradient / (sqrt(s) + epsilon).

    Source: Duchi et al. 2011, JMLR 12:2121; epsilon outside the root, as in PyTorch.
    """

    label: ClassVar[str] = "AdaGrad"
    help: ClassVar[str] = "Each weight gets its own rate, which shrinks the more it has moved."
    full_batch: ClassVar[bool] = False
    slot_names: ClassVar[tuple[str, ...]] = ("square_sum",)

    learning_rate: float = learning_rate_field(0.01)
    epsilon: float = epsilon_field()

    def __post_init__(self) -> None:
        check_limits(self)

    def bind(self, vectors: Vectors) -> BoundOptimizer:
        """Tie the rule to one run's vectors."""
        return _Bound(vectors, self.epsilon)


class _Bound:
    def __init__(self, vectors: Vectors, epsilon: float) -> None:
        total, scratch = vectors.slots["square_sum"], np.empty_like(vectors.params)
        self._prefixes = Prefixes((vectors.params, vectors.grads, total, scratch))
        self._epsilon = np.array(epsilon, vectors.params.dtype)
        self._rate = np.array(0.0, vectors.params.dtype)

    def prepare(self, learning_rate: float, t: int) -> float:
        self._rate[...] = learning_rate
        return 1.0

    def move(self, reachable: int) -> None:
        params, grads, total, scratch = self._prefixes.at(reachable)
        np.multiply(grads, grads, scratch)
        np.add(total, scratch, total)
        np.sqrt(total, scratch)
        np.add(scratch, self._epsilon, scratch)
        np.divide(grads, scratch, scratch)
        np.multiply(scratch, self._rate, scratch)
        np.subtract(params, scratch, params)
