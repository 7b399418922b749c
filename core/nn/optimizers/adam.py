"""Adam, and AdamW, which differs by its weight decay."""

import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from core.base.arrays import FloatArray
from core.base.fields import check_limits, real
from core.nn.numba_adam import fused_adam
from core.nn.optimizer import (
    OPTIMIZERS,
    BoundOptimizer,
    Vectors,
    epsilon_field,
    flush_denormals,
    learning_rate_field,
)

_LONGEST_PERIOD = 512  # iterations
_LARGEST_SCALE = 100.0  # of the gradients; their squares stay far from float32's limits
_WHOLE = 400_000  # numbers: five vectors of this length fit the cache, longer ones do not
_PIECE = 65_536  # numbers worked on at a time in longer vectors


def _beta_field(label: str, default: float, high: float, step: float, what: str) -> Any:
    return real(
        label,
        default=default,
        low=0.0,
        high=high,
        step=step,
        help=f"How much of the running mean of {what} is kept at each iteration.",
    )


@OPTIMIZERS.register("adam")
@dataclass(frozen=True, slots=True)
class Adam:
    """m <- b1 m + (1 - b1) g;  v <- b2 v + (1 - b2) g^2;  p <- p - rate m' / (sqrt(v') + epsilon).

    m' and v' are m and v divided by 1 - b1^t and 1 - b2^t.

    Source: Kingma and Ba 2015, arXiv:1412.6980, algorithm 1.
    """

    label: ClassVar[str] = "Adam"
    help: ClassVar[str] = "Momentum with a rate of its own for each weight. Works almost anywhere."
    full_batch: ClassVar[bool] = False
    slot_names: ClassVar[tuple[str, ...]] = ("first_moment", "second_moment")

    learning_rate: float = learning_rate_field(0.001)
    beta_1: float = _beta_field("Beta 1", 0.9, 0.9999, 0.01, "gradients")
    beta_2: float = _beta_field("Beta 2", 0.999, 0.99999, 0.001, "squared gradients")
    epsilon: float = epsilon_field()

    def __post_init__(self) -> None:
        check_limits(self)

    def bind(self, vectors: Vectors) -> BoundOptimizer:
        """Tie the rule to one run's vectors."""
        return _Bound(vectors, self.beta_1, self.beta_2, self.epsilon)


@OPTIMIZERS.register("adamw")
@dataclass(frozen=True, slots=True)
class AdamW:
    """Adam that also shrinks the weights: w <- w - rate * weight_decay * w, never biases.

    Source: Loshchilov and Hutter 2019, arXiv:1711.05101, algorithm 2.
    """

    label: ClassVar[str] = "AdamW"
    help: ClassVar[str] = "Adam that also lets all weights shrink a little at each step."
    full_batch: ClassVar[bool] = False
    slot_names: ClassVar[tuple[str, ...]] = ("first_moment", "second_moment")

    learning_rate: float = learning_rate_field(0.001)
    weight_decay: float = real(
        "Weight decay",
        default=0.01,
        low=0.0,
        high=1.0,
        step=0.01,
        help="How fast the weights shrink: each iteration takes this share of the learning"
        " rate off every weight.",
    )
    beta_1: float = _beta_field("Beta 1", 0.9, 0.9999, 0.01, "gradients")
    beta_2: float = _beta_field("Beta 2", 0.999, 0.99999, 0.001, "squared gradients")
    epsilon: float = epsilon_field()

    def __post_init__(self) -> None:
        check_limits(self)

    def bind(self, vectors: Vectors) -> BoundOptimizer:
        """Tie the rule to one run's vectors."""
        return _Bound(vectors, self.beta_1, self.beta_2, self.epsilon, self.weight_decay)


class _Bound:
    """Adam in nine sweeps over its vectors, where the formula read literally takes fifteen.

    The slots hold M = s m / (1 - b1) and V = s^2 v / (1 - b2) with s = b2^(-j/2), where j
    counts iterations from 0 and starts anew every `_period`. So V <- V + (s g)^2 needs no
    decay, s comes with the gradient for nothing, and all other constants meet in two
    scalars: p <- p - rate * M / (sqrt(V) + epsilon). s follows from t alone, so a run that
    is saved and goes on computes the same.
    """

    def __init__(
        self, vectors: Vectors, beta_1: float, beta_2: float, epsilon: float, decay: float = 0.0
    ) -> None:
        kind = vectors.params.dtype
        self._vectors = vectors
        self._beta_1, self._beta_2, self._wanted_epsilon = beta_1, beta_2, epsilon
        self._decay = decay
        self._period = _period(beta_2)
        self._m, self._v = vectors.slots["first_moment"], vectors.slots["second_moment"]
        self._keep = np.array(0.0, kind)
        self._epsilon, self._rate = np.array(0.0, kind), np.array(0.0, kind)
        self._scratch = np.empty_like(vectors.params)
        self._pieces: dict[int, list[tuple[FloatArray, ...]]] = {}
        self._fused = fused_adam() if kind == np.float32 else None

    def prepare(self, learning_rate: float, t: int) -> float:
        place = (t - 1) % self._period
        scale = self._beta_2 ** (-place / 2) if place else 1.0
        root = math.sqrt((1 - self._beta_2) / (1 - self._beta_2**t))
        self._keep[...] = self._beta_1 / math.sqrt(self._beta_2) if place else self._beta_1
        self._epsilon[...] = self._wanted_epsilon * scale / root
        self._rate[...] = learning_rate * (1 - self._beta_1) / (1 - self._beta_1**t) / root
        if place == 0 and t > 1:
            self._start_period()
        if self._decay:
            for weights in self._vectors.weights:
                np.multiply(weights, 1 - learning_rate * self._decay, weights)
        flush_denormals(self._m, t)
        return scale

    def _start_period(self) -> None:
        last = self._beta_2 ** (-(self._period - 1) / 2) if self._period > 1 else 1.0
        np.multiply(self._m, self._m.dtype.type(1 / last), out=self._m)
        np.multiply(self._v, self._v.dtype.type(self._beta_2 / last**2), out=self._v)

    def move(self, reachable: int) -> None:
        keep, epsilon, rate = self._keep, self._epsilon, self._rate
        if self._fused is not None:
            params, grads = self._vectors.params, self._vectors.grads
            self._fused(params, grads, self._m, self._v, keep[()], epsilon[()], rate[()], reachable)
            return
        for m, lit_m, v, lit_v, grads, scratch, params in self._pieces_for(reachable):
            np.multiply(m, keep, m)
            np.add(lit_m, grads, lit_m)
            np.multiply(grads, grads, grads)
            np.add(lit_v, grads, lit_v)
            np.sqrt(v, scratch)
            np.add(scratch, epsilon, scratch)
            np.divide(m, scratch, scratch)
            np.multiply(scratch, rate, scratch)
            np.subtract(params, scratch, params)

    def _pieces_for(self, reachable: int) -> list[tuple[FloatArray, ...]]:
        """Cut the vectors into pieces that stay in the cache from one sweep to the next."""
        if reachable not in self._pieces:
            length = len(self._m)
            size = length if length <= _WHOLE else _PIECE
            self._pieces[reachable] = [
                self._piece(start, min(start + size, length), reachable)
                for start in range(0, length, size)
            ]
        return self._pieces[reachable]

    def _piece(self, start: int, stop: int, reachable: int) -> tuple[FloatArray, ...]:
        whole, lit = slice(start, stop), slice(start, max(start, min(stop, reachable)))
        m, v = self._m, self._v
        params, grads = self._vectors.params, self._vectors.grads
        return m[whole], m[lit], v[whole], v[lit], grads[lit], self._scratch[whole], params[whole]


def _period(beta_2: float) -> int:
    """Return after how many iterations the scale starts anew."""
    if beta_2 <= 0:
        return 1
    longest = 1 + 2 * math.log(_LARGEST_SCALE) / -math.log(beta_2)
    return int(min(longest, _LONGEST_PERIOD))
