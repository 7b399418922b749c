"""A run: what is drawn for it, what a copy shares, and how its data are described."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from core.nn.optimizer import OPTIMIZERS
from core.recipe.training_config import TrainingConfig
from core.training.run import data_identity, new_run, split_data
from core.training.timeline import Moment
from tests.support.small_data import small_dataset, small_recipe

DATA = small_dataset()


def _run(**changes):
    recipe = small_recipe(**changes)
    parts = split_data(recipe, DATA)
    return new_run(recipe, DATA, parts), parts


def test_every_use_of_chance_draws_from_its_own_stream_as_in_every_version():
    """Streams 1, 2 and 3 are weights, order and noise: models trained so far repeat."""
    run, _ = _run(seed=7)
    weights = run.network.init_params(run.recipe.initializer, np.random.default_rng([7, 1]))
    np.testing.assert_array_equal(run.params, weights)
    order = np.random.default_rng([7, 2, 4]).permutation(450)
    np.testing.assert_array_equal(run.epoch_order(4, 450), order)
    assert run.noise.bit_generator.state == np.random.default_rng([7, 3]).bit_generator.state


def test_with_replacement_whole_batches_are_drawn():
    training = TrainingConfig(batch_size=40, sampling="replacement")
    run, _ = _run(seed=7, training=training)
    wanted = np.random.default_rng([7, 2, 1]).integers(0, 450, 480, np.intp)
    np.testing.assert_array_equal(run.epoch_order(1, 450), wanted)


def test_a_fresh_run_starts_at_nothing_and_ends_where_the_recipe_says():
    run, parts = _run(optimizer=OPTIMIZERS["adam"](learning_rate=0.03))
    assert (run.step, run.start_step, run.seconds, run.target) == (0, 0, 0.0, 3 * 15)
    assert run.learning_rate == 0.03
    assert not run.finished
    assert set(run.slots) == {"first_moment", "second_moment"}
    for slot in run.slots.values():
        np.testing.assert_array_equal(slot, np.zeros(run.network.trained_count))
    assert run.data["fingerprint"] == parts.fingerprint == DATA.fingerprint()
    assert (run.image_shape, run.class_names) == ((8, 8), DATA.class_names)
    run.step = run.target
    assert run.finished


def test_a_copy_shares_nothing_that_changes():
    run, _ = _run(optimizer=OPTIMIZERS["adam"]())
    run.history.extend(np.ones(3), np.ones(3))
    run.lessons = [{"step": 1}]
    run.moments = (Moment(1, run.params),)
    twin = run.copy()
    before = run.params.copy()
    assert twin.noise.bit_generator.state == run.noise.bit_generator.state
    expected = twin.noise.random(5)
    np.testing.assert_array_equal(run.noise.random(5), expected)  # neither moves the other
    twin.stored_params += 1
    twin.stored_slots["first_moment"] += 1
    twin.history.extend(np.ones(2), np.ones(2))
    twin.lessons.append({})
    twin.data["name"] = "other"
    np.testing.assert_array_equal(run.params, before)
    assert not run.slots["first_moment"].any()
    assert (run.history.count, len(run.lessons), run.data["name"]) == (3, 1, "small")
    assert twin.moments == ()
    assert twin.live_params is None
    assert twin.model_id == run.model_id


def test_data_are_described_so_that_they_can_be_found_again(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    described = data_identity(replace(DATA, source="digits/here"))
    assert described["source"] == str(Path(tmp_path) / "digits" / "here")
    assert data_identity(replace(DATA, source=""))["source"] == ""
    assert described["counts"]["train"] == [50] * 10
    assert (described["key"], described["name"]) == ("idx", "small")


@pytest.mark.parametrize("share", [0.0, 0.2])
def test_where_nothing_is_set_aside_the_test_images_are_measured(share):
    training = TrainingConfig(validation_split=share)
    parts = split_data(small_recipe(training=training), DATA)
    assert parts.held_out_name == ("Validation" if share else "Test")
    assert len(parts.images) == (400 if share else 500)
    assert len(parts.held_out) == 100
    assert parts.pixel_count == 64
    assert (parts.held_out is DATA.test) is (share == 0)


def test_validation_images_that_are_none_count_as_none():
    empty = replace(DATA.test, images=DATA.test.images[:0], labels=DATA.test.labels[:0])
    parts = split_data(small_recipe(), replace(DATA, validation=empty))
    assert parts.held_out is DATA.test
    assert parts.held_out_name == "Test"


def test_the_recipe_is_told_with_the_rate_in_force():
    run, _ = _run(optimizer=OPTIMIZERS["sgd"](learning_rate=0.25))
    assert run.recipe_now is run.recipe
    run.learning_rate = 0.75
    assert run.recipe_now.optimizer.learning_rate == 0.75
    assert run.recipe_now.key == ""
    assert run.recipe.optimizer.learning_rate == 0.25
