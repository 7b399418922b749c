"""Made training runs, as the events that a real one would send."""

from collections.abc import Iterator

import numpy as np

from core.base.arrays import FloatArray
from core.base.events import Evaluated, Evaluation, Event, Progress, RunStarted
from core.base.history import History


def progress(first_step: int, losses: FloatArray, accuracies: FloatArray | None = None) -> Progress:
    """Return the iterations from `first_step` on; accuracies are 0.5 if none are given."""
    losses = np.asarray(losses, np.float32)
    if accuracies is None:
        accuracies = np.full(len(losses), 0.5)
    return Progress(first_step, losses, np.asarray(accuracies, np.float32), 1.0, 0.1)


def evaluated(step: int, per_epoch: int, held_out: float = 0.3) -> Evaluated:
    """Return a measurement: held-out loss as given, the rest in fixed relation to it."""
    row = Evaluation(step, step / per_epoch, 0.9 * held_out, 0.97, held_out, 0.95, 1.0, 0.1)
    return Evaluated(row, np.zeros(0, np.uint8))


def run_events(count: int, per_epoch: int = 100, total: int | None = None) -> Iterator[Event]:
    """Yield a run of `count` iterations: noisy losses that fall, measured every epoch."""
    rng = np.random.default_rng(0)
    steps = np.arange(1, count + 1)
    losses = (2.2 * np.exp(-steps / 300) + 0.1) * np.exp(rng.normal(0, 0.2, count))
    accuracies = np.clip(1 - 0.3 * losses, 0, 1)
    yield RunStarted(0, total or count, per_epoch, 64)
    for start in range(0, count, per_epoch):
        stop = min(start + per_epoch, count)
        yield progress(start + 1, losses[start:stop], accuracies[start:stop])
        if stop % per_epoch == 0:
            yield evaluated(stop, per_epoch, 2.2 * np.exp(-stop / 300) + 0.12)


def history(losses: FloatArray) -> History:
    """Return the history of a run with these losses, 10 iterations an epoch."""
    made = History()
    made.extend(np.asarray(losses, np.float32), np.full(len(losses), 0.5, np.float32))
    made.steps_per_epoch = 10
    return made
