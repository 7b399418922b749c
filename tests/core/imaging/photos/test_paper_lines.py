"""Lines of ruled and squared paper go; strokes of digits stay."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from core.imaging.photos.paper_lines import find_lines, without_lines

_SHAPE = (300, 400)


def page(*, gap=45, slope=0.0, thick=2, strength=0.5, upright=False):
    """Return ink of a ruled page."""
    ink = np.zeros(_SHAPE, np.float32)
    y, x = np.mgrid[: _SHAPE[0], : _SHAPE[1]]
    ink[((y + 15 - slope * x) % gap) < thick] = strength
    if upright:
        ink[((x + 20) % gap) < thick] = strength
    return ink


def with_stroke(ink, strength=0.9):
    """Add an upright stroke, 12 pixels wide, that crosses several lines."""
    marked = ink.copy()
    marked[60:240, 200:212] = strength
    return marked


@pytest.mark.parametrize("slope", [-0.12, 0.0, 0.03, 0.1])
@pytest.mark.parametrize("strength", [0.2, 0.5, 0.9])
def test_ruled_lines_go_and_the_stroke_across_them_stays_whole(slope, strength):
    ink = page(slope=slope, strength=strength)
    clean, count = without_lines(with_stroke(ink))
    assert count >= 5
    assert clean[60:240, 203:209].min() > 0.8
    clean[55:245, 195:217] = 0
    assert np.mean(clean > 0.1) < 0.1 * np.mean(ink > 0.1)


def test_squared_paper_is_cleaned_both_ways():
    ink = page(upright=True)
    clean, count = without_lines(with_stroke(ink))
    assert count >= 12
    assert clean[70:230, 203:209].min() > 0.8
    clean[55:245, 190:222] = 0
    assert np.mean(clean > 0.1) < 0.1 * np.mean(ink > 0.1)


def test_lines_are_told_by_row_and_thickness():
    lines = find_lines(page(gap=60, thick=4))
    middles = [float(line.path[200]) for line in lines]
    assert middles == pytest.approx([46.5, 106.5, 166.5, 226.5, 286.5], abs=1.5)
    assert all(2 <= line.reach <= 5 for line in lines)


def test_a_digit_without_lines_is_left_as_it_is():
    ink = with_stroke(np.zeros(_SHAPE, np.float32))
    ink[60:72, 120:212] = 0.9  # now it is a 7
    clean, count = without_lines(ink)
    assert count == 0
    np.testing.assert_array_equal(clean, ink)


def test_a_stroke_that_runs_along_a_line_stays_where_it_is_darker():
    ink = page(strength=0.3)
    row = int(np.flatnonzero(ink[:, 0])[2])
    ink[row - 4 : row + 7, 150:260] = 0.9
    clean, _ = without_lines(ink)
    assert clean[row - 3 : row + 5, 155:255].min() > 0.8


@given(
    ink=hnp.arrays(
        np.float32,
        st.tuples(st.integers(1, 130), st.integers(1, 130)),
        elements=st.floats(0, 1, width=32),
        fill=st.just(0.0),
    )
)
def test_nothing_gets_darker_and_nothing_is_lost_in_small_pictures(ink):
    clean, count = without_lines(ink)
    assert clean.shape == ink.shape
    assert np.all(clean <= ink)
    if min(ink.shape) < 96:
        assert count == 0
