"""The inner loop: iterations over mini-batches, on arrays that are allocated once."""

from dataclasses import dataclass
from typing import cast

import numpy as np

from core.base.arrays import FloatArray, IndexArray, aligned
from core.nn.loss import BoundLoss
from core.nn.network import Workspace
from core.nn.optimizer import BatchOptimizer, BoundOptimizer, Vectors
from core.training.batches import GATHERED
from core.training.engine import Advance, Scores
from core.training.gradient_transform import GradientTransform
from core.training.param_layout import ParamLayout, make_param_layout
from core.training.run import DataSplit, Run


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """The arrays of one training step, for one batch size."""

    space: Workspace
    loss: BoundLoss
    logits: FloatArray  # (K, N), the workspace's


class MiniBatchEngine:
    """Moves a run forward, iteration by iteration.

    Attributes:
        steps_per_epoch: iterations that show every training image once.
        layout: the run's vectors while it trains.
    """

    def __init__(self, run: Run, parts: DataSplit) -> None:
        self.run, self.parts = run, parts
        self.layout: ParamLayout = make_param_layout(run, parts)
        self.batch_size = run.recipe.training.batch_size
        self.steps_per_epoch = run.recipe.steps_per_epoch(len(parts.images))
        self._grads: FloatArray = aligned((self.layout.network.trained_count,))
        self._optimizer = self._bind_optimizer()
        self._transform = GradientTransform(run, self.layout, self._grads)
        self._steps: dict[int, _Step] = {}
        self._one_hot = np.eye(len(parts.class_names), dtype=np.float32)
        self._order_of = -1
        self._order: IndexArray = np.empty(0, np.intp)
        run.live_params = self.layout

    def _bind_optimizer(self) -> BoundOptimizer:
        layout, optimizer = self.layout, cast(BatchOptimizer, self.run.recipe.optimizer)
        weights = tuple(layout.weight_views(layout.params))
        params = layout.params[: layout.network.trained_count]
        return optimizer.bind(Vectors(params, self._grads, layout.slots, weights))

    def close(self) -> None:
        """Bring the run up to date and free what works in the background."""
        self.layout.store_params()
        self.layout.store_slots()
        self.layout.close()
        self.run.live_params = None

    def _step_for(self, size: int) -> _Step:
        """Return the arrays for batches of `size` (the last of an epoch may be smaller)."""
        if size not in self._steps:
            layout = self.layout
            space = Workspace(layout.network, layout.params, size, self._grads, self.run.noise)
            loss = self.run.loss.bind(space.logits, space.d_logits)
            self._steps[size] = _Step(space, loss, space.logits.T)
        return self._steps[size]

    def advance(self, rates: list[float]) -> Advance:
        """Do one iteration for each of these learning rates, all within one epoch."""
        yield from ()
        run, size = self.run, self.batch_size
        epoch, at = divmod(run.step, self.steps_per_epoch)
        if self._order_of != epoch:
            self._order = run.epoch_order(epoch, len(self.parts.images))
            self._order_of = epoch
        start = at * size
        rows = self._order[start : start + len(rates) * size]
        labels = self.parts.labels.take(rows).astype(np.intp)
        logits = np.empty((len(self._one_hot), len(rows)), np.float32)
        together = max(1, GATHERED // size) * size
        for first in range(0, len(rows), together):
            part = rows[first : first + together]
            self.layout.feed.load(epoch, start + first, part, size)
            whole = len(part) // size * size
            place = slice(first, first + whole)
            self._work(0, size, labels[place], logits[:, place], rates[first // size :])
            if whole < len(part):  # the last batch of an epoch
                place = slice(first + whole, len(rows))
                self._work(
                    whole // size, len(part) - whole, labels[place], logits[:, place], rates[-1:]
                )
        return self._score(logits, labels)

    def _work(
        self, batch: int, size: int, labels: IndexArray, logits: FloatArray, rates: list[float]
    ) -> None:
        """Do one iteration for each batch of `size`, from the loaded `batch` on.

        Args:
            batch, size: which batches.
            labels: (n,) of their images.
            logits: (K, n) to keep what the network said.
            rates: learning rates.
        """
        count = len(labels) // size
        if not count:
            return
        run, layout, optimizer, step = self.run, self.layout, self._optimizer, self._step_for(size)
        classes = len(self._one_hot)
        one_hot = self._one_hot.take(labels, axis=0).reshape(count, size, classes)
        targets = one_hot.transpose(0, 2, 1).copy()  # (K, N) for each batch
        said = np.empty_like(targets)
        space, done = step.space, run.step
        # Looked up once: a small network's whole step takes 20 us, a look-up 0.03.
        put, reachable_of, spoken = layout.feed.put, layout.reachable, step.logits
        forwards, backwards, gradient = space.forwards, space.backwards, step.loss.step
        prepare, move, transform = optimizer.prepare, optimizer.move, self._transform
        for index in range(count):
            reachable = reachable_of(put(batch + index, space))
            for forward in forwards:
                forward(True)
            said[index] = spoken
            done += 1
            scale = prepare(rates[index], done)
            gradient(targets[index], scale)
            for backward in backwards:
                backward()
            if transform.active:
                reachable = transform.gradient(reachable, scale)
            move(reachable)
        run.step = done
        logits[...] = said.transpose(1, 0, 2).reshape(classes, -1)

    def _score(self, logits: FloatArray, labels: IndexArray) -> Scores:
        """Return mean loss and accuracy of each batch, up to the first that is not finite."""
        starts = np.arange(0, len(labels), self.batch_size)
        counts = np.diff(starts, append=len(labels))
        losses = np.add.reduceat(self.run.loss.values(logits.T, labels), starts) / counts
        hits = np.add.reduceat(logits.argmax(axis=0) == labels, starts, dtype=np.float32)
        finite = np.isfinite(losses)
        good = len(losses) if finite.all() else int(finite.argmin())
        return losses[:good].astype(np.float32), (hits / counts)[:good].astype(np.float32)
