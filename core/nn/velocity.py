"""What the optimizers share that keep rolling: a velocity, and the share of it that is kept.

They differ in how they move the weights by it: see `core.nn.optimizers.momentum` and
`core.nn.optimizers.nesterov`.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from core.base.fields import check_limits, real
from core.nn.optimizer import Vectors, flush_denormals, learning_rate_field


def _momentum_field() -> Any:
    return real(
        "Momentum",
        default=0.9,
        low=0.0,
        high=0.999,
        step=0.01,
        help="The share of the last step that carries on into the next one.",
    )


@dataclass(frozen=True, slots=True)
class VelocityRule:
    """Hyper-parameters of a rule with a velocity."""

    full_batch: ClassVar[bool] = False
    slot_names: ClassVar[tuple[str, ...]] = ("velocity",)

    learning_rate: float = learning_rate_field(0.05)
    momentum: float = _momentum_field()

    def __post_init__(self) -> None:
        check_limits(self)


class BoundVelocity:
    """A rule with a velocity, tied to the vectors of one run; `move` is the rule's own.

    Its gradients carry the learning rate: changing the rate in mid-run leaves the velocity
    already gathered as it is.
    """

    def __init__(self, vectors: Vectors, momentum: float) -> None:
        self._params, self._velocity = vectors.params, vectors.slots["velocity"]
        self._momentum = np.array(momentum, vectors.params.dtype)

    def prepare(self, learning_rate: float, t: int) -> float:
        """Return the factor that the gradients of iteration `t` are to carry."""
        flush_denormals(self._velocity, t)
        return learning_rate
