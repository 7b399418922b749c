"""The learning rate stays what it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from core.base.events import Evaluation
from core.nn.schedule import SCHEDULES


@SCHEDULES.register("constant")
@dataclass(frozen=True, slots=True)
class Constant:
    """factor = 1."""

    label: ClassVar[str] = "Constant"
    help: ClassVar[str] = "The learning rate stays what it is."
    by_iteration: ClassVar[bool] = False

    def factor(self, done: float, epoch: float, evaluations: Sequence[Evaluation]) -> float:
        """Return 1."""
        return 1.0
