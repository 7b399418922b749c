"""What is timed instead of a training: the same, but small."""

from dataclasses import replace

import numpy as np
import pytest

from core.nn.optimizer import OPTIMIZERS
from core.recipe.hidden_layer import HiddenLayer
from core.recipe.training_config import TrainingConfig
from core.training.engines import product_operations
from core.training.footprint import footprint
from core.training.rehearsal import rehearsal
from tests.support.small_data import small_recipe


def _recipe(units=(), batch_size=32, optimizer="adam", **changes):
    hidden = tuple(HiddenLayer(count) for count in units)
    training = TrainingConfig(batch_size=batch_size)
    return small_recipe(
        hidden=hidden, training=training, optimizer=OPTIMIZERS[optimizer](), **changes
    )


def _made(recipe, count=60_000):
    """Return units of each hidden layer, batch size, images made up, and images wanted."""
    trial = rehearsal(recipe, 784, 10, count)
    shown = trial.run.recipe
    assert trial.run.network == shown.network(784, 10)
    units = [layer.units for layer in shown.hidden]
    return units, shown.training.batch_size, len(trial.parts.images), trial.wanted


@pytest.mark.parametrize(
    ("recipe", "count", "made"),
    [
        (_recipe((30,)), 60_000, ([30], 32, 2000, 32)),
        (_recipe((30,)), 700, ([30], 32, 700, 32)),
        (_recipe((30,)), 0, ([30], 1, 1, 1)),
        (_recipe((30,), 5000), 60_000, ([30], 5000, 5000, 5000)),
        (_recipe((30,), 5000), 1200, ([30], 1200, 1200, 1200)),
        (_recipe((30,), 32, "l-bfgs"), 60_000, ([30], 2000, 2000, 32)),
        (_recipe((30,), 32, "l-bfgs"), 700, ([30], 700, 700, 32)),
    ],
)
def test_a_small_training_is_rehearsed_as_it_is(recipe, count, made):
    assert _made(recipe, count) == made


@pytest.mark.parametrize(
    ("recipe", "made"),
    [
        # 160 MB and 5e9 operations are the most: first fewer layers, down to two.
        (_recipe((1024,) * 6), ([1024] * 2, 32, 2000, 32)),
        (_recipe((1024,) * 5), ([1024] * 2, 32, 2000, 32)),
        # Then narrower ones.
        (_recipe((4096, 4096)), ([972, 972], 32, 2000, 32)),
        (_recipe((3000, 100)), ([2250, 100], 32, 2000, 32)),
        # A batch that is slow is halved first: 1.9e6 operations an image.
        (_recipe((600,), 9000), ([600], 2250, 2250, 9000)),
    ],
)
def test_a_large_one_is_made_smaller_step_by_step(recipe, made):
    found = _made(recipe)
    assert found == made


@pytest.mark.parametrize("optimizer", ["adam", "l-bfgs", "sgd"])
@pytest.mark.parametrize("units", [(4096,) * 16, (2000,) * 3, (4096,)])
@pytest.mark.parametrize("batch_size", [1, 64, 9000])
def test_what_is_rehearsed_takes_little_and_is_no_smaller_than_it_must(
    units, batch_size, optimizer
):
    recipe = _recipe(units, batch_size, optimizer)
    trial = rehearsal(recipe, 784, 10, 60_000)
    shown, count = trial.run.recipe, len(trial.parts.images)
    assert footprint(shown, 784, 10, count).needed <= 160e6
    operations = product_operations(trial.run.network, shown.training.batch_size)
    assert operations <= 5e9 or shown.optimizer.full_batch
    assert max(layer.units for layer in shown.hidden) >= 128
    assert shown.training.batch_size >= min(64, batch_size)


def test_made_up_images_have_ink_on_a_fifth_of_their_pixels_and_all_classes():
    trial = rehearsal(_recipe((30,)), 784, 256, 1000)
    images, labels = trial.parts.images, trial.parts.labels
    assert (images > 0).mean() == pytest.approx(0.2, abs=0.01)
    assert images[images > 0].mean() == pytest.approx(128, abs=1)
    np.testing.assert_array_equal(labels, np.arange(1000) % 256)
    assert trial.parts.class_names == tuple(map(str, range(256)))
    assert trial.parts.pixel_count == 784
    assert trial.parts.held_out is None


def test_its_run_is_ready_to_be_trained_and_never_ends():
    recipe = _recipe((30,))
    run = rehearsal(recipe, 784, 10, 1000).run
    assert run.target >= 10**9
    assert run.learning_rate == recipe.optimizer.learning_rate
    assert {name: slot.shape for name, slot in run.slots.items()} == {
        name: (run.network.trained_count,) for name in recipe.optimizer.slot_names
    }
    assert not any(slot.any() for slot in run.slots.values())
    drawn = recipe.network(784, 10).init_params(recipe.initializer, np.random.default_rng(0))
    np.testing.assert_array_equal(run.params, drawn)
    assert replace(recipe, training=run.recipe.training) == run.recipe


def test_what_cannot_be_made_smaller_is_rehearsed_all_the_same(monkeypatch):
    monkeypatch.setattr("core.training.rehearsal._MOST_BYTES", 1)
    assert _made(_recipe((30,), 32)) == ([30], 32, 2000, 32)
    assert _made(_recipe((30,), 500)) == ([30], 64, 2000, 500)
    assert _made(_recipe((300, 128, 9), 500)) == ([128, 128], 64, 2000, 500)
    assert _made(_recipe((30,), 500, "l-bfgs")) == ([30], 64, 64, 500)
