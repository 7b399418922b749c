"""The estimate of a training's length follows from the work, by whatever clock there is."""

import tracemalloc
from dataclasses import replace
from itertools import count

import numpy as np
import pytest

from core.nn.optimizer import OPTIMIZERS
from core.recipe.hidden_layer import HiddenLayer
from core.recipe.override import with_setting
from core.recipe.training_config import TrainingConfig
from core.training.engines import product_operations
from core.training.estimate import _step_seconds, about_text, estimate_seconds
from core.training.rehearsal import rehearsal
from tests.support.small_data import small_recipe

_RECIPE = small_recipe(
    training=TrainingConfig(duration=3000, duration_unit="iterations", batch_size=32)
)
_TICK_S = 0.002


@pytest.fixture
def _ticks(monkeypatch):
    """A clock by which every look at it takes equally long, and nothing else takes any time."""
    ticks = count()
    monkeypatch.setattr("core.training.estimate.time.perf_counter", lambda: _TICK_S * next(ticks))


# Iterations are timed two at a time, as many as fit 5 ms; measuring is timed on 500 images.
_STEP_S, _IMAGE_S = _TICK_S / 2, _TICK_S / 500


@pytest.mark.usefixtures("_ticks")
@pytest.mark.parametrize(
    ("train_count", "held_out", "every"), [(8000, 1000, 0), (8000, 0, 700), (45_000, 3000, 500)]
)
def test_it_is_the_time_of_all_iterations_and_of_all_measuring(train_count, held_out, every):
    recipe = with_setting(_RECIPE, "evaluate_every", every)
    times_measured = 1 + 3000 / (every or -(-train_count // 32))
    images = held_out + min(train_count, 10_000)
    wanted = 3000 * _STEP_S + times_measured * images * _IMAGE_S
    found = estimate_seconds(recipe, 784, 10, train_count, held_out)
    assert found == pytest.approx(wanted, rel=1e-9)


def test_iterations_that_take_long_are_timed_one_by_one(monkeypatch):
    ticks = count()
    monkeypatch.setattr("core.training.estimate.time.perf_counter", lambda: 0.02 * next(ticks))
    found = estimate_seconds(with_setting(_RECIPE, "evaluate_every", 3000), 784, 10, 8000, 0)
    assert found == pytest.approx(3000 * 0.02 + 2 * 8000 * 0.02 / 500, rel=1e-9)


@pytest.mark.parametrize(
    ("key", "batch_size", "images"), [("adam", 32, 32), ("l-bfgs", 32, 500), ("adam", 9000, 700)]
)
def test_it_is_timed_on_as_many_threads_as_the_training_has(monkeypatch, key, batch_size, images):
    asked = []

    def note(operations, wanted):
        asked.append((operations, wanted))
        return 1

    monkeypatch.setattr("core.training.estimate.threads_for", note)
    training = replace(_RECIPE.training, batch_size=batch_size, threads=3)
    recipe = replace(_RECIPE, optimizer=OPTIMIZERS[key](), training=training)
    estimate_seconds(recipe, 64, 10, 700, 0)
    assert asked == [(product_operations(recipe.network(64, 10), images), 3)]


@pytest.mark.usefixtures("_ticks")
def test_by_numerical_gradients_each_weight_takes_two_looks():
    training = TrainingConfig(
        duration=7, duration_unit="iterations", batch_size=20, gradient="numerical"
    )
    weights = 64 * 12 + 12 + 12 * 10 + 10
    found = estimate_seconds(small_recipe(training=training), 64, 10, 450, 50)
    measured = (7 / 23 + 1) * 500 * _TICK_S / 450  # on all images that there are
    assert found == pytest.approx(7 * 2 * weights * _TICK_S + measured, rel=1e-9)


@pytest.mark.usefixtures("_ticks")
@pytest.mark.parametrize("key", ["l-bfgs", "conjugate-gradient"])
def test_methods_for_all_images_take_longer_in_proportion_to_them(key):
    training = TrainingConfig(duration=50, duration_unit="iterations", evaluate_every=10)
    recipe = small_recipe(optimizer=OPTIMIZERS[key](), training=training)

    def of_iterations(images):
        whole = estimate_seconds(recipe, 64, 10, images, 0)
        return whole - (50 / 10 + 1) * min(images, 10_000) * _IMAGE_S

    assert 0 < of_iterations(4000) < 2 * 50 * 100 * _TICK_S  # far fewer than 100 looks each
    assert of_iterations(30_000) == pytest.approx(7.5 * of_iterations(4000), rel=1e-9)


class _Scale:
    """A clock by which a batch takes some time by itself, and some for each image."""

    def __init__(self, run, batch_s, image_s):
        self._run, self._batch_s, self._image_s = run, batch_s, image_s

    def once(self, work):
        return 1.0

    def median(self, work):
        return self._batch_s + self._image_s * self._run.recipe.training.batch_size


@pytest.mark.parametrize(("batch_s", "image_s"), [(0.25, 0.001), (0.0, 0.003), (0.5, 0.0)])
def test_of_a_large_batch_a_smaller_one_is_timed_and_the_rest_follows(batch_s, image_s):
    layers = (HiddenLayer(300),) * 2
    recipe = replace(_RECIPE, hidden=layers, training=replace(_RECIPE.training, batch_size=9000))
    trial = rehearsal(recipe, 784, 10, 60_000)
    size = trial.run.recipe.training.batch_size
    assert size < trial.wanted == 9000
    full = recipe.network(784, 10)
    ratio = product_operations(full, size) / product_operations(trial.run.network, size)
    found = _step_seconds(trial.run, trial.parts, full, trial, _Scale(trial.run, batch_s, image_s))
    assert found == pytest.approx((batch_s + 9000 * image_s) * ratio, rel=1e-9)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.99, "under 1 s"), (1, "about 1 s"), (99.4, "about 99 s"), (100, "about 2 min"),
        (99.4 * 60, "about 99 min"), (100 * 60, "about 1 h 40 min"), (7200, "about 2 h"),
        (47.8 * 3600, "about 47 h 50 min"), (48 * 3600, "about 2 days"),
        (699 * 86400, "about 699 days"), (3652.5 * 86400, "about 10 years"),
        (4e12, "about 126,752 years"),
    ],
)  # fmt: skip
def test_a_time_span_is_told_in_the_unit_that_suits_it(seconds, words):
    assert about_text(seconds) == words


@pytest.mark.parametrize("optimizer", ["adam", "l-bfgs"])
def test_the_largest_network_is_estimated_without_being_made(optimizer):
    recipe = with_setting(
        replace(_RECIPE, hidden=(HiddenLayer(4096),) * 16), "optimizer", optimizer
    )
    tracemalloc.start()
    try:
        seconds = estimate_seconds(recipe, 784, 10, 60_000, 10_000)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 200e6  # the network alone has 1.1 GB
    assert np.isfinite(seconds)
    assert seconds > 0


@pytest.mark.parametrize("classes", [2, 256])
def test_any_number_of_classes_can_be_estimated(classes):
    assert estimate_seconds(_RECIPE, 784, classes, 5000, 100) > 0


@pytest.mark.usefixtures("_ticks")
def test_depth_costs_in_proportion():
    deep, less = (replace(_RECIPE, hidden=(HiddenLayer(4096),) * n) for n in (15, 5))
    ratio = estimate_seconds(deep, 784, 10, 60_000, 0) / estimate_seconds(less, 784, 10, 60_000, 0)
    assert 2 < ratio < 4.5  # 3.4 of an iteration; measuring has its own share


def test_it_ends_soon_when_nobody_waits():
    asked = []

    def report(share: float) -> None:
        asked.append(share)
        if len(asked) == 2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        estimate_seconds(_RECIPE, 784, 10, 10_000, 1000, report)
    assert len(asked) == 2
