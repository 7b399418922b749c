"""Training: exact, repeatable, interruptible, and safe when the loss explodes."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.base.errors import DivergedError
from core.base.events import (
    Captured,
    Evaluated,
    Progress,
    RunFinished,
    RunStarted,
    WeightsSeen,
)
from core.nn.initializer import INITIALIZERS
from core.nn.optimizer import OPTIMIZERS
from core.recipe.hidden_layer import HiddenLayer
from core.recipe.training_config import TrainingConfig
from core.training.run import new_run, split_data
from core.training.train import Control, train
from tests.support.small_data import small_dataset, small_recipe

DATA = small_dataset()


def _run(recipe):
    parts = split_data(recipe, DATA)
    return new_run(recipe, DATA, parts), parts


def _trained(recipe):
    run, parts = _run(recipe)
    return run, list(train(run, parts))


def assert_same(one, other):
    np.testing.assert_array_equal(one.params, other.params)
    for name, slot in one.slots.items():
        np.testing.assert_array_equal(slot, other.slots[name])
    np.testing.assert_array_equal(one.history.losses, other.history.losses)
    np.testing.assert_array_equal(one.history.accuracies, other.history.accuracies)
    assert one.noise.bit_generator.state == other.noise.bit_generator.state
    assert one.step == other.step
    seen = [(row.step, row.validation_loss) for row in one.history.evaluations]
    assert seen == [(row.step, row.validation_loss) for row in other.history.evaluations]


RECIPES = {
    "shuffled Adam with dropout": small_recipe(),
    "replacement SGD": small_recipe(
        optimizer=OPTIMIZERS["sgd"](),
        training=TrainingConfig(
            duration=37, duration_unit="iterations", batch_size=50, sampling="replacement",
            validation_split=0.0, evaluate_every=10,
        ),
    ),
    "measured rarely, across epochs": small_recipe(
        training=TrainingConfig(duration=4, batch_size=32, evaluate_every=1000)
    ),
    "momentum, no hidden layer": small_recipe(hidden=(), optimizer=OPTIMIZERS["momentum"]()),
}  # fmt: skip


@pytest.mark.parametrize("name", list(RECIPES))
def test_one_seed_gives_the_same_bytes_and_another_seed_others(name):
    first, _ = _trained(RECIPES[name])
    again, _ = _trained(RECIPES[name])
    assert_same(first, again)
    other, _ = _trained(replace(RECIPES[name], seed=1))
    assert not np.array_equal(first.params, other.params)


@settings(max_examples=12)
@given(name=st.sampled_from(sorted(RECIPES)), cuts=st.lists(st.integers(0, 25), max_size=4))
def test_interrupted_anywhere_it_goes_on_as_if_it_had_not_been(name, cuts):
    whole, _ = _trained(RECIPES[name])
    run, parts = _run(RECIPES[name])
    for cut in cuts:
        events = train(run, parts)
        for _ in zip(range(cut), events, strict=False):
            pass
        events.close()
    for _ in train(run, parts):
        pass
    assert_same(whole, run)


def test_single_steps_compute_what_chunks_compute():
    whole, _ = _trained(RECIPES["shuffled Adam with dropout"])
    run, parts = _run(RECIPES["shuffled Adam with dropout"])
    events = list(train(run, parts, Control(single=True)))
    assert_same(whole, run)
    assert all(len(event.losses) == 1 for event in events if isinstance(event, Progress))


def test_the_events_tell_the_whole_story_in_order():
    run, events = _trained(RECIPES["replacement SGD"])
    assert isinstance(events[0], RunStarted)
    assert events[0].total_steps == 37
    assert isinstance(events[-1], RunFinished)
    assert isinstance(events[-2], WeightsSeen)
    np.testing.assert_array_equal(events[-2].params, run.params)
    told = [loss for event in events if isinstance(event, Progress) for loss in event.losses]
    np.testing.assert_array_equal(told, run.history.losses)
    assert [event.step for event in events if isinstance(event, Evaluated)] == [0, 10, 20, 30, 37]
    assert run.history.evaluations[-1].validation_accuracy > 0.5


def test_it_learns_and_the_last_small_batch_is_part_of_the_epoch():
    recipe = small_recipe(training=TrainingConfig(duration=20, batch_size=32))
    run, _ = _trained(recipe)
    assert run.step == 20 * -(-450 // 32)
    assert run.history.evaluations[-1].validation_accuracy > 0.9
    assert np.sort(run.epoch_order(3, 450)).tolist() == list(range(450))


def test_the_learning_rate_changes_between_two_iterations():
    run, parts = _run(RECIPES["shuffled Adam with dropout"])
    control = Control(single=True)
    rates = []
    for event in train(run, parts, control):
        if isinstance(event, Progress):
            rates.append(event.learning_rate)
            if event.step == 5:
                control.learning_rate = 0.25
    assert rates[:5] == [0.001] * 5
    assert set(rates[5:]) == {0.25}
    # Nobody takes it back: a newer one, set at that moment, would be lost.
    assert control.learning_rate == 0.25


def test_a_snapshot_is_the_state_at_that_moment_and_its_own():
    run, parts = _run(RECIPES["shuffled Adam with dropout"])
    control, snapshot = Control(single=True), None
    for event in train(run, parts, control):
        if isinstance(event, Progress) and event.step == 7:
            control.capture = True
        if isinstance(event, Captured):
            snapshot = event.run
    assert snapshot is not None
    assert snapshot.step == snapshot.history.count == 7  # though the run has gone on
    for _ in train(snapshot, parts):
        pass
    assert_same(snapshot, run)


def test_an_exploding_loss_stops_it_at_the_last_good_weights():
    recipe = small_recipe(
        hidden=(HiddenLayer(20), HiddenLayer(20), HiddenLayer(20)),
        optimizer=OPTIMIZERS["sgd"](learning_rate=100.0),
        initializer=INITIALIZERS["normal"](std=1.0),
    )
    run, parts = _run(recipe)
    before = run.params.copy()
    with pytest.raises(DivergedError) as caught:
        list(train(run, parts))
    assert "learning rate" in caught.value.sentence
    assert caught.value.kept_step == run.step == run.history.count
    assert np.isfinite(run.params).all()
    if run.step == 0:
        np.testing.assert_array_equal(run.params, before)
    run.learning_rate = 1e-4
    for _ in train(run, parts):  # it can go on from there
        pass
    assert run.finished


@pytest.mark.parametrize("rate", [1e30, 300.0])
def test_a_rate_that_ruins_a_trained_network_costs_no_more_than_the_ruin(monkeypatch, rate):
    """It goes back to weights that were proven, bit for bit, and forgets what came after.

    The second rate leads through losses that are huge, but finite for a while.
    """
    monkeypatch.setattr("core.training.train._BACKUP_EVERY_S", 0.0)
    monkeypatch.setattr("core.training.train._COPY_SHARE", 1e9)  # a copy before every iteration
    run, parts = _run(
        small_recipe(optimizer=OPTIMIZERS["sgd"](), hidden=(HiddenLayer(12, "linear"),) * 3)
    )
    control, states = Control(single=True), {0: run.params.copy()}

    def train_on():
        for event in train(run, parts, control):
            if isinstance(event, WeightsSeen):
                states[event.step] = event.params
            if isinstance(event, Progress) and event.step == 20:
                control.learning_rate = rate

    with pytest.raises(DivergedError) as caught:
        train_on()
    assert caught.value.kept_step == 20
    assert caught.value.step > 20
    assert run.step == run.history.count == 20
    np.testing.assert_array_equal(run.params, states[20])
    assert [row.step for row in run.history.evaluations] == [0, 15]


def test_without_held_out_images_the_curves_have_none():
    data = replace(DATA, test=None)
    recipe = small_recipe(training=TrainingConfig(duration=1, validation_split=0.0))
    parts = split_data(recipe, data)
    assert (parts.held_out, parts.held_out_name) == (None, "")
    run = new_run(recipe, data, parts)
    for _ in train(run, parts):
        pass
    assert np.isnan(run.history.column("validation_accuracy")).all()
    assert np.isfinite(run.history.column("train_accuracy")).all()


def test_data_that_bring_validation_images_keep_all_training_images():
    data = replace(DATA, validation=DATA.test)
    parts = split_data(small_recipe(), data)
    assert len(parts.images) == len(DATA.train)
    assert parts.held_out is DATA.test
    assert parts.held_out_name == "Validation"


def test_drawing_with_replacement_fills_every_batch_and_repeats_images():
    run, _ = _run(RECIPES["replacement SGD"])
    order = run.epoch_order(0, 480)
    assert len(order) == 500  # ten whole batches of 50
    assert len(set(order.tolist())) < 480
    assert not np.array_equal(order, run.epoch_order(1, 480))


def test_a_batch_larger_than_the_data_is_all_the_data():
    recipe = small_recipe(training=TrainingConfig(duration=3, batch_size=5000))
    run, events = _trained(recipe)
    assert run.step == 3
    assert all(np.isfinite(event.losses).all() for event in events if isinstance(event, Progress))


def test_training_further_continues_past_the_end():
    run, parts = _run(RECIPES["shuffled Adam with dropout"])
    for _ in train(run, parts):
        pass
    end = run.step
    run.target = end + 10
    events = list(train(run, parts))
    assert events[0] == RunStarted(end, end + 10, 15, 32)
    assert run.step == run.history.count == end + 10


def test_the_recipe_of_a_run_shows_the_learning_rate_in_force():
    run, parts = _run(RECIPES["shuffled Adam with dropout"])
    assert run.recipe_now is run.recipe
    for _ in train(run, parts, Control(learning_rate=0.5)):
        pass
    assert run.recipe_now.optimizer.learning_rate == 0.5
    assert run.recipe_now.continues(run.recipe)
