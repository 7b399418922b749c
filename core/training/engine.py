"""What moves a run forward, iteration by iteration."""

from collections.abc import Generator
from typing import Protocol, TypeAlias

from core.base.arrays import FloatArray
from core.training.param_layout import ParamLayout

Scores: TypeAlias = tuple[FloatArray, FloatArray]
"""Loss and accuracy (0..1) of each iteration's batch, (n,) float32 each."""

Advance: TypeAlias = Generator[float, None, Scores]
"""Some iterations under way. It yields, every few milliseconds of one long iteration, the
share of it that is done, and may be closed there: the run is whole. It returns the scores;
fewer than were asked for where a loss was not finite, or nothing more could be gained."""


class Engine(Protocol):
    """One way to train.

    Attributes:
        steps_per_epoch: iterations that show every training image once.
        layout: the run's vectors while it trains.
    """

    steps_per_epoch: int
    layout: ParamLayout

    def advance(self, rates: list[float]) -> Advance:
        """Do one iteration for each of these learning rates, all within one epoch."""

    def close(self) -> None:
        """Bring the run up to date and free what works in the background."""
