"""How long a training will take, measured before it starts, on a network that costs little.

A small network is timed as it is. Of a large one a smaller version is: fewer of its layers,
narrower ones, smaller batches, so that neither memory nor time is spent on an answer that
nobody may wait for. The work of both is counted, and the time scaled by it.
"""

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from core.base.blas_threads import limited, threads_for
from core.nn.evaluation import Evaluator
from core.nn.network import Network
from core.recipe.recipe import Recipe
from core.training.engine import Engine
from core.training.engines import make_engine, product_operations
from core.training.full_batch import SLICE
from core.training.numerical import BatchCost
from core.training.rehearsal import Rehearsal, rehearsal
from core.training.run import DataSplit, Run

Report = Callable[[float], None]

_TRIAL_S = 0.05  # of iterations
_CHUNK_S = 0.005  # iterations done together, as training does


def estimate_seconds(
    recipe: Recipe,
    pixel_count: int,
    class_count: int,
    train_count: int,
    held_out_count: int,
    report: Report = lambda _share: None,
) -> float:
    """Time a few iterations of the recipe, or of a smaller one, and scale up to the training.

    Takes about 0.1 s and at most some 100 MB, whatever the recipe.

    Args:
        recipe: what would be trained.
        pixel_count, class_count: of the data.
        train_count, held_out_count: images to train on and to measure on.
        report: told 0..1 as it gets on, many times; what it raises ends the estimate.

    Returns:
        Seconds for the recipe's whole duration on this machine, as busy as it is now.
    """
    full = recipe.network(pixel_count, class_count)
    trial = rehearsal(recipe, pixel_count, class_count, train_count)
    parts, run = trial.parts, trial.run
    at_once = min(train_count, SLICE) if recipe.optimizer.full_batch else trial.wanted
    threads = threads_for(product_operations(full, at_once), recipe.training.threads)
    with limited(threads), np.errstate(all="ignore"):
        clock = _Clock(report)
        step_s = _step_seconds(run, parts, full, trial, clock)
        image_s = _image_seconds(run, parts, clock) * _ratio(full, run.network, 1)
    if recipe.optimizer.full_batch:
        step_s *= train_count / len(parts.images)
    steps = recipe.duration_steps(train_count)
    every = recipe.training.evaluate_every or recipe.steps_per_epoch(train_count)
    looked_at = (steps / every + 1) * (held_out_count + min(train_count, 10_000))
    return steps * step_s + looked_at * image_s


# -- timing ----------------------------------------------------------------------------------


class _Clock:
    """Times calls, and asks before each whether anybody still waits for the answer."""

    def __init__(self, report: Report) -> None:
        self._report = report

    def once(self, work: Callable[[], object]) -> float:
        """Return the time of one call."""
        self._report(0.0)
        began = time.perf_counter()
        work()
        return time.perf_counter() - began

    def median(self, work: Callable[[], int]) -> float:
        """Return the median time of what `work` returns the number of."""
        times: list[float] = []
        end = time.perf_counter() + _TRIAL_S
        while not times or time.perf_counter() < end:
            self._report(0.0)
            began = time.perf_counter()
            count = work()
            times.append((time.perf_counter() - began) / count)
        return float(np.median(times))


def _step_seconds(
    run: Run, parts: DataSplit, full: Network, trial: Rehearsal, clock: _Clock
) -> float:
    """Return the time of one iteration of the whole network."""
    numerical = run.recipe.training.gradient == "numerical" and not run.recipe.optimizer.full_batch
    timed = _numerical_seconds if numerical else _engine_seconds
    size = run.recipe.training.batch_size
    step_s = timed(run, parts, clock)
    if not run.recipe.optimizer.full_batch and size < trial.wanted:
        # A batch costs something by itself, and something for each image.
        half = replace(run.recipe.training, batch_size=max(size // 2, 1))
        run.recipe = replace(run.recipe, training=half)
        each = max(step_s - timed(run, parts, clock), 0.0) / (size - half.batch_size)
        step_s = max(step_s + each * (trial.wanted - size), 0.0)
    step_s *= _ratio(full, run.network, size)
    return 2 * full.trained_count * step_s if numerical else step_s


def _engine_seconds(run: Run, parts: DataSplit, clock: _Clock) -> float:
    engine = make_engine(run, parts)
    try:
        first = clock.once(lambda: _advance(engine, run, 1))
        at_once = max(1, int(_CHUNK_S / first))
        return clock.median(lambda: _advance(engine, run, at_once))
    finally:
        engine.close()


def _advance(engine: Engine, run: Run, most: int) -> int:
    """Do up to so many iterations of one epoch, and return how many."""
    count = min(most, engine.steps_per_epoch - run.step % engine.steps_per_epoch)
    for _ in engine.advance([1e-9] * count):  # so small a rate that no trial explodes
        pass
    return count


def _numerical_seconds(run: Run, parts: DataSplit, clock: _Clock) -> float:
    """Time one look at the loss; an iteration takes two for each weight."""
    size = min(run.recipe.training.batch_size, len(parts.images))
    cost = BatchCost(run, size)
    cost.space.x[...] = parts.images[:size]
    labels, noise = parts.labels[:size].astype(np.intp), run.noise.bit_generator.state

    def look() -> int:
        cost.value(labels, noise)
        return 1

    look()
    return clock.median(look)


def _image_seconds(run: Run, parts: DataSplit, clock: _Clock) -> float:
    """Return the time that measuring takes for one image."""
    measured = min(len(parts.images), SLICE)
    evaluator = Evaluator(run.network, run.loss, run.params)
    images, labels = parts.images[:measured], parts.labels[:measured]
    evaluator.measure(images[:1], labels[:1])
    return clock.once(lambda: evaluator.measure(images, labels)) / measured


def _ratio(full: Network, small: Network, images: int) -> float:
    """Return how many times the work one network is of the other's, for so many images."""
    return product_operations(full, images) / product_operations(small, images)


# -- in words --------------------------------------------------------------------------------


def about_text(seconds: float) -> str:
    """Write a rough time span: "under 1 s", "about 6 s", "about 2 min", "about 1 h 10 min"."""
    if seconds < 1:
        return "under 1 s"
    if seconds < 100:
        return f"about {seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes < 100:
        return f"about {minutes} min"
    hours = round(minutes / 10) / 6
    if hours < 48:
        whole, tens = divmod(round(hours * 6), 6)
        return f"about {whole} h {tens * 10} min" if tens else f"about {whole} h"
    days = hours / 24
    return f"about {days:.0f} days" if days < 700 else f"about {days / 365.25:,.0f} years"
