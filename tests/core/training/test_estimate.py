"""The estimate of a training's length is of the right order, and grows with the work."""

import tracemalloc
from dataclasses import replace
from itertools import count

import pytest

from core.recipe.hidden_layer import HiddenLayer
from core.recipe.override import with_setting
from core.recipe.training_config import TrainingConfig
from core.training.estimate import estimate_seconds
from core.training.run import new_run, split_data
from core.training.train import train
from tests.support.small_data import small_dataset, small_recipe

_RECIPE = small_recipe(
    training=TrainingConfig(duration=3000, duration_unit="iterations", batch_size=32)
)


def test_it_is_of_the_order_of_what_the_training_takes():
    data = small_dataset()
    parts = split_data(_RECIPE, data)
    run = new_run(_RECIPE, data, parts)
    expected = estimate_seconds(_RECIPE, parts.pixel_count, 10, len(parts.images), 50)
    for _ in train(run, parts):
        pass
    assert run.seconds / 5 < expected < 20 * run.seconds + 1  # others share this machine


@pytest.mark.parametrize(
    "setting", [("iterations", 300_000), ("hidden.0.units", 2048), ("batch_size", 2000)]
)
def test_more_work_takes_longer(setting):
    little = estimate_seconds(_RECIPE, 784, 10, 10_000, 1000)
    much = estimate_seconds(with_setting(_RECIPE, *setting), 784, 10, 10_000, 1000)
    assert much > 3 * little


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
    assert seconds > 100


@pytest.mark.parametrize("classes", [2, 256])
def test_any_number_of_classes_can_be_estimated(classes):
    assert estimate_seconds(_RECIPE, 784, classes, 5000, 100) > 0


def test_depth_costs_in_proportion(monkeypatch):
    # By a clock to which every call takes equally long: what is left is the count of operations.
    ticks = count()
    monkeypatch.setattr("core.training.estimate.time.perf_counter", lambda: 0.001 * next(ticks))
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
