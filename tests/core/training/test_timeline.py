"""Which moments of a training are kept, exactly."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.training.timeline import Moment, PackedMoments, Timeline, most_moments, pack, unpack

_MB = 1 << 20


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
