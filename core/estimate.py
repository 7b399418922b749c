"""How long a training will take, measured before it starts."""

import time
from collections.abc import Callable

import numpy as np

from core.blas import limited
from core.engine import Engine
from core.engines import make_engine, thread_count
from core.evaluation import Evaluator
from core.network import Network
from core.numerical import BatchCost
from core.recipe import Recipe
from core.run import Parts, Run

_TRIAL_S = 0.05  # of iterations
_MOST_IMAGES = 2_000  # made up for the trial; methods for the whole set scale with it
_LIT = 0.2  # share of pixels with ink, as in MNIST


def estimate_seconds(
    recipe: Recipe, pixel_count: int, class_count: int, train_count: int, held_out_count: int
) -> float:
    """Time a few real iterations of the recipe and scale up to the whole training.

    Takes about 0.1 s, on weights of its own.

    Returns:
        Seconds for the recipe's whole duration on this machine, as busy as it is now.
    """
    count = min(train_count, max(_MOST_IMAGES, recipe.training.batch_size))
    parts = _made_up(count, pixel_count, class_count)
    run = _trial_run(recipe, parts)
    with limited(thread_count(run, parts)), np.errstate(all="ignore"):
        step_s = _step_seconds(run, parts, train_count)
        began = time.perf_counter()
        measured = min(count, 500)
        Evaluator(run.network, run.loss, run.params).measure(
            parts.images[:measured], parts.labels[:measured]
        )
        image_s = (time.perf_counter() - began) / measured
    steps = recipe.duration_steps(train_count)
    every = recipe.training.evaluate_every or recipe.steps_per_epoch(train_count)
    looked_at = (steps / every + 1) * (held_out_count + min(train_count, 10_000))
    return steps * step_s + looked_at * image_s


def _made_up(count: int, pixel_count: int, class_count: int) -> Parts:
    rng = np.random.default_rng(0)
    images = rng.integers(1, 256, (count, pixel_count), np.uint8)
    images *= rng.random((count, pixel_count)) < _LIT
    labels = np.arange(count, dtype=np.uint8) % class_count
    names = tuple(str(number) for number in range(class_count))
    return Parts(images, labels, None, "", (1, pixel_count), names, "")


def _trial_run(recipe: Recipe, parts: Parts) -> Run:
    network: Network = recipe.network(parts.pixel_count, len(parts.class_names))
    length = network.trained_count
    return Run(
        recipe=recipe,
        network=network,
        loss=recipe.loss,
        stored_params=network.init_params(recipe.initializer, np.random.default_rng(0)),
        stored_slots={name: np.zeros(length, np.float32) for name in recipe.optimizer.slot_names},
        noise=np.random.default_rng(0),
        target=1_000_000_000,
        learning_rate=recipe.optimizer.learning_rate,
        image_shape=parts.image_shape,
        class_names=parts.class_names,
        data={},
    )


def _step_seconds(run: Run, parts: Parts, train_count: int) -> float:
    """Return the median time of one iteration."""
    if run.recipe.training.gradient == "numerical" and not run.recipe.optimizer.full_batch:
        return _numerical_seconds(run, parts)
    engine = make_engine(run, parts)
    try:
        each = _timed(lambda: _advance(engine))
    finally:
        engine.close()
    whole_set = run.recipe.optimizer.full_batch
    return each * train_count / len(parts.images) if whole_set else each


def _advance(engine: Engine) -> None:
    for _ in engine.advance([1e-9]):  # so small a rate that no trial explodes
        pass


def _numerical_seconds(run: Run, parts: Parts) -> float:
    """Time one look at the loss; an iteration takes two for each weight."""
    size = min(run.recipe.training.batch_size, len(parts.images))
    cost = BatchCost(run, size)
    cost.space.x[...] = parts.images[:size]
    labels, noise = parts.labels[:size].astype(np.intp), run.noise.bit_generator.state
    return 2 * run.network.trained_count * _timed(lambda: cost.value(labels, noise))


def _timed(work: Callable[[], object]) -> float:
    """Return the median time of one call, after a first one that does not count."""
    work()
    times: list[float] = []
    end = time.perf_counter() + _TRIAL_S
    while not times or time.perf_counter() < end:
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return float(np.median(times))


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
