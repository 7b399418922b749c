"""RMSProp."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.arrays import FloatArray
from core.config import check_limits, real
from core.optimizer import OPTIMIZERS, Update, epsilon_field, learning_rate_field


@OPTIMIZERS.register("rmsprop")
@dataclass(frozen=True, slots=True)
class RmsProp:
    """s <- decay * s + (1 - decay) * gradient^2;  p <- p - rate * gradient / (sqrt(s) + epsilon).

    Source: Tieleman and Hinton 2012, Coursera lecture 6.5; epsilon outside the root, as
    in PyTorch.
    """

    label: ClassVar[str] = "RMSProp"
    help: ClassVar[str] = "Like AdaGrad, but old steps are forgotten, so it never stalls."
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

    def bind(self, params: FloatArray, grads: FloatArray, slots: dict[str, FloatArray]) -> Update:
        """Tie the rule to one run's vectors."""
        mean, scratch, kind = slots["square_mean"], np.empty_like(params), params.dtype.type
        decay, rest, epsilon = kind(self.decay), kind(1 - self.decay), kind(self.epsilon)

        def update(learning_rate: float, t: int) -> None:
            np.multiply(grads, grads, out=scratch)
            np.multiply(scratch, rest, out=scratch)
            np.multiply(mean, decay, out=mean)
            np.add(mean, scratch, out=mean)
            np.sqrt(mean, out=scratch)
            np.add(scratch, epsilon, out=scratch)
            np.divide(grads, scratch, out=scratch)
            np.multiply(scratch, kind(learning_rate), out=scratch)
            np.subtract(params, scratch, out=params)

        return update
