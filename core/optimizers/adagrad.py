"""AdaGrad."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.arrays import FloatArray
from core.config import check_limits
from core.optimizer import OPTIMIZERS, Update, epsilon_field, learning_rate_field


@OPTIMIZERS.register("adagrad")
@dataclass(frozen=True, slots=True)
class AdaGrad:
    """s <- s + gradient^2;  p <- p - learning_rate * gradient / (sqrt(s) + epsilon).

    Source: Duchi et al. 2011, JMLR 12:2121; epsilon outside the root, as in PyTorch.
    """

    label: ClassVar[str] = "AdaGrad"
    help: ClassVar[str] = "Each weight gets its own rate, which shrinks the more it has moved."
    slot_names: ClassVar[tuple[str, ...]] = ("square_sum",)

    learning_rate: float = learning_rate_field(0.01)
    epsilon: float = epsilon_field()

    def __post_init__(self) -> None:
        check_limits(self)

    def bind(self, params: FloatArray, grads: FloatArray, slots: dict[str, FloatArray]) -> Update:
        """Tie the rule to one run's vectors."""
        total, scratch = slots["square_sum"], np.empty_like(params)
        epsilon = params.dtype.type(self.epsilon)

        def update(learning_rate: float, t: int) -> None:
            np.multiply(grads, grads, out=scratch)
            np.add(total, scratch, out=total)
            np.sqrt(total, out=scratch)
            np.add(scratch, epsilon, out=scratch)
            np.divide(grads, scratch, out=scratch)
            np.multiply(scratch, params.dtype.type(learning_rate), out=scratch)
            np.subtract(params, scratch, out=params)

        return update
