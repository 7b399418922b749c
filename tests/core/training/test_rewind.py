"""A run of the past is what the run was then."""

from dataclasses import replace

import numpy as np
import pytest

from core.base.events import Evaluation
from core.training.rewind import run_at
from core.training.run import Best, new_run, split_data
from core.training.timeline import Moment
from tests.support.small_data import small_dataset, small_recipe

DATA = small_dataset(60)


@pytest.fixture
def run():
    """A run at iteration 40 that was measured at 10 and 30, and took 9 seconds."""
    recipe = small_recipe()
    run = new_run(recipe, DATA, split_data(recipe, DATA))
    row = Evaluation(0, 0, 1.0, 0.5, 1.0, 0.5, 0.0, 0.1)
    run.step, run.start_step, run.seconds = 40, 25, 9.0
    run.history.extend(np.arange(40), np.arange(40) / 40)
    run.history.evaluations = [
        replace(row, step=10, seconds=2.0),
        replace(row, step=30, seconds=8.0),
    ]
    for slot in run.stored_slots.values():
        slot += 1
    run.lessons = [{"step": 5}, {"step": 20}, {"step": 21}, {"no": "step"}]
    run.best = Best(20, 0.3, run.params.copy())
    return run


def _moment(run, step):
    return Moment(step, np.full_like(run.params, step))


def test_it_has_the_weights_of_then_and_an_empty_memory_and_the_run_keeps_its_own(run):
    before = run.params.copy()
    then = run_at(run, _moment(run, 20))
    assert (then.step, run.step) == (20, 40)
    np.testing.assert_array_equal(then.params, np.full_like(before, 20))
    np.testing.assert_array_equal(run.params, before)
    for name, slot in then.slots.items():
        assert not slot.any()
        assert run.slots[name].all()
    assert (then.history.count, run.history.count) == (20, 40)
    assert [row.step for row in then.history.evaluations] == [10]
    assert then.calibration is None


@pytest.mark.parametrize(
    ("step", "seconds"), [(0, 0.0), (5, 1.0), (10, 2.0), (20, 5.0), (30, 8.0), (35, 8.5), (40, 9.0)]
)
def test_its_training_time_lies_between_the_measurements(run, step, seconds):
    assert run_at(run, _moment(run, step)).seconds == pytest.approx(seconds)


@pytest.mark.parametrize(("step", "start"), [(10, 10), (25, 25), (30, 25)])
def test_its_leg_began_where_it_did_but_not_after_it(run, step, start):
    assert run_at(run, _moment(run, step)).start_step == start


@pytest.mark.parametrize(("step", "kept"), [(19, False), (20, True), (30, True)])
def test_the_best_weights_so_far_come_along(run, step, kept):
    assert (run_at(run, _moment(run, step)).best is run.best) is kept
    run.best = None
    assert run_at(run, _moment(run, step)).best is None


def test_lessons_up_to_then_are_part_of_it(run):
    assert run_at(run, _moment(run, 20)).lessons == [{"step": 5}, {"step": 20}, {"no": "step"}]
    assert run_at(run, _moment(run, 0)).lessons == [{"no": "step"}]
