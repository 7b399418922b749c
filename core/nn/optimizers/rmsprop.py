"""RMSProp."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.base.fields import check_limits, real
from core.nn.optimizer import (
    OPTIMIZERS,
    BoundOptimizer,
    Prefixes,
    Vectors,
    epsilon_field,
    flush_denormals,
    learning_rate_field,
)


@OPTIMIZERS.register("rmsprop")
@dataclass(frozen=True, slots=True)
class RmsProp:
    """s <- decay * s + (1 - decay) * gradient^2;  p <- p - rate * gradient / (sqrt(s) + epsilon).

    Source: Tieleman and Hinton 2012, Coursera lecture 6.5; epsilon outside the root, as
    in PyTorch.
    """

    label: ClassVar[str] = "RMSProp"
    help: ClassVar[str] = "Like AdaGrad, but old steps are forgotten, so it never stalls."
    full_batch: ClassVar[bool] = False
    slot_names: ClassVar[tuple[str, ...]] = ("square_mean",)

    learning_rate: float = learning_rate_field(0.001)
    decay: float = real(
        "Decay",
        default=0.9,
        low=0.0,
        high=0.9999,
        step=0.01,
        help="How much of the running mean of squared gradients is kept at each iteration.",
    )
    epsilon: float = epsilon_field()

    def __post_init__(self) -> None:
        check_limits(self)

    def bind(self, vectors: Vectors) -> BoundOptimizer:
        """Tie the rule to one run's vectors."""
        return _Bound(vectors, self)


class _Bound:
    def __init__(self, vectors: Vectors, rule: RmsProp) -> None:
        kind = vectors.params.dtype
        self._mean, scratch = vectors.slots["square_mean"], np.empty_like(vectors.params)
        self._prefixes = Prefixes((vectors.params, vectors.grads, self._mean, scratch))
        self._decay, self._rest = np.array(rule.decay, kind), np.array(1 - rule.decay, kind)
        self._epsilon = np.array(rule.epsilon, kind)
        self._rate = np.array(0.0, kind)

    def prepare(self, learning_rate: float, t: int) -> float:
        flush_denormals(self._mean, t)
        self._rate[...] = learning_rate
        return 1.0

    def move(self, reachable: int) -> None:
        np.multiply(self._mean, self._decay, self._mean)
        params, grads, mean, scratch = self._prefixes.at(reachable)
        np.multiply(grads, grads, scratch)
        np.multiply(scratch, self._rest, scratch)
        np.add(mean, scratch, mean)
        np.sqrt(mean, scratch)
        np.add(scratch, self._epsilon, scratch)
        np.divide(grads, scratch, scratch)
        np.multiply(scratch, self._rate, scratch)
        np.subtract(params, scratch, params)
