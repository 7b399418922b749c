"""The learning rate of each iteration: base rate times schedule times warm-up."""

from dataclasses import replace

import pytest

from core.base.events import Evaluation
from core.nn.schedule import SCHEDULES
from core.recipe.training_config import TrainingConfig
from core.training.learning_rate import learning_rates
from core.training.run import new_run, split_data
from tests.support.small_data import small_dataset, small_recipe

DATA = small_dataset(60)


def _run(schedule, step, start=0, target=100, warmup=0):
    recipe = small_recipe(schedule=schedule, training=replace(TrainingConfig(), warmup=warmup))
    run = new_run(recipe, DATA, split_data(recipe, DATA))
    run.step, run.start_step, run.target, run.learning_rate = step, start, target, 0.4
    return run


def test_each_iteration_of_a_leg_has_its_own_share_of_it():
    run = _run(SCHEDULES["exponential"](gamma=0.5), step=23, start=20)
    wanted = [0.4 * 0.5 ** ((23 - 20 + k) / 6) for k in range(3)]
    assert learning_rates(run, 3, 6) == pytest.approx(wanted)


def test_the_share_of_the_leg_that_is_done_counts():
    run = _run(SCHEDULES["one-cycle"](rise=1.0, first=0.0), step=30, start=20, target=60)
    assert learning_rates(run, 2, 6) == pytest.approx([0.4 * 10 / 40, 0.4 * 11 / 40])


def test_a_leg_without_length_has_a_rate():
    run = _run(SCHEDULES["cosine"](), step=20, start=20, target=20)
    assert learning_rates(run, 1, 6) == [0.4]


def test_a_warm_up_counts_from_the_beginning_of_the_leg():
    run = _run(SCHEDULES["constant"](), step=51, start=50, warmup=4)
    assert learning_rates(run, 5, 6) == pytest.approx([0.16, 0.24, 0.32, 0.4, 0.4])


def test_only_measurements_of_this_leg_count():
    run = _run(SCHEDULES["plateau"](patience=1, gamma=0.5), step=30, start=20)
    run.history.evaluations = [
        Evaluation(step, 0, 1.0, 0.5, loss, 0.5, 0, 0.1)
        for step, loss in ((10, 0.1), (20, 0.1), (21, 0.9), (25, 0.95), (30, 0.5))
    ]
    assert learning_rates(run, 2, 6) == pytest.approx([0.2, 0.2])
