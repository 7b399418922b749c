"""When a training is measured on whole sets of images, and what follows from it."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from core.base.arrays import ByteArray, FloatArray, LabelArray
from core.base.events import Evaluated, Evaluating, Evaluation, Event
from core.base.generators import mapped
from core.nn.evaluation import Evaluator, Measured
from core.training.run import Best, DataSplit, Run

TRAIN_SAMPLE = 10_000  # training images measured at each evaluation


class EvaluationSchedule:
    """When to measure the network on whole sets of images, and doing it."""

    def __init__(self, run: Run, parts: DataSplit, steps_per_epoch: int) -> None:
        self._run, self._parts, self._steps_per_epoch = run, parts, steps_per_epoch
        self._every = run.recipe.training.evaluate_every or steps_per_epoch
        self._evaluator = Evaluator(run.network, run.loss, run.params)

    def steps_left(self) -> int:
        """Return how many iterations may be done before something else is due."""
        run, every, epoch = self._run, self._every, self._steps_per_epoch
        return min(
            epoch - run.step % epoch,
            every - run.step % every,
            run.target - run.step,
        )

    def due(self) -> bool:
        """Tell whether this iteration wants measuring and has not been."""
        run = self._run
        if run.history.evaluations and run.history.evaluations[-1].step == run.step:
            return False
        return run.step % self._every == 0 or run.finished

    def events(self, learning_rate: float) -> Iterator[Event]:
        """Measure on held-out and on training images, in slices."""
        run, parts = self._run, self._parts
        params = run.params
        self._evaluator.set_params(params)
        stride = max(1, len(parts.images) // TRAIN_SAMPLE)
        sample = slice(None, stride * TRAIN_SAMPLE, stride)
        on_train = yield from self._measure(parts.images[sample], parts.labels[sample], 0.0)
        found = Measured(np.nan, np.nan, np.empty(0, np.uint8))
        if parts.held_out is not None:
            images = parts.held_out.images.reshape(len(parts.held_out), -1)
            found = yield from self._measure(images, parts.held_out.labels, 0.5)
        row = Evaluation(
            run.step,
            run.step / self._steps_per_epoch,
            on_train.loss,
            on_train.accuracy,
            found.loss,
            found.accuracy,
            run.seconds,
            learning_rate,
            run.recipe.penalty.value(run.network.weight_views(params)),
        )
        run.history.evaluations.append(row)
        self._remember(row, params)
        yield Evaluated(row, found.predictions)

    def _remember(self, row: Evaluation, params: FloatArray) -> None:
        """Keep the best weights, where training may end early."""
        run, loss = self._run, row.validation_loss
        if not run.recipe.training.patience or np.isnan(loss):
            return
        if run.best is None or run.best.step < run.start_step or loss < run.best.loss:
            run.best = Best(row.step, loss, params.copy())

    def patience_lost(self) -> bool:
        """Tell whether the loss on held-out images has not improved for too long."""
        run, patience = self._run, self._run.recipe.training.patience
        if not patience or run.best is None:
            return False
        since = sum(row.step > run.best.step for row in run.history.evaluations)
        return since >= patience

    def _measure(self, images: ByteArray, labels: LabelArray, start: float) -> Any:
        slices = self._evaluator.in_slices(images, labels)
        return mapped(slices, lambda done: Evaluating(self._run.step, start + done / 2))
