"""Gradient descent with momentum."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.arrays import FloatArray
from core.config import check_limits
from core.optimizer import OPTIMIZERS, Update, learning_rate_field, momentum_field


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
    slot_names: ClassVar[tuple[str, ...]] = ("velocity",)

    learning_rate: float = learning_rate_field(0.05)
    momentum: float = momentum_field()

    def __post_init__(self) -> None:
        check_limits(self)

    def bind(self, params: FloatArray, grads: FloatArray, slots: dict[str, FloatArray]) -> Update:
        """Tie the rule to one run's vectors."""
        velocity, momentum = slots["velocity"], params.dtype.type(self.momentum)

        def update(learning_rate: float, t: int) -> None:
            np.multiply(grads, params.dtype.type(learning_rate), out=grads)
            np.multiply(velocity, momentum, out=velocity)
            np.subtract(velocity, grads, out=velocity)
            np.add(params, velocity, out=params)

        return update
