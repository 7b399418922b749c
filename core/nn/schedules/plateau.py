"""The learning rate falls when the loss does not."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.base.events import Evaluation
from core.base.fields import check_limits, integer, real
from core.nn.schedule import SCHEDULES


@SCHEDULES.register("plateau")
@dataclass(frozen=True, slots=True)
class Plateau:
    """factor is multiplied by `gamma` after `patience` measurements without a better loss.

    The loss is that on held-out images, or on training images where there are none. What
    was done follows from the measurements alone, so nothing needs to be saved.

    Source: PyTorch's ReduceLROnPlateau, with an absolute threshold.
    """

    label: ClassVar[str] = "Reduce on plateau"
    help: ClassVar[str] = "The learning rate falls whenever the measured loss has stopped to."
    by_iteration: ClassVar[bool] = False

    patience: int = integer(
        "Patience",
        default=3,
        low=1,
        high=1000,
        unit=" measurements",
        help="How many measurements without a better loss are waited for.",
    )
    gamma: float = real(
        "Times",
        default=0.5,
        low=0.0001,
        high=1.0,
        step=0.1,
        help="What the learning rate is multiplied by then.",
    )
    min_delta: float = real(
        "Smallest gain",
        default=0.0001,
        low=0.0,
        high=10.0,
        step=0.0001,
        help="By how much the loss must fall to count as better.",
    )
    lowest: float = real(
        "Lowest",
        default=0.001,
        low=0.0,
        high=1.0,
        step=0.01,
        help="The share of the learning rate that it never falls below.",
    )

    def __post_init__(self) -> None:
        check_limits(self)

    def factor(self, done: float, epoch: float, evaluations: Sequence[Evaluation]) -> float:
        """Return what the measurements so far have made of the rate."""
        best, waiting, factor = math.inf, 0, 1.0
        for row in evaluations:
            loss = row.train_loss if math.isnan(row.validation_loss) else row.validation_loss
            if loss < best - self.min_delta:
                best, waiting = loss, 0
                continue
            waiting += 1
            if waiting >= self.patience:
                factor, waiting = max(factor * self.gamma, self.lowest), 0
        return factor
