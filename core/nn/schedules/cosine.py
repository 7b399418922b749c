"""The learning rate falls along half a cosine wave."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.base.events import Evaluation
from core.base.fields import check_limits, real
from core.nn.schedule import SCHEDULES


@SCHEDULES.register("cosine")
@dataclass(frozen=True, slots=True)
class Cosine:
    """factor = last + (1 - last) (1 + cos(pi done)) / 2.

    Source: Loshchilov and Hutter 2017, arXiv:1608.03983, equation 5, without restarts.
    """

    label: ClassVar[str] = "Cosine"
    help: ClassVar[str] = "The learning rate falls slowly, then fast, then slowly to its end."
    by_iteration: ClassVar[bool] = True

    last: float = real(
        "Ends at",
        default=0.0,
        low=0.0,
        high=1.0,
        step=0.05,
        help="The share of the learning rate that is left at the end of the training.",
    )

    def __post_init__(self) -> None:
        check_limits(self)

    def factor(self, done: float, epoch: float, evaluations: Sequence[Evaluation]) -> float:
        """Return the height of the wave at this share of the training."""
        wave = (1 + math.cos(math.pi * min(done, 1.0))) / 2
        return self.last + (1 - self.last) * wave
