"""A time line stays within bounds, keeps what matters, and survives a file."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.training.rewind import run_at
from core.training.run import new_run, split_data
from core.training.timeline import Moment, PackedMoments, Timeline, most_moments, pack, unpack
from core.training.train import train
from tests.support.small_data import small_dataset, small_recipe

_MB = 1 << 20


def moment(step, count=10):
    return Moment(step, np.full(count, step, np.float32))


def line_of(steps, **limits):
    return Timeline([moment(step) for step in steps], **limits)


def steps_of(line):
    return [one.step for one in line.moments]


@given(st.lists(st.integers(1, 500), min_size=1, max_size=120), st.integers(3, 40))
def test_however_long_the_training_it_stays_in_bounds_and_keeps_both_ends(gaps, most):
    steps = np.cumsum([0, *gaps]).tolist()
    kept = steps_of(line_of(steps, most=most))
    assert len(kept) == min(len(steps), most)
    assert kept == sorted(kept)
    assert (kept[0], kept[-1]) == (steps[0], steps[-1])
    assert set(kept) <= set(steps)


def test_early_moments_lie_closer_than_late_ones():
    kept = np.array(steps_of(line_of(range(0, 100_000, 10), most=50)))
    gaps = np.diff(kept)
    assert gaps[:10].max() < 100
    assert gaps[-10:].min() > 2000
    ratios = (kept[2:] + 10) / (kept[1:-1] + 10)
    assert ratios.max() < 2  # evenly, in the logarithm


def test_the_first_moment_of_an_epoch_stays_longer_than_others():
    plain = steps_of(line_of(range(3, 10_000, 7), most=60))
    favoured = steps_of(line_of(range(3, 10_000, 7), most=60, steps_per_epoch=1000))

    def epochs_begun(steps):
        begins = range(1000, 10_000, 1000)
        return sum(any(begin <= step < begin + 7 for step in steps) for begin in begins)

    assert epochs_begun(favoured) == 9
    assert epochs_begun(plain) < 9


def test_more_epochs_than_there_is_room_for_are_thinned_too():
    kept = steps_of(line_of(range(0, 30_000, 10), most=40, steps_per_epoch=100))
    assert len(kept) == 40
    assert sum(step < 1000 for step in kept) > 10


def test_what_is_looked_at_stays():
    line = line_of([0, 1, 2, 3])
    held = line.moments[2]
    for step in range(4, 5000):
        line.add(moment(step), held)
    assert held in line.moments


def test_a_moment_takes_the_place_of_those_at_and_after_it():
    line = line_of([0, 10, 20, 30])
    line.add(moment(20))
    assert steps_of(line) == [0, 10, 20]
    line.truncate(5)
    assert steps_of(line) == [0]
    assert line.nearest(900).step == 0
    line.truncate(-1)
    assert line.nearest(900) is None


@pytest.mark.parametrize(
    ("size", "count"),
    [(40_000, 200), (_MB, 64), (8 * _MB, 12), (23 * _MB, 11), (200 * _MB, 1), (300 * _MB, 0)],
)
def test_memory_is_bounded_and_large_networks_have_a_few_moments(size, count):
    assert most_moments(size) == count
    assert size * count <= 256 * _MB


def test_a_network_too_large_for_any_moment_has_none(monkeypatch):
    monkeypatch.setattr("core.training.timeline._MORE_BYTES", 20)
    assert steps_of(line_of([0, 1], most_bytes=20)) == []


def test_a_time_line_comes_back_from_a_file_with_the_same_bytes():
    moments = line_of(range(0, 1000, 10)).moments
    packed = pack(moments, most=20)
    back = unpack(packed, 10, 990)
    assert len(back) == 20
    assert (back[0].step, back[-1].step) == (0, 990)
    for one in back:
        np.testing.assert_array_equal(one.params, moment(one.step).params)


def test_a_file_holds_no_more_than_its_share():
    moments = [moment(step, _MB // 4) for step in range(40)]
    assert pack(moments).params.nbytes <= 16 * _MB
    assert pack(moments, most_bytes=3 * _MB).params.shape == (3, _MB // 4)
    assert pack(moments, most_bytes=1000) is None
    assert pack([]) is None


@pytest.mark.parametrize(
    ("steps", "params"),
    [
        ([0, 1], np.zeros((3, 4), np.float32)),
        ([0, 1], np.zeros((2, 5), np.float32)),
        ([0, 1], np.zeros((2, 4), np.float64)),
        ([0, 1], np.full((2, 4), np.nan, np.float32)),
        ([1, 0], np.zeros((2, 4), np.float32)),
        ([1, 1], np.zeros((2, 4), np.float32)),
        ([-1, 1], np.zeros((2, 4), np.float32)),
        ([0, 100], np.zeros((2, 4), np.float32)),
        ([[0, 1]], np.zeros((2, 4), np.float32)),
        ([0.0, 1.0], np.zeros((2, 4), np.float32)),
    ],
)
def test_a_strangers_time_line_that_makes_no_sense_is_refused(steps, params):
    with pytest.raises(ValueError, match="time line"):
        unpack(PackedMoments(np.array(steps), params), 4, 99)


@pytest.fixture(scope="module")
def trained():
    """A run of 39 iterations, and its weights after 13."""
    dataset, recipe = small_dataset(), small_recipe()
    parts = split_data(recipe, dataset)
    run = new_run(recipe, dataset, parts)
    target, run.target = run.target, 13
    for _ in train(run, parts):
        pass
    then = Moment(run.step, run.params.copy())
    run.target = target
    for _ in train(run, parts):
        pass
    return run, then, parts


def test_a_run_of_the_past_is_as_it_was_but_for_the_optimizers_memory(trained):
    run, then, _ = trained
    before = run.params.copy()
    back = run_at(run, then)
    assert back.step == back.history.count == 13
    np.testing.assert_array_equal(back.params, then.params)
    np.testing.assert_array_equal(back.history.losses, run.history.losses[:13])
    assert all(row.step <= 13 for row in back.history.evaluations)
    assert all((slot == 0).all() for slot in back.slots.values())
    assert 0 < back.seconds < run.seconds
    np.testing.assert_array_equal(run.params, before)
    assert run.step > 13


def test_it_can_be_trained_on_to_the_same_end(trained):
    run, then, parts = trained
    back = run_at(run, then)
    for _ in train(back, parts):
        pass
    assert back.step == back.history.count == run.step
    assert np.isfinite(back.params).all()


def test_lessons_that_came_later_are_not_part_of_the_past(trained):
    run, then, _ = trained
    run.lessons[:] = [{"step": 13, "steps": 3}, {"step": 39, "steps": 3}]
    assert run_at(run, then).lessons == [{"step": 13, "steps": 3}]
    run.lessons.clear()
