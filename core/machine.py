"""The inner loop: iterations over mini-batches, on arrays that are allocated once."""

from dataclasses import dataclass

import numpy as np

from core.arrays import ByteArray, FloatArray, IndexArray, LabelArray, aligned
from core.loss import BoundLoss
from core.network import Workspace
from core.prediction import load_pixels
from core.run import Parts, Run


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """The arrays of one training step, for one batch size."""

    space: Workspace
    loss: BoundLoss
    labels: IndexArray


class Machine:
    """Moves a run forward, iteration by iteration.

    Attributes:
        steps_per_epoch: iterations that show every training image once.
    """

    def __init__(self, run: Run, parts: Parts) -> None:
        self.run, self.parts = run, parts
        self.grads: FloatArray = aligned(run.params.shape, run.params.dtype)
        self.update = run.recipe.optimizer.bind(run.params, self.grads, run.slots)
        self.batch_size = run.recipe.training.batch_size
        self.steps_per_epoch = run.recipe.steps_per_epoch(len(parts.images))
        self._steps: dict[int, _Step] = {}
        self._bytes: ByteArray = aligned((0, parts.pixel_count), np.uint8)
        self._order_of = -1
        self._order: IndexArray = np.empty(0, np.intp)

    def _step_for(self, size: int) -> _Step:
        """Return the arrays for batches of `size` (the last of an epoch may be smaller)."""
        if size not in self._steps:
            space = Workspace(self.run.network, self.run.params, size, self.grads, self.run.noise)
            labels = np.empty(size, np.intp)
            loss = self.run.loss.bind(space.logits, space.d_logits, labels)
            self._steps[size] = _Step(space, loss, labels)
        return self._steps[size]

    def advance(self, count: int) -> tuple[FloatArray, FloatArray]:
        """Do `count` iterations, all within one epoch.

        Returns:
            Loss and accuracy of each batch, (count,) float32 each. Shorter than
            `count` where a loss was not finite: the run is broken from there on.
        """
        run, epoch, at = self.run, *divmod(self.run.step, self.steps_per_epoch)
        if self._order_of != epoch:
            self._order = run.epoch_order(epoch, len(self.parts.images))
            self._order_of = epoch
        rows = self._order[at * self.batch_size : (at + count) * self.batch_size]
        pixels, labels = self._gather(rows)
        losses, accuracies = np.empty(count, np.float32), np.empty(count, np.float32)
        for index in range(count):
            batch = slice(index * self.batch_size, (index + 1) * self.batch_size)
            chosen = labels[batch]
            step = self._step_for(len(chosen))
            load_pixels(pixels[batch], step.space.x)
            step.labels[...] = chosen
            logits = step.space.forward(training=True)
            accuracies[index] = np.count_nonzero(logits.argmax(axis=1) == chosen) / len(chosen)
            losses[index] = loss = step.loss.step()
            if not np.isfinite(loss):
                return losses[:index], accuracies[:index]
            step.space.backward()
            self.update(run.learning_rate, run.step + 1)
            run.step += 1
        return losses, accuracies

    def _gather(self, rows: IndexArray) -> tuple[ByteArray, LabelArray]:
        # One take of bytes for many batches: 12 us per 100 images where indexing float32
        # images batch by batch costs 44.
        if len(self._bytes) < len(rows):
            self._bytes = aligned((len(rows), self.parts.pixel_count), np.uint8)
        pixels = self._bytes[: len(rows)]
        self.parts.images.take(rows, axis=0, out=pixels, mode="clip")
        return pixels, self.parts.labels.take(rows)
