"""How long a training will take, measured before it starts."""

import time
from collections.abc import Callable

import numpy as np

from core.blas import single_threaded
from core.evaluation import Evaluator
from core.network import Workspace
from core.prediction import load_pixels
from core.recipe import Recipe

_TRIAL_S = 0.03
_TRIAL_IMAGES = 500


def estimate_seconds(
    recipe: Recipe, pixel_count: int, class_count: int, train_count: int, held_out_count: int
) -> float:
    """Time a few real iterations of the recipe and scale up to the whole training.

    Takes about 0.1 s, on weights of its own.

    Returns:
        Seconds for the recipe's whole duration on this machine, as busy as it is now.
    """
    rng = np.random.default_rng(0)
    network = recipe.network(pixel_count, class_count)
    params = network.init_params(recipe.initializer, rng)
    grads = np.zeros_like(params)
    slots = {name: np.zeros_like(params) for name in recipe.optimizer.slot_names}
    update = recipe.optimizer.bind(params, grads, slots)
    size = min(recipe.training.batch_size, train_count)
    space = Workspace(network, params, size, grads, rng)
    labels = rng.integers(0, class_count, size)
    loss = recipe.loss.bind(space.logits, space.d_logits, labels)
    pixels = rng.integers(0, 256, (max(size, _TRIAL_IMAGES), pixel_count), np.uint8)
    evaluator = Evaluator(network, recipe.loss, params)

    def step() -> None:
        load_pixels(pixels[:size], space.x)
        space.forward(training=True)
        space.logits.argmax(axis=1)
        loss.step()
        space.backward()
        update(recipe.optimizer.learning_rate, 1)

    def measure() -> None:
        evaluator.measure(pixels[:_TRIAL_IMAGES], np.zeros(_TRIAL_IMAGES, np.uint8))

    with single_threaded(), np.errstate(all="ignore"):
        step_s, measure_s = _seconds(step), _seconds(measure)
    steps = recipe.duration_steps(train_count)
    every = recipe.training.evaluate_every or recipe.steps_per_epoch(train_count)
    measured = (steps / every + 1) * (held_out_count + min(train_count, 10_000))
    return steps * step_s + measured / _TRIAL_IMAGES * measure_s


def _seconds(work: Callable[[], None]) -> float:
    """Return the median time of one call, after a first one that does not count."""
    work()
    times: list[float] = []
    end = time.perf_counter() + _TRIAL_S
    while not times or time.perf_counter() < end:
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return float(np.median(times))
