"""The estimate of a training's length is of the right order, and grows with the work."""

import pytest
from small_data import small_dataset, small_recipe

from core.estimate import estimate_seconds
from core.override import with_setting
from core.run import new_run, split_parts
from core.training import train
from core.training_config import TrainingConfig

_RECIPE = small_recipe(
    training=TrainingConfig(duration=3000, duration_unit="iterations", batch_size=32)
)


def test_it_is_of_the_order_of_what_the_training_takes():
    data = small_dataset()
    parts = split_parts(_RECIPE, data)
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
