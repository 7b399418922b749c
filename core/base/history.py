"""The course of a training run: every iteration, and every evaluation."""

from collections.abc import Iterable

import numpy as np

from core.base.arrays import FloatArray
from core.base.events import Evaluation, Progress

_FIRST_CAPACITY = 4096


class History:
    """Loss and accuracy of each iteration, in arrays that grow by doubling.

    Attributes:
        evaluations: rows measured on whole sets, in order of their step.
        steps_per_epoch: iterations in one epoch, 0 before training.
    """

    def __init__(self) -> None:
        self._rows = np.empty((2, _FIRST_CAPACITY), np.float32)
        self._count = 0
        self.evaluations: list[Evaluation] = []
        self.steps_per_epoch = 0

    @property
    def count(self) -> int:
        """How many iterations are on record; they are 1 .. count."""
        return self._count

    @property
    def losses(self) -> FloatArray:
        """(count,) float32 view: mean loss of each iteration's batch."""
        return self._rows[0, : self._count]

    @property
    def accuracies(self) -> FloatArray:
        """(count,) float32 view: accuracy (0..1) on each iteration's batch."""
        return self._rows[1, : self._count]

    def extend(self, losses: FloatArray, accuracies: FloatArray) -> None:
        """Add the iterations that follow the last one."""
        end = self._count + len(losses)
        if end > self._rows.shape[1]:
            grown = np.empty((2, max(end, 2 * self._rows.shape[1])), np.float32)
            grown[:, : self._count] = self._rows[:, : self._count]
            self._rows = grown
        self._rows[0, self._count : end] = losses
        self._rows[1, self._count : end] = accuracies
        self._count = end

    def add_progress(self, progress: Progress) -> None:
        """Add a chunk of iterations. One that does not follow the last one is ignored."""
        if progress.first_step == self._count + 1:
            self.extend(progress.losses, progress.accuracies)

    def truncate(self, count: int) -> None:
        """Forget all after iteration `count`."""
        self._count = min(self._count, count)
        self.evaluations = [row for row in self.evaluations if row.step <= count]

    def copy(self) -> "History":
        """Return a history of its own with the same content."""
        twin = History()
        twin.extend(self.losses, self.accuracies)
        twin.evaluations = list(self.evaluations)
        twin.steps_per_epoch = self.steps_per_epoch
        return twin

    def column(self, name: str) -> FloatArray:
        """Return one attribute of all evaluations as a float64 array (E,)."""
        return np.array([getattr(row, name) for row in self.evaluations], np.float64)

    def add_evaluations(self, rows: Iterable[Evaluation]) -> None:
        """Add rows measured after the ones on record."""
        self.evaluations.extend(rows)
