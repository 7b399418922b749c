"""The learning rate falls in steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.base.events import Evaluation
from core.base.fields import check_limits, integer, real
from core.nn.schedule import SCHEDULES


@SCHEDULES.register("step")
@dataclass(frozen=True, slots=True)
class Step:
    """factor = gamma ^ floor(epoch / every), as PyTorch's StepLR."""

    label: ClassVar[str] = "Step"
    help: ClassVar[str] = "The learning rate is multiplied by the same number every few epochs."
    by_iteration: ClassVar[bool] = True

    every: int = integer(
        "Every",
        default=5,
        low=1,
        high=10_000,
        unit=" epochs",
        help="How many epochs the learning rate stays the same.",
    )
    gamma: float = real(
        "Times",
        default=0.5,
        low=0.0001,
        high=1.0,
        step=0.1,
        help="What the learning rate is multiplied by at each step.",
    )

    def __post_init__(self) -> None:
        check_limits(self)

    def factor(self, done: float, epoch: float, evaluations: Sequence[Evaluation]) -> float:
        """Return gamma once for each step that is over."""
        return float(self.gamma ** int(epoch / self.every))
