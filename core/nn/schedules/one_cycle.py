"""The learning rate rises to its peak and falls again."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.base.events import Evaluation
from core.base.fields import check_limits, real
from core.nn.schedule import SCHEDULES


@SCHEDULES.register("one-cycle")
@dataclass(frozen=True, slots=True)
class OneCycle:
    """From `first` in a straight line to 1, then in a straight line to `last`.

    Source: Smith and Topin 2018, arXiv:1708.07120.
    """

    label: ClassVar[str] = "One-cycle"
    help: ClassVar[str] = "The learning rate rises to its peak and falls again: fast training."
    by_iteration: ClassVar[bool] = True

    rise: float = real(
        "Rises for",
        default=0.25,
        low=0.0,
        high=1.0,
        step=0.05,
        help="The share of the training in which the learning rate rises to its peak.",
    )
    first: float = real(
        "Starts at",
        default=0.1,
        low=0.0,
        high=1.0,
        step=0.05,
        help="The share of the peak that the learning rate starts from.",
    )
    last: float = real(
        "Ends at",
        default=0.0,
        low=0.0,
        high=1.0,
        step=0.05,
        help="The share of the peak that is left at the end of the training.",
    )

    def __post_init__(self) -> None:
        check_limits(self)

    def factor(self, done: float, epoch: float, evaluations: Sequence[Evaluation]) -> float:
        """Return the height of the triangle at this share of the training."""
        if done < self.rise:
            return self.first + (1 - self.first) * done / self.rise
        fallen = (min(done, 1.0) - self.rise) / (1 - self.rise) if self.rise < 1 else 0.0
        return 1 + (self.last - 1) * fallen
