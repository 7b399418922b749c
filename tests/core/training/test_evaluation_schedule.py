"""When a training is measured, on what, and what follows from it."""

import math
from dataclasses import replace

import numpy as np
import pytest

from core.base.events import Evaluated, Evaluating
from core.nn.evaluation import Evaluator
from core.nn.penalty import Penalty
from core.recipe.training_config import TrainingConfig
from core.training.evaluation_schedule import EvaluationSchedule
from core.training.run import new_run, split_data
from tests.support.small_data import small_dataset, small_recipe

DATA = small_dataset()


def _schedule(per_epoch=15, data=DATA, **changes):
    training = TrainingConfig(duration=6, batch_size=32, validation_split=0.1)
    recipe = small_recipe(training=replace(training, **changes), penalty=Penalty(l2=0.03))
    parts = split_data(recipe, data)
    run = new_run(recipe, data, parts)
    return EvaluationSchedule(run, parts, per_epoch), run, parts


def _measure(schedule, step=None):
    """Measure as if the run were at this iteration; return the events."""
    if step is not None:
        schedule._run.step = step
    return list(schedule.events(0.125))


@pytest.mark.parametrize(
    ("step", "every", "left"),
    [
        (0, 0, 15),
        (1, 0, 14),
        (15, 0, 15),
        (0, 4, 4),
        (13, 4, 2),
        (6, 4, 2),
        (14, 20, 1),
        (87, 0, 3),
        (88, 0, 2),
    ],
)
def test_iterations_end_at_an_epoch_a_measurement_or_the_target(step, every, left):
    schedule, run, _ = _schedule(evaluate_every=every)
    run.step, run.target = step, 90
    assert schedule.steps_left() == left


def test_the_target_may_come_first():
    schedule, run, _ = _schedule()
    run.step, run.target = 16, 18
    assert schedule.steps_left() == 2


@pytest.mark.parametrize(
    ("step", "every", "due"),
    [(0, 0, True), (1, 0, False), (14, 0, False), (15, 0, True), (4, 4, True), (5, 4, False),
     (15, 4, False), (90, 4, True), (90, 7, True)],
)  # fmt: skip
def test_it_is_due_every_so_often_and_at_the_end_but_once(step, every, due):
    schedule, run, _ = _schedule(evaluate_every=every)
    run.step, run.target = step, 90
    assert schedule.due() is due
    _measure(schedule)
    assert not schedule.due()


def test_a_row_tells_what_was_measured_of_both_sets():
    schedule, run, parts = _schedule()
    run.seconds = 12.5
    events = _measure(schedule, 33)
    row = events[-1].row
    measured = Evaluator(run.network, run.loss, run.params)
    train = measured.measure(parts.images, parts.labels)
    held_out = measured.measure(parts.held_out.images, parts.held_out.labels)
    assert (row.step, row.epoch, row.seconds, row.learning_rate) == (33, 33 / 15, 12.5, 0.125)
    assert (row.train_loss, row.train_accuracy) == (train.loss, train.accuracy)
    assert (row.validation_loss, row.validation_accuracy) == (held_out.loss, held_out.accuracy)
    assert row.penalty == pytest.approx(
        0.015 * sum(float(np.square(w).sum()) for w in run.network.weight_views(run.params))
    )
    np.testing.assert_array_equal(events[-1].predictions, held_out.predictions)
    assert run.history.evaluations == [row]
    assert [type(event) for event in events] == [Evaluating, Evaluating, Evaluated]
    assert [(event.step, event.done) for event in events[:-1]] == [(33, 0.5), (33, 1.0)]


def test_it_measures_the_weights_of_now():
    schedule, run, _ = _schedule()
    before = _measure(schedule)[-1].row.train_loss
    run.stored_params *= 3
    assert _measure(schedule, 5)[-1].row.train_loss != before


def test_without_held_out_images_there_is_nothing_measured_on_them():
    schedule, run, _ = _schedule(data=replace(DATA, test=None), validation_split=0.0, patience=1)
    event = _measure(schedule)[-1]
    row = event.row
    assert len(event.predictions) == 0
    assert math.isnan(row.validation_loss)
    assert math.isnan(row.validation_accuracy)
    assert run.best is None


def test_of_many_training_images_every_few_are_measured(monkeypatch):
    monkeypatch.setattr("core.training.evaluation_schedule.TRAIN_SAMPLE", 100)
    schedule, run, parts = _schedule()  # 450 images: every fourth, a hundred of them
    row = _measure(schedule)[-1].row
    chosen = slice(0, 400, 4)
    wanted = Evaluator(run.network, run.loss, run.params).measure(
        parts.images[chosen], parts.labels[chosen]
    )
    assert (row.train_loss, row.train_accuracy) == (wanted.loss, wanted.accuracy)


def test_the_best_weights_are_kept_as_they_were():
    schedule, run, _ = _schedule(patience=3)
    schedule._remember(_measure(schedule)[-1].row, run.params)
    row = run.history.evaluations[-1]
    for step, loss in ((1, 0.5), (2, 0.7), (3, 0.5), (4, 0.4), (5, 0.9)):
        run.stored_params[0] = step
        schedule._remember(replace(row, step=step, validation_loss=loss), run.params)
    assert (run.best.step, run.best.loss, run.best.params[0]) == (4, 0.4, 4)


def test_an_equal_loss_is_no_better_and_a_new_leg_begins_anew():
    schedule, run, _ = _schedule(patience=3)
    row = _measure(schedule)[-1].row
    run.best = None
    schedule._remember(replace(row, step=1, validation_loss=0.5), run.params)
    schedule._remember(replace(row, step=2, validation_loss=0.5), run.params)
    assert run.best.step == 1
    run.start_step = 2  # trained further
    schedule._remember(replace(row, step=3, validation_loss=0.8), run.params)
    assert (run.best.step, run.best.loss) == (3, 0.8)
    run.start_step = 3  # the best of this leg is at its very beginning
    schedule._remember(replace(row, step=4, validation_loss=0.9), run.params)
    assert run.best.step == 3


def test_without_patience_nothing_is_kept_and_none_is_lost():
    schedule, run, _ = _schedule(patience=0)
    _measure(schedule)
    assert run.best is None
    assert not schedule.patience_lost()


@pytest.mark.parametrize(("worse", "lost"), [(0, False), (2, False), (3, True), (4, True)])
def test_patience_is_lost_after_so_many_measurements_that_are_no_better(worse, lost):
    schedule, run, _ = _schedule(patience=3)
    row = _measure(schedule, 1)[-1].row
    assert run.best.step == 1
    run.history.evaluations += [replace(row, step=1 + k) for k in range(1, worse + 1)]
    assert schedule.patience_lost() is lost
