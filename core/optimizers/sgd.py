"""Stochastic gradient descent."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.arrays import FloatArray
from core.config import check_limits
from core.optimizer import OPTIMIZERS, Update, learning_rate_field


@OPTIMIZERS.register("sgd")
@dataclass(frozen=True, slots=True)
class Sgd:
    """p <- p - learning_rate * gradient."""

    label: ClassVar[str] = "SGD"
    help: ClassVar[str] = "Plain gradient descent on mini-batches: straight downhill."
    slot_names: ClassVar[tuple[str, ...]] = ()

    learning_rate: float = learning_rate_field(0.1)

    def __post_init__(self) -> None:
        check_limits(self)

    def bind(self, params: FloatArray, grads: FloatArray, slots: dict[str, FloatArray]) -> Update:
        """Tie the rule to one run's vectors."""

        def update(learning_rate: float, t: int) -> None:
            np.multiply(grads, params.dtype.type(learning_rate), out=grads)
            np.subtract(params, grads, out=params)

        return update
