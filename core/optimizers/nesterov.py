"""Nesterov's accelerated gradient."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.arrays import FloatArray
from core.config import check_limits
from core.optimizer import OPTIMIZERS, Update, learning_rate_field, momentum_field


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
    slot_names: ClassVar[tuple[str, ...]] = ("velocity",)

    learning_rate: float = learning_rate_field(0.05)
    momentum: float = momentum_field()

    def __post_init__(self) -> None:
        check_limits(self)

    def bind(self, params: FloatArray, grads: FloatArray, slots: dict[str, FloatArray]) -> Update:
        """Tie the rule to one run's vectors."""
        velocity, momentum = slots["velocity"], params.dtype.type(self.momentum)
        scratch = np.empty_like(params)

        def update(learning_rate: float, t: int) -> None:
            np.multiply(grads, params.dtype.type(learning_rate), out=grads)
            np.multiply(velocity, momentum, out=velocity)
            np.subtract(velocity, grads, out=velocity)
            np.multiply(velocity, momentum, out=scratch)
            np.subtract(scratch, grads, out=scratch)
            np.add(params, scratch, out=params)

        return update
