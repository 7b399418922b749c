"""How much a training does between two events, by a clock of the test's own."""

from dataclasses import replace

import pytest

from core.base.errors import DivergedError
from core.base.events import Evaluated, Progress, RunFinished, RunStarted, WeightsSeen, Working
from core.nn.optimizer import OPTIMIZERS
from core.recipe.training_config import TrainingConfig
from core.training.run import new_run, split_data
from core.training.train import Control, _Every, train
from tests.support.small_data import small_dataset, small_recipe

DATA = small_dataset()


class _Clock:
    """Each look at it takes `tick_s`; nothing else takes any time."""

    def __init__(self, tick_s):
        self.now, self.tick_s = 100.0, tick_s

    def __call__(self):
        self.now += self.tick_s
        return self.now


@pytest.fixture
def set_clock(monkeypatch):
    def begin(tick_s):
        clock = _Clock(tick_s)
        monkeypatch.setattr("core.training.train.time.perf_counter", clock)
        return clock

    return begin


def _events(control=None, **changes):
    recipe = small_recipe(**changes)
    parts = split_data(recipe, DATA)
    run = new_run(recipe, DATA, parts)
    return run, list(train(run, parts, control))


def _lengths(events):
    return [len(event.losses) for event in events if isinstance(event, Progress)]


def test_iterations_between_two_events_double_until_they_take_12_ms(set_clock):
    set_clock(0.001)  # however many, they take a millisecond
    run, events = _events()
    assert _lengths(events) == [1, 2, 4, 8, 15, 15]  # never past the end of an epoch
    assert run.seconds == pytest.approx(6 * 0.001)
    told = [event.seconds for event in events if isinstance(event, Progress)]
    assert told == pytest.approx([0.001 * k for k in range(1, 7)])


@pytest.mark.parametrize(("tick_s", "lengths"), [(0.02, [1] * 45), (0.007, [1] * 45)])
def test_slow_iterations_are_told_of_one_by_one(set_clock, tick_s, lengths):
    set_clock(tick_s)
    assert _lengths(_events()[1]) == lengths


def test_they_become_fewer_again_when_they_take_longer(set_clock):
    clock = set_clock(0.001)
    recipe = small_recipe()
    parts = split_data(recipe, DATA)
    lengths = []
    for event in train(new_run(recipe, DATA, parts), parts):
        if isinstance(event, Progress):
            lengths.append(len(event.losses))
            if len(lengths) == 4:
                clock.tick_s = 0.05
    assert lengths == [1, 2, 4, 8, 15, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]


def test_copies_are_due_every_so_often_and_rarely_where_copying_is_slow(set_clock):
    clock = set_clock(0.0)
    every = _Every(0.25)
    assert every.due()
    with every.copying():
        clock.now += 0.001
    began = clock.now
    for later, due in ((0.0, False), (0.24, False), (0.26, True)):
        clock.now = began + later
        assert every.due() is due
    with every.copying():
        clock.now += 1.0  # a copy of a second: the next one after fifty
    began = clock.now
    for later, due in ((0.3, False), (49.9, False), (50.1, True)):
        clock.now = began + later
        assert every.due() is due


def test_pictures_of_the_weights_come_ten_times_a_second(set_clock):
    set_clock(0.012)
    _, events = _events()
    assert 0 < sum(isinstance(event, WeightsSeen) for event in events) < len(_lengths(events))
    _, events = _events(Control(single=True))
    assert sum(isinstance(event, WeightsSeen) for event in events) == 45 + 1


def test_a_method_for_all_images_says_that_it_takes_them_all():
    training = TrainingConfig(duration=2, duration_unit="iterations")
    _, events = _events(optimizer=OPTIMIZERS["l-bfgs"](), training=training)
    assert events[0] == RunStarted(0, 2, 1, 450)


def test_amid_a_long_iteration_it_is_told_which_one_it_is(monkeypatch):
    monkeypatch.setattr("core.training.full_batch._REPORT_EVERY_S", -1.0)
    training = TrainingConfig(duration=3, duration_unit="iterations")
    _, events = _events(optimizer=OPTIMIZERS["l-bfgs"](), training=training)
    done, steps = 0, []
    for event in events:
        if isinstance(event, Progress):
            done = event.step
        if isinstance(event, Working):
            steps.append(event.step)
            assert event.step == done + 1
    assert set(steps) == {1, 2, 3}


@pytest.mark.parametrize("after", [2, 10**6])
def test_ended_or_left_it_lets_go_of_the_run(after):
    recipe = small_recipe()
    parts = split_data(recipe, DATA)
    run = new_run(recipe, DATA, parts)
    events = train(run, parts)
    for _ in zip(range(after), events, strict=False):
        pass
    events.close()
    assert run.live_params is None


@pytest.mark.parametrize(("epochs", "early"), [(6, True), (1, False)])
def test_it_says_that_it_ends_early_where_it_does(epochs, early):
    recipe = small_recipe(training=TrainingConfig(duration=epochs, batch_size=32, patience=1))
    parts = split_data(recipe, DATA)
    run = new_run(recipe, DATA, parts)
    for event in train(run, parts):
        if isinstance(event, Evaluated) and event.step == 0:
            run.best = replace(run.best, loss=-1.0)  # no later loss is better
    assert run.step == run.target == 15
    assert ("has stopped improving" in event.note) is early
    assert "of iteration 0, are back" in event.note


@pytest.mark.parametrize("best_step", [45, 30])
def test_the_best_weights_are_brought_back_unless_they_are_the_last(best_step):
    recipe = small_recipe(training=TrainingConfig(duration=3, batch_size=32, patience=100))
    parts = split_data(recipe, DATA)
    run = new_run(recipe, DATA, parts)
    kept = None
    for event in train(run, parts):
        if isinstance(event, Progress) and event.step == best_step and best_step < 45:
            kept = run.params.copy()
        if run.best is not None and kept is not None:
            run.best = replace(run.best, step=best_step, loss=-1.0, params=kept)
    assert isinstance(event, RunFinished)
    if best_step < 45:
        assert event.note == "The best weights, of iteration 30, are back."
        assert (run.params == kept).all()


def test_where_it_broke_is_told_to_the_iteration():
    recipe = small_recipe(optimizer=OPTIMIZERS["sgd"]())
    parts = split_data(recipe, DATA)
    run = new_run(recipe, DATA, parts)
    control, seen = Control(single=True), []

    def train_on():
        for event in train(run, parts, control):
            if isinstance(event, Progress):
                seen.append(event.step)
                if event.step == 4:
                    control.learning_rate = 1e38

    with pytest.raises(DivergedError) as caught:
        train_on()
    assert caught.value.step == seen[-1] + 1
