"""Training as a generator of events: no thread, no callback, no print.

    for event in train(run, parts, control): ...

Each event says what has happened since the last one, and between two events the run
is in a whole state: closing the generator is all it takes to stop, and calling `train`
with the same run goes on from there. What the run computes does not depend on where
it was interrupted, nor on how its iterations were grouped into events.
"""

import time
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.arrays import ByteArray, LabelArray
from core.backup import Backup
from core.blas import single_threaded
from core.errors import DivergedError
from core.evaluation import Evaluator, Measured
from core.events import (
    Captured,
    Evaluated,
    Evaluating,
    Evaluation,
    Event,
    Progress,
    RunFinished,
    RunStarted,
    WeightsSeen,
)
from core.machine import Machine
from core.run import Parts, Run

_CHUNK_S = 0.012  # work between two events: Stop is heard, and no event costs anything
_WEIGHTS_EVERY_S = 0.1  # how often a picture of the weights is given away
_BACKUP_EVERY_S = 0.25  # how much training a divergence may lose
_COPY_SHARE = 0.02  # copies of the weights take at most this share of the time
_TRAIN_SAMPLE = 10_000  # training images measured at each evaluation


@dataclass(slots=True)
class Control:
    """What the outside asks of a running training; heard between two events.

    Attributes:
        learning_rate: a new rate, or None to leave it.
        single: one iteration per event, and the weights shown after each.
        capture: a snapshot of the whole run is wanted, as a Captured event.
    """

    learning_rate: float | None = None
    single: bool = False
    capture: bool = False


class _Measuring:
    """When to measure the network on whole sets of images, and doing it."""

    def __init__(self, run: Run, parts: Parts, steps_per_epoch: int) -> None:
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

    def events(self) -> Iterator[Event]:
        """Measure on held-out and on training images, in slices."""
        run, parts = self._run, self._parts
        stride = max(1, len(parts.images) // _TRAIN_SAMPLE)
        sample = slice(None, stride * _TRAIN_SAMPLE, stride)
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
            run.learning_rate,
        )
        run.history.evaluations.append(row)
        yield Evaluated(row, found.predictions)

    def _measure(self, images: ByteArray, labels: LabelArray, start: float) -> Any:
        slices = self._evaluator.in_slices(images, labels)
        while True:
            try:
                done = next(slices)
            except StopIteration as end:
                return end.value
            yield Evaluating(self._run.step, start + done / 2)


class _Every:
    """Says when a copy of all weights is due again: rarely, if copying is slow."""

    def __init__(self, interval_s: float) -> None:
        self._interval_s = interval_s
        self._due = 0.0

    def due(self) -> bool:
        """Tell whether it is time."""
        return time.perf_counter() >= self._due

    @contextmanager
    def copying(self) -> Iterator[None]:
        """Time the copy made in a `with` block, and set when the next one is due."""
        began = time.perf_counter()
        yield
        now = time.perf_counter()
        self._due = now + max(self._interval_s, (now - began) / _COPY_SHARE)


def train(run: Run, parts: Parts, control: Control | None = None) -> Generator[Event, None, None]:
    """Train `run` up to its target and report as it goes.

    Args:
        run: the state to start from; it is changed in place.
        parts: the images.
        control: what the outside may change while it runs.

    Yields:
        RunStarted; then Progress for every few iterations, WeightsSeen ten times a
        second, Evaluated whenever the recipe wants it (with Evaluating in between);
        then a last WeightsSeen, and RunFinished.

    Raises:
        DivergedError: the loss became NaN or infinite. The run is back at its last
            good state.
    """
    control = control or Control()
    with single_threaded(), np.errstate(all="ignore"):
        yield from _train(run, parts, control)


def _train(run: Run, parts: Parts, control: Control) -> Iterator[Event]:
    machine = Machine(run, parts)
    run.history.steps_per_epoch = machine.steps_per_epoch
    yield RunStarted(run.step, run.target, machine.steps_per_epoch, machine.batch_size)
    measuring = _Measuring(run, parts, machine.steps_per_epoch)
    backup, backups, pictures = Backup(run), _Every(_BACKUP_EVERY_S), _Every(_WEIGHTS_EVERY_S)
    chunk = 1
    while True:
        if measuring.due():
            yield from measuring.events()
        if run.finished:
            break
        yield from _obey(run, control)
        if backups.due():
            with backups.copying():
                backup.take()
        count = min(measuring.steps_left(), 1 if control.single else chunk)
        began, first = time.perf_counter(), run.step + 1
        losses, accuracies = machine.advance(count)
        took = time.perf_counter() - began
        run.seconds += took
        if len(losses) < count:
            broken = run.step + 1
            backup.restore()
            raise DivergedError(broken, backup.step)
        run.history.extend(losses, accuracies)
        backup.confirm(losses)
        chunk = max(1, min(2 * chunk, int(_CHUNK_S * count / took)))
        if pictures.due() or control.single:
            with pictures.copying():
                picture = run.params.copy()
            yield WeightsSeen(run.step, picture)
        yield Progress(first, losses, accuracies, run.seconds, run.learning_rate)
    yield WeightsSeen(run.step, run.params.copy())
    yield RunFinished(run.step, stopped_early=False)


def _obey(run: Run, control: Control) -> Iterator[Event]:
    if control.capture:
        control.capture = False
        yield Captured(run.step, run.copy())
    if control.learning_rate is not None:
        run.learning_rate, control.learning_rate = control.learning_rate, None
