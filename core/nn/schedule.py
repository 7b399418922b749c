"""What a learning-rate schedule is: how the rate changes in the course of a training."""

from collections.abc import Sequence
from typing import ClassVar, Protocol

from core.base.events import Evaluation
from core.base.registry import Registry


class Schedule(Protocol):
    """Hyper-parameters of one schedule.

    Attributes:
        label: its name in menus.
        help: one sentence on what it does.
        by_iteration: False if the factor stays the same from one measurement to the next.
    """

    label: ClassVar[str]
    help: ClassVar[str]
    by_iteration: ClassVar[bool]

    def factor(self, done: float, epoch: float, evaluations: Sequence[Evaluation]) -> float:
        """Return what the base learning rate is multiplied by for one iteration.

        Args:
            done: share of the training's iterations that are over, 0..1.
            epoch: epochs that are over.
            evaluations: all that was measured in this training so far.
        """


SCHEDULES: Registry[type[Schedule]] = Registry("schedule")


def warmup_factor(step: int, warmup: int) -> float:
    """Return the factor of a warm-up for the iteration after `step` others.

    It rises in a straight line from 1 / (warmup + 1) and is 1 from `warmup` on.

    Source: Goyal et al. 2017, arXiv:1706.02677, section 2.2.
    """
    return min((step + 1) / (warmup + 1), 1.0)
