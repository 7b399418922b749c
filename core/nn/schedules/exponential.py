"""The learning rate fades by the same share each epoch."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.base.events import Evaluation
from core.base.fields import check_limits, real
from core.nn.schedule import SCHEDULES


@SCHEDULES.register("exponential")
@dataclass(frozen=True, slots=True)
class Exponential:
    """factor = gamma ^ epoch, a little at each iteration."""

    label: ClassVar[str] = "Exponential"
    help: ClassVar[str] = "The learning rate fades by the same share in each epoch."
    by_iteration: ClassVar[bool] = True

    gamma: float = real(
        "Per epoch times",
        default=0.9,
        low=0.0001,
        high=1.0,
        step=0.05,
        help="What is left of the learning rate after each epoch.",
    )

    def __post_init__(self) -> None:
        check_limits(self)

    def factor(self, done: float, epoch: float, evaluations: Sequence[Evaluation]) -> float:
        """Return gamma to the power of the epochs that are over."""
        return float(self.gamma**epoch)
