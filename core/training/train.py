"""Training as a generator of events: no thread, no callback, no print.

    for event in train(run, parts, control): ...

Each event says what has happened since the last one, and between two events the run
is in a whole state: closing the generator is all it takes to stop, and calling `train`
with the same run goes on from there. What the run computes does not depend on where
it was interrupted, nor on how its iterations were grouped into events.
"""

import time
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

import numpy as np

from core.base.blas_threads import limited
from core.base.errors import DivergedError, TooLargeError
from core.base.events import (
    Captured,
    Event,
    Progress,
    RunFinished,
    RunStarted,
    WeightsSeen,
    Working,
)
from core.base.generators import Steps
from core.training.divergence_guard import DivergenceGuard
from core.training.engine import Advance, Engine, Scores
from core.training.engines import make_engine, thread_count
from core.training.evaluation_schedule import EvaluationSchedule
from core.training.learning_rate import learning_rates
from core.training.run import DataSplit, Run

_CHUNK_S = 0.012  # work between two events: Stop is heard, and no event costs anything
_WEIGHTS_EVERY_S = 0.1  # how often a picture of the weights is given away
_BACKUP_EVERY_S = 0.25  # how much training a divergence may lose
_COPY_SHARE = 0.02  # copies of the weights take at most this share of the time


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


def train(
    run: Run, parts: DataSplit, control: Control | None = None
) -> Generator[Event, None, None]:
    """Train `run` up to its target and report as it goes.

    Args:
        run: the state to start from; it is changed in place.
        parts: the images.
        control: what the outside may change while it runs.

    Yields:
        RunStarted; then Progress for every few iterations, WeightsSeen ten times a
        second, Working amid iterations that take long, Evaluated whenever the recipe
        wants it (with Evaluating in between); then a last WeightsSeen, and RunFinished.

    Raises:
        DivergedError: the loss became NaN or infinite. The run is back at its last
            good state.
        TooLargeError: the memory was used up.
    """
    try:
        with limited(thread_count(run, parts)), np.errstate(all="ignore"):
            engine = make_engine(run, parts)
            try:
                yield from _Training(run, parts, control or Control(), engine).events()
            finally:
                engine.close()
    except MemoryError as error:
        raise TooLargeError(
            "The memory was used up, so training stopped. The network is kept.",
            "Close other programs, or train a smaller network.",
        ) from error


class _Training:
    """One call of `train`."""

    def __init__(self, run: Run, parts: DataSplit, control: Control, engine: Engine) -> None:
        self._run, self._control, self._engine = run, control, engine
        full_batch = run.recipe.optimizer.full_batch
        self._batch_size = len(parts.images) if full_batch else run.recipe.training.batch_size
        run.history.steps_per_epoch = engine.steps_per_epoch
        self._evaluations = EvaluationSchedule(run, parts, engine.steps_per_epoch)
        self._guard = DivergenceGuard(run, engine.layout)
        self._backups, self._pictures = _Every(_BACKUP_EVERY_S), _Every(_WEIGHTS_EVERY_S)
        self._chunk = 1
        self._learning_rate = run.learning_rate

    def events(self) -> Iterator[Event]:
        """Train to the end."""
        run, per_epoch = self._run, self._engine.steps_per_epoch
        yield RunStarted(run.step, run.target, per_epoch, self._batch_size)
        note = ""
        while True:
            if self._evaluations.due():
                yield from self._evaluations.events(self._learning_rate)
            if self._evaluations.patience_lost() and not run.finished:
                run.target = run.step
                note = "The loss on held-out images has stopped improving."
            if run.finished:
                break
            yield from self._obey()
            if not (yield from self._iterate()):
                run.target = run.step
                note = "No step makes the loss smaller: this is a minimum."
        note = f"{note} {self._bring_back_best()}".strip()
        yield WeightsSeen(run.step, run.params.copy())
        yield RunFinished(run.step, stopped_early=False, note=note)

    def _iterate(self) -> Generator[Event, None, bool]:
        """Do some iterations; return False if nothing more can be gained."""
        run, control, engine = self._run, self._control, self._engine
        if self._backups.due():
            with self._backups.copying():
                self._guard.take()
        count = min(self._evaluations.steps_left(), 1 if control.single else self._chunk)
        first, before = run.step + 1, run.seconds
        rates = learning_rates(run, count, engine.steps_per_epoch)
        losses, accuracies = yield from self._working(engine.advance(rates))
        if run.step < first:
            return False
        if first + len(losses) <= run.step:
            broken = first + len(losses)
            self._guard.restore()
            raise DivergedError(broken, self._guard.step)
        run.history.extend(losses, accuracies)
        self._guard.confirm(losses)
        self._chunk = max(1, min(2 * self._chunk, int(_CHUNK_S * count / (run.seconds - before))))
        if self._pictures.due() or control.single:
            with self._pictures.copying():
                picture = run.params.copy()
            yield WeightsSeen(run.step, picture)
        self._learning_rate = rates[-1]
        yield Progress(first, losses, accuracies, run.seconds, rates[-1])
        return True

    def _working(self, work: Advance) -> Generator[Event, None, Scores]:
        """Pass on how far a long iteration has come; time what is not pause."""
        run = self._run
        steps = Steps(work)
        with closing(work):
            while True:
                began = time.perf_counter()
                try:
                    done = next(steps, None)
                finally:
                    run.seconds += time.perf_counter() - began
                if done is None:
                    return steps.result
                yield Working(run.step + 1, done)

    def _bring_back_best(self) -> str:
        """Restore the best weights, if training kept them; say so."""
        run = self._run
        best = run.best
        if not run.recipe.training.patience or best is None or best.step >= run.step:
            return ""
        self._engine.layout.load(best.params)
        return f"The best weights, of iteration {best.step:,}, are back."

    def _obey(self) -> Iterator[Event]:
        control, run = self._control, self._run
        if control.capture:
            control.capture = False
            yield Captured(run.step, run.copy())
        # Never put back to None: a rate that is set at that very moment would be lost.
        if control.learning_rate is not None:
            run.learning_rate = control.learning_rate
