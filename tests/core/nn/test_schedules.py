"""Learning-rate schedules have the values that their sources give."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.base.events import Evaluated, Evaluation, Progress
from core.nn.schedule import SCHEDULES, warmup_factor
from core.recipe.training_config import TrainingConfig
from core.training.run import new_run, split_data
from core.training.train import train
from tests.support.small_data import small_dataset, small_recipe


def _rows(*losses):
    return [Evaluation(i, i, 1.0, 0.5, loss, 0.5, 0.0, 0.1) for i, loss in enumerate(losses, 1)]


@pytest.mark.parametrize(
    ("key", "fields", "done", "epoch", "wanted"),
    [
        ("constant", {}, 0.7, 7.0, 1.0),
        ("step", {"every": 3, "gamma": 0.1}, 0.0, 2.99, 1.0),
        ("step", {"every": 3, "gamma": 0.1}, 0.0, 3.0, 0.1),
        ("step", {"every": 3, "gamma": 0.1}, 0.0, 6.5, 0.01),
        ("exponential", {"gamma": 0.9}, 0.0, 2.0, 0.81),
        ("exponential", {"gamma": 0.9}, 0.0, 0.5, math.sqrt(0.9)),
        ("cosine", {}, 0.0, 0.0, 1.0),
        ("cosine", {}, 0.5, 0.0, 0.5),
        ("cosine", {"last": 0.2}, 1.0, 0.0, 0.2),
        ("one-cycle", {"rise": 0.25, "first": 0.1}, 0.0, 0.0, 0.1),
        ("one-cycle", {"rise": 0.25, "first": 0.1}, 0.125, 0.0, 0.55),
        ("one-cycle", {"rise": 0.25}, 0.25, 0.0, 1.0),
        ("one-cycle", {"rise": 0.25, "last": 0.0}, 0.625, 0.0, 0.5),
        ("one-cycle", {"rise": 1.0}, 1.0, 0.0, 1.0),
        ("one-cycle", {"rise": 0.0, "last": 0.0}, 0.0, 0.0, 1.0),
    ],
)
def test_known_values(key, fields, done, epoch, wanted):
    assert SCHEDULES[key](**fields).factor(done, epoch, ()) == pytest.approx(wanted)


def test_a_plateau_waits_then_reduces_and_never_falls_below_the_lowest():
    plateau = SCHEDULES["plateau"](patience=2, gamma=0.5, min_delta=0.01, lowest=0.2)
    assert plateau.factor(0, 0, _rows(1.0, 0.9)) == 1
    assert plateau.factor(0, 0, _rows(1.0, 0.995)) == 1  # no gain worth the name, once
    assert plateau.factor(0, 0, _rows(1.0, 0.995, 1.0)) == 0.5
    assert plateau.factor(0, 0, _rows(1.0, 1.1, 1.2, 0.5, 0.6)) == 0.5
    assert plateau.factor(0, 0, _rows(*[1.0] * 20)) == 0.2
    rows = _rows(math.nan, math.nan, math.nan)  # no held-out images: the training loss counts
    assert plateau.factor(0, 0, rows) == 0.5


@given(st.integers(0, 2000), st.integers(0, 1000))
def test_a_warm_up_rises_to_one_and_stays(step, warmup):
    now, then = warmup_factor(step, warmup), warmup_factor(step + 1, warmup)
    assert 0 < now <= then <= 1
    assert warmup_factor(warmup, warmup) == 1
    assert warmup_factor(0, warmup) == pytest.approx(1 / (warmup + 1))


@given(
    st.sampled_from([key for key in SCHEDULES if key != "plateau"]),
    st.floats(0, 1),
    st.floats(0, 1000),
)
def test_no_schedule_asks_for_more_than_the_rate_or_less_than_nothing(key, done, epoch):
    assert 0 <= SCHEDULES[key]().factor(done, epoch, ()) <= 1


def _rates(recipe):
    data = small_dataset()
    parts = split_data(recipe, data)
    run = new_run(recipe, data, parts)
    events = list(train(run, parts, None))
    return run, parts, events


def test_the_trainer_obeys_schedule_and_warm_up_at_each_iteration():
    recipe = small_recipe(
        schedule=SCHEDULES["cosine"](),
        training=TrainingConfig(duration=2, batch_size=32, warmup=5, validation_split=0.1),
    )
    run, parts, events = _rates(recipe)
    _assert_cosine_with_warm_up(events, 0, run.target)
    last = [event for event in events if isinstance(event, Evaluated)][-1]
    assert last.row.learning_rate < 0.001 * 0.05
    run.start_step, run.target = run.step, run.target + 30  # trained further: it starts anew
    _assert_cosine_with_warm_up(train(run, parts), run.start_step, run.target)


def _assert_cosine_with_warm_up(events, start, target):
    told = [event for event in events if isinstance(event, Progress)]
    assert told  # how many there are depends on the clock
    for event in told:
        before = event.step - 1 - start
        wave = (1 + math.cos(math.pi * before / (target - start))) / 2
        assert event.learning_rate == pytest.approx(0.001 * wave * min((before + 1) / 6, 1))


def test_a_plateau_in_training_follows_the_measurements():
    recipe = small_recipe(
        schedule=SCHEDULES["plateau"](patience=1, min_delta=10.0),
        training=TrainingConfig(duration=4, batch_size=32),
    )
    run, _, _ = _rates(recipe)
    seen = [row.learning_rate for row in run.history.evaluations]
    # The first measurement of the leg sets the mark, every later one fails to beat it.
    assert seen == pytest.approx([0.001, 0.001, 0.001, 0.0005, 0.00025])
