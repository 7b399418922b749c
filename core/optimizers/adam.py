"""Adam."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.arrays import FloatArray
from core.config import check_limits, real
from core.optimizer import OPTIMIZERS, Update, epsilon_field, learning_rate_field

_TINY = 1e-30  # far below any moment that still moves a float32 weight
_SWEEP_EVERY = 512  # iterations


@OPTIMIZERS.register("adam")
@dataclass(frozen=True, slots=True)
class Adam:
    """m <- b1 m + (1 - b1) g;  v <- b2 v + (1 - b2) g^2;  p <- p - rate m' / (sqrt(v') + epsilon).

    m' and v' are m and v divided by 1 - b1^t and 1 - b2^t.

    The slots hold m / (1 - b1) and v / (1 - b2): the two constant factors move into the
    two scalars of each step, which saves two sweeps over all weights.

    Source: Kingma and Ba 2015, arXiv:1412.6980, algorithm 1.
    """

    label: ClassVar[str] = "Adam"
    help: ClassVar[str] = "Momentum with a rate of its own for each weight. Works almost anywhere."
    slot_names: ClassVar[tuple[str, ...]] = ("first_moment", "second_moment")

    learning_rate: float = learning_rate_field(0.001)
    beta_1: float = real(
        "Beta 1",
        default=0.9,
        low=0.0,
        high=0.9999,
        step=0.01,
        help="How much of the running mean of gradients is kept at each iteration.",
    )
    beta_2: float = real(
        "Beta 2",
        default=0.999,
        low=0.0,
        high=0.99999,
        step=0.001,
        help="How much of the running mean of squared gradients is kept at each iteration.",
    )
    epsilon: float = epsilon_field()

    def __post_init__(self) -> None:
        check_limits(self)

    def bind(self, params: FloatArray, grads: FloatArray, slots: dict[str, FloatArray]) -> Update:
        """Tie the rule to one run's vectors."""
        m, v, scratch = slots["first_moment"], slots["second_moment"], np.empty_like(params)
        kind = params.dtype.type
        beta_1, beta_2 = kind(self.beta_1), kind(self.beta_2)

        def update(learning_rate: float, t: int) -> None:
            # sqrt(v') = root * sqrt(slot): dividing through by `root` leaves one scalar
            # for epsilon and one for the rate.
            root = ((1 - self.beta_2) / (1 - self.beta_2**t)) ** 0.5
            rate = learning_rate * (1 - self.beta_1) / (1 - self.beta_1**t) / root
            np.multiply(m, beta_1, out=m)
            np.add(m, grads, out=m)
            np.multiply(grads, grads, out=grads)
            np.multiply(v, beta_2, out=v)
            np.add(v, grads, out=v)
            np.sqrt(v, out=scratch)
            np.add(scratch, kind(self.epsilon / root), out=scratch)
            np.divide(m, scratch, out=scratch)
            np.multiply(scratch, kind(rate), out=scratch)
            np.subtract(params, scratch, out=params)
            if t % _SWEEP_EVERY == 0:
                # Moments of rarely lit pixels decay into denormal numbers, which cost
                # the processor a hundred times as much as zeros.
                m[np.abs(m) < _TINY] = 0

        return update
