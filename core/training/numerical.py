"""Training without backpropagation: the gradient by central differences, as a lesson.

Each weight is moved a little both ways, and the loss of the batch looked at twice: two
forward passes for each of tens of thousands of weights, where backpropagation needs about
one backward pass for all of them.
"""

import time
from collections.abc import Generator, Iterator
from typing import cast

import numpy as np

from core.base.arrays import FloatArray, IndexArray, aligned
from core.nn.network import Workspace
from core.nn.optimizer import BatchOptimizer, Vectors
from core.training.engine import Advance
from core.training.gradient_transform import clip
from core.training.param_layout import ParamLayout, PlainLayout
from core.training.run import DataSplit, Run

STEP = 1e-5  # eps^(1/3) in float64: the best compromise between rounding and curvature
_REPORT_EVERY_S = 0.02


class BatchCost:
    """Loss and penalty of one batch as a function of the weights, in float64."""

    def __init__(self, run: Run, size: int) -> None:
        """Allocate for `size` images."""
        self._run = run
        self.params: FloatArray = run.params.astype(np.float64)
        self.space = Workspace(run.network, self.params, size, None, run.noise)
        self._weights = run.network.weight_views(self.params)

    def value(self, labels: IndexArray, noise_state: object) -> float:
        """Return the cost at `params` for the images in `space.x` and their labels (N,)."""
        # The same dice for every weight: dropout would make it another function each time.
        self._run.noise.bit_generator.state = noise_state  # type: ignore[assignment] # a dict
        logits = self.space.forward(True)
        loss = float(self._run.loss.values(logits, labels).mean())
        return loss + self._run.recipe.penalty.value(self._weights)

    def gradient(self, labels: IndexArray, noise_state: object, out: FloatArray) -> Iterator[float]:
        """Write the gradient (T,) by central differences, yielding the share done."""
        reported = 0.0
        for index in range(len(out)):
            at = self.params[index]
            self.params[index] = at + STEP
            above = self.value(labels, noise_state)
            self.params[index] = at - STEP
            below = self.value(labels, noise_state)
            self.params[index] = at
            out[index] = (above - below) / (2 * STEP)
            if time.perf_counter() - reported > _REPORT_EVERY_S:
                yield index / len(out)
                reported = time.perf_counter()


class NumericalEngine:
    """Moves a run forward by numerical gradients.

    Attributes:
        steps_per_epoch: iterations that show every training image once.
        layout: the run's vectors.
    """

    def __init__(self, run: Run, parts: DataSplit) -> None:
        self.layout: ParamLayout = PlainLayout(run, parts)
        self.steps_per_epoch = run.recipe.steps_per_epoch(len(parts.images))
        self._run, self._parts = run, parts
        self._trained = slice(run.network.trained_count)
        self._grads: FloatArray = aligned((run.network.trained_count,))
        weights = tuple(run.network.weight_views(run.params))
        self._optimizer = cast(BatchOptimizer, run.recipe.optimizer).bind(
            Vectors(run.params[self._trained], self._grads, run.slots, weights)
        )
        self._costs: dict[int, BatchCost] = {}

    def close(self) -> None:
        """End what works in the background."""
        self.layout.close()

    def advance(self, rates: list[float]) -> Advance:
        """Do one iteration for each of these learning rates."""
        losses: list[float] = []
        accuracies: list[float] = []
        try:
            for rate in rates:
                loss, accuracy = yield from self._iterate(rate)
                losses.append(loss)
                accuracies.append(accuracy)
        except GeneratorExit:  # nobody will get the scores of the iterations that were done
            self._run.history.extend(np.array(losses), np.array(accuracies))
            raise
        return np.array(losses, np.float32), np.array(accuracies, np.float32)

    def _iterate(self, rate: float) -> Generator[float, None, tuple[float, float]]:
        run = self._run
        cost, labels = self._load()
        noise_state = run.noise.bit_generator.state
        cost.value(labels, noise_state)
        loss = float(run.loss.values(cost.space.logits, labels).mean())
        hits = np.count_nonzero(cost.space.logits.argmax(axis=1) == labels)
        state, after = cost.params[self._trained.stop :].copy(), run.noise.bit_generator.state
        exact = np.empty(self._trained.stop)
        try:
            yield from cost.gradient(labels, noise_state, exact)
        except GeneratorExit:
            run.noise.bit_generator.state = noise_state  # this iteration never was
            raise
        run.step += 1
        scale = self._optimizer.prepare(rate, run.step)
        self._grads[...] = exact * scale
        if run.recipe.training.clip_norm:
            clip(self._grads, run.recipe.training.clip_norm * scale)
        self._optimizer.move(len(self._grads))
        run.params[self._trained.stop :] = state
        run.noise.bit_generator.state = after
        return loss, hits / len(labels)

    def _load(self) -> tuple[BatchCost, IndexArray]:
        """Bring the next batch and the present weights into float64."""
        run, size = self._run, self._run.recipe.training.batch_size
        epoch, at = divmod(run.step, self.steps_per_epoch)
        order = run.epoch_order(epoch, len(self._parts.images))
        rows = order[at * size : (at + 1) * size]
        if len(rows) not in self._costs:
            self._costs[len(rows)] = BatchCost(run, len(rows))
        cost = self._costs[len(rows)]
        cost.params[...] = run.params
        self.layout.feed.load(epoch, at * size, rows, size)
        self.layout.feed.put(0, cost.space)
        return cost, self._parts.labels.take(rows).astype(np.intp)
