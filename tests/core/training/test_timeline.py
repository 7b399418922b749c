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


# Which moments are kept, exactly -------------------------------------------------------------


def _moment(step, size=1):
    return Moment(step, np.full(size, step, np.float32))


def _line(steps, **limits):
    return Timeline((_moment(step) for step in steps), **limits)


def _steps(line):
    return [moment.step for moment in line.moments]


def test_length_and_size_are_those_of_what_is_kept():
    line = Timeline([_moment(step, 6) for step in (0, 3, 9)])
    assert (len(line), line.size) == (3, 3 * 6 * 4)


@pytest.mark.parametrize(
    ("step", "left"), [(-1, []), (0, [0]), (2, [0]), (3, [0, 3]), (8, [0, 3]), (9, [0, 3, 9])]
)
def test_what_came_after_an_iteration_is_forgotten(step, left):
    line = _line((0, 3, 9))
    line.truncate(step)
    assert _steps(line) == left


@pytest.mark.parametrize(("step", "found"), [(-5, 0), (1, 0), (2, 3), (5, 3), (7, 9), (99, 9)])
def test_the_nearest_moment(step, found):
    assert _line((0, 3, 9)).nearest(step).step == found
    assert Timeline().nearest(step) is None


def test_the_moment_between_the_closest_neighbours_goes_first():
    # log(step + 10): gaps around 10, 30 and 40 are log 4, log 2.5 and log 2.75.
    line = _line((0, 10, 30, 40, 100))
    line.thin(4)
    assert _steps(line) == [0, 10, 40, 100]
    line.thin(3)
    assert _steps(line) == [0, 40, 100]  # log 5 around 10, log 5.5 around 40


def test_first_and_last_go_at_last():
    line = _line((0, 10, 20))
    line.thin(2)
    assert _steps(line) == [0, 20]
    line.thin(1)
    assert _steps(line) == [20]
    line.thin(0)
    assert _steps(line) == []
    line.thin(-3)


def test_the_first_moment_of_an_epoch_outlasts_others_that_lie_farther_apart():
    steps = (0, 100, 101, 102, 500, 550, 599)
    line = _line(steps, steps_per_epoch=100)
    line.thin(6)
    assert _steps(line) == [0, 100, 102, 500, 550, 599]
    line.thin(4)
    assert _steps(line) == [0, 100, 500, 599]


def test_where_most_moments_begin_an_epoch_that_counts_for_less():
    # Seven of eight begin an epoch: four times as far apart, not a thousand times.
    steps = (0, 1, 100, 101, 102, 103, 104, 10_000)
    line = _line(steps, steps_per_epoch=1)
    line.thin(7)
    assert _steps(line) == [0, 1, 100, 101, 102, 104, 10_000]


def test_what_is_looked_at_is_not_taken_out():
    line = _line((0, 10, 30, 40, 100))
    line.thin(4, pinned=line.moments[2])
    assert _steps(line) == [0, 10, 30, 100]


@pytest.mark.parametrize(
    ("size", "limits", "found"),
    [
        (1, {}, 200),
        (0, {}, 200),
        (64 * _MB // 200, {}, 200),
        (64 * _MB // 150, {}, 150),
        (10 * _MB, {}, 12),  # 6 within the bytes, but a few are wanted
        (30 * _MB, {}, 8),  # within 256 MB
        (300 * _MB, {}, 0),
        (_MB, {"most_bytes": 16 * _MB}, 16),
        (10 * _MB, {"most_bytes": 16 * _MB}, 1),  # in a file no more than its share
        (10 * _MB, {"most": 5}, 5),
        (10 * _MB, {"most": 9}, 9),
    ],
)
def test_how_many_moments_there_may_be(size, limits, found):
    assert most_moments(size, **limits) == found


def test_a_new_moment_thins_the_line_to_its_bounds():
    line = Timeline(most=3)
    for step in (0, 10, 30, 100):
        line.add(_moment(step))
    assert _steps(line) == [0, 30, 100]
    line.add(_moment(30))  # what was at and after it is forgotten
    assert _steps(line) == [0, 30]
    assert line.moments[1].params[0] == 30


def test_packed_moments_are_rising_steps_and_rows_of_weights():
    packed = pack([_moment(step, 3) for step in (0, 7, 9)])
    assert (packed.steps.dtype, packed.params.dtype) == (np.int64, np.float32)
    np.testing.assert_array_equal(packed.steps, [0, 7, 9])
    np.testing.assert_array_equal(packed.params, [[0] * 3, [7] * 3, [9] * 3])
    assert pack([]) is None
    assert pack([_moment(step) for step in (0, 7, 9)], most=0) is None
    assert pack([_moment(step) for step in range(100)]).params.shape == (32, 1)
    assert len(pack([_moment(step, _MB) for step in range(9)]).steps) == 4  # of 4 MB each


@given(st.lists(st.integers(0, 1000), unique=True, min_size=1, max_size=20))
def test_a_packed_line_comes_back(steps):
    moments = [_moment(step, 2) for step in sorted(steps)]
    back = unpack(pack(moments), 2, max(steps))
    assert [moment.step for moment in back] == sorted(steps)
    for one, other in zip(moments, back, strict=True):
        np.testing.assert_array_equal(one.params, other.params)


def _strange(steps=(0, 5, 9), shape=(3, 2), kind=np.float32, step_kind=np.int64, fill=1.0):
    return PackedMoments(np.array(steps, step_kind), np.full(shape, fill, kind))


@pytest.mark.parametrize(
    ("packed", "words"),
    [
        (_strange(shape=(3, 3)), "shape"),
        (_strange(shape=(2, 2)), "shape"),
        (_strange(steps=((0,), (5,), (9,))), "shape"),
        (_strange(steps=range(1001), shape=(1001, 2)), "too many"),
        (_strange(kind=np.float64), "kind"),
        (_strange(step_kind=np.float64), "kind"),
        (_strange(steps=(-1, 5, 9)), "order"),
        (_strange(steps=(0, 5, 1001)), "order"),
        (_strange(steps=(0, 5, 5)), "order"),
        (_strange(steps=(0, 9, 5)), "order"),
        (_strange(fill=np.nan), "finite"),
        (_strange(fill=np.inf), "finite"),
    ],
)
def test_what_is_no_time_line_is_refused_and_why(packed, words):
    with pytest.raises(ValueError, match=words):
        unpack(packed, 2, 1000)


def test_the_largest_line_that_is_read():
    assert len(unpack(_strange(steps=range(1000), shape=(1000, 2)), 2, 999)) == 1000
    assert unpack(_strange(steps=(), shape=(0, 2)), 2, 0) == ()
    one_bad = _strange()
    one_bad.params[1, 1] = np.nan
    with pytest.raises(ValueError, match="finite"):
        unpack(one_bad, 2, 1000)
