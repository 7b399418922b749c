"""What an optimizer is: a rule that moves all weights a little, from their gradient."""

from collections.abc import Callable
from typing import Any, ClassVar, Protocol, TypeAlias

from core.arrays import FloatArray
from core.config import real
from core.registry import Registry

Update: TypeAlias = Callable[[float, int], None]
"""Called with the learning rate and the iteration's number t, counted from 1."""


class Optimizer(Protocol):
    """Hyper-parameters of one rule.

    Attributes:
        label: its name in menus.
        help: one sentence on what it does.
        slot_names: the vectors (P,) it keeps from step to step; saved with the model.
        learning_rate: where a run's learning rate starts.
    """

    label: ClassVar[str]
    help: ClassVar[str]
    slot_names: ClassVar[tuple[str, ...]]

    @property
    def learning_rate(self) -> float:
        """Where a run's learning rate starts."""

    def bind(self, params: FloatArray, grads: FloatArray, slots: dict[str, FloatArray]) -> Update:
        """Tie the rule to the flat vectors (P,) of one run.

        The returned function moves `params` and `slots` in place and may use `grads`
        up as scratch space.
        """


OPTIMIZERS: Registry[type[Optimizer]] = Registry("optimizer")


def learning_rate_field(default: float) -> Any:
    """Declare the learning rate, with the default that suits the optimizer."""
    return real(
        "Learning rate",
        default=default,
        low=1e-6,
        high=100.0,
        log=True,
        help="How far each iteration moves the weights. Too high and the loss jumps or"
        " grows; too low and training crawls. It can be changed while training runs.",
    )


def momentum_field() -> Any:
    """Declare the share of a step that carries on into the next one."""
    return real(
        "Momentum",
        default=0.9,
        low=0.0,
        high=0.999,
        step=0.01,
        help="The share of the last step that carries on into the next one.",
    )


def epsilon_field() -> Any:
    """Declare the small number that keeps a division from dividing by zero."""
    return real(
        "Epsilon",
        default=1e-7,
        low=1e-12,
        high=1.0,
        log=True,
        help="A small number that keeps the division from dividing by zero.",
    )
