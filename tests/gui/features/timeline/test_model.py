"""What the strip of the time line shows."""

import numpy as np
import pytest

from core.base.events import RunStarted, WeightsSeen
from core.training.rewind import run_at
from gui.features.timeline.model import TimelineModel
from tests.support.fresh_runs import fresh_run


def seen(run, *steps):
    return [WeightsSeen(step, np.full_like(run.stored_params, step)) for step in steps]


@pytest.fixture
def run():
    return fresh_run()


@pytest.fixture
def model(run):
    """A time line of the iterations 0, 10 .. 40; an epoch has 20."""
    made = TimelineModel()
    made.show_run(run)
    made.accept([RunStarted(0, 100, 20, 32), *seen(run, 10, 20, 30, 40)])
    return made


def test_without_a_network_there_is_nothing():
    model = TimelineModel()
    model.accept([RunStarted(0, 100, 20, 32)])
    assert model.moments == ()
    assert (model.held_text, model.accuracy_text) == ("", "")


def test_moments_come_with_the_training_and_the_present_is_shown(model):
    assert [moment.step for moment in model.moments] == [0, 10, 20, 30, 40]
    assert model.current == 4
    assert model.held is None
    assert model.epochs == (2, 4)


def test_a_held_moment_says_when_and_how_good_it_was(model):
    model.hold(1)
    assert model.held.step == 10
    assert model.held_text == "Iteration 10, epoch 0.50"
    assert model.accuracy_text == "Measuring its accuracy…"
    model.set_accuracy(0.9312, "Validation")
    assert model.accuracy_text == "Validation accuracy 93.12 %"
    model.hold(2)
    assert model.accuracy is None  # that was of another moment


def test_the_last_moment_is_the_present(model):
    model.hold(1)
    model.hold(4)
    assert model.held is None
    model.set_accuracy(0.5, "Validation")
    assert model.accuracy is None


@pytest.mark.parametrize("index", [-1, 5, 99])
def test_what_is_not_on_the_line_is_the_present(model, index):
    model.hold(index)
    assert model.held is None


def test_a_held_moment_stays_where_it_is_while_others_come_and_go(model, run):
    model.hold(2)
    model.accept(seen(run, *range(41, 2000)))
    assert model.held.step == 20
    assert model.moments[model.current] is model.held


def test_weights_of_another_shape_are_no_moments(model):
    model.accept([WeightsSeen(50, np.zeros(3, np.float32))])
    assert model.moments[-1].step == 40


def test_each_network_has_its_own_line_and_finds_it_again(model, run):
    run.step = 40
    run.stored_params[...] = 40
    other = fresh_run(1)
    model.hold(1)
    model.show_run(other)
    assert model.held is None
    assert [moment.step for moment in model.moments] == [0]
    model.show_run(run)
    assert [moment.step for moment in model.moments] == [0, 10, 20, 30, 40]


def test_a_network_of_the_past_shares_it_up_to_there(model, run):
    run.step = 40
    moment = model.moments[2]
    back = run_at(run, moment)
    model.branch(back, moment)
    model.show_run(back)
    assert [one.step for one in model.moments] == [0, 10, 20]
    assert model.moments[2] is moment


def test_a_lesson_at_rest_becomes_the_present(model, run):
    run.step = 40
    run.stored_params[...] = 40
    assert not model.take_present()
    run.stored_params[0] += 1
    assert model.take_present()
    assert [one.step for one in model.moments] == [0, 10, 20, 30, 40]
    assert model.moments[-1].params[0] == 41
