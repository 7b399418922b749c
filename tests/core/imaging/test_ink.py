"""Drawings become images, wherever and however large they were drawn."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.imaging.framing import CENTRE, SIDE
from core.imaging.ink import draw, paint

_COORDINATES = st.floats(0, 280, width=32)
_STROKES = st.lists(
    st.lists(st.tuples(_COORDINATES, _COORDINATES), min_size=1, max_size=12), min_size=1, max_size=4
).map(lambda strokes: [np.array(stroke, np.float64) for stroke in strokes])


def circle(count=60):
    angles = np.linspace(0, 2 * np.pi, count)
    return np.stack([140 + 60 * np.cos(angles), 140 + 90 * np.sin(angles)], axis=1)


def ink_extent(image):
    rows, columns = np.nonzero(image > 127)
    return max(np.ptp(rows), np.ptp(columns)) + 1


def test_nothing_drawn_is_a_blank_image():
    assert draw([], 9.0).shape == (SIDE, SIDE)
    assert not draw([], 9.0).any()
    assert not draw([np.zeros((0, 2)), np.zeros((0, 3), np.float32)], 9.0).any()


def test_a_dot_is_a_disc():
    image = draw([np.array([[30.0, 200.0]])], 9.0)
    assert image.max() == 255
    assert ink_extent(image) == pytest.approx(20, abs=1)
    np.testing.assert_array_equal(image, image.T)


def test_a_stroke_that_never_moves_is_a_dot():
    dot = draw([np.array([[30.0, 200.0]])], 9.0)
    np.testing.assert_array_equal(draw([np.full((5, 2), [30.0, 200.0])], 9.0), dot)


@given(
    strokes=_STROKES,
    scale=st.floats(0.01, 100),
    shift=st.tuples(st.floats(-1000, 1000), st.floats(-1000, 1000)),
)
def test_place_and_size_make_no_difference(strokes, scale, shift):
    image = draw(strokes, 9.0).astype(int)
    other = draw([stroke * scale + shift for stroke in strokes], 9.0 * scale).astype(int)
    assert np.abs(image - other).max() <= 8
    assert np.abs(image - other).mean() <= 0.5


@given(strokes=_STROKES, radius=st.floats(0.01, 30))
def test_any_drawing_has_black_ink_in_the_middle(strokes, radius):
    image = draw(strokes, radius)
    assert image.max() == 255
    places = np.arange(SIDE)
    for axis in (0, 1):
        centre = image.sum(axis=axis) @ places / image.sum(dtype=float)
        assert abs(centre - CENTRE) < 5  # half a pixel, or as far as ink can be moved


def test_a_drawing_fills_the_box():
    assert ink_extent(draw([circle()], 9.0)) in (19, 20, 21)


@pytest.mark.parametrize("count", [2, 7, 1000])
def test_a_line_has_no_gaps_whatever_the_number_of_points(count):
    x = np.linspace(0, 250, count)
    image = draw([np.stack([x, 0.8 * x], axis=1)], 9.0)
    # A diagonal line passes through every row between its ends.
    rows = np.flatnonzero(image.max(axis=1) > 100)
    assert (image[rows[0] + 1 : rows[-1]].max(axis=1) > 200).all()
    dense = draw([np.stack([np.linspace(0, 250, 501), np.linspace(0, 200, 501)], axis=1)], 9.0)
    assert np.abs(image.astype(int) - dense).max() <= 8


def test_uneven_points_leave_even_ink():
    slow_then_fast = np.concatenate([np.linspace(0, 50, 400), [250.0]])
    uneven = draw([np.stack([slow_then_fast, 0 * slow_then_fast], axis=1)], 9.0)
    even = draw([np.array([[0.0, 0.0], [250.0, 0.0]])], 9.0)
    assert np.abs(uneven.astype(int) - even).max() <= 2


@pytest.mark.parametrize("radius", [0.001, 0.5, 2.0])
def test_a_pen_too_thin_to_read_is_widened(radius):
    image = draw([circle()], radius)
    assert image.max() == 255
    assert image[image > 0].size > 60
    assert np.median(image[image > 60]) > 120


def test_pressure_widens_the_line():
    def ink(pressure):
        line = np.array([[0.0, 0.0, pressure], [0.0, 250.0, pressure]])
        return draw([line], 25.0).sum(dtype=float)

    assert ink(0.2) < 0.9 * ink(0.6)
    assert ink(0.6) < 0.8 * ink(1.0)


def test_points_without_pressure_press_fully():
    full = np.column_stack([circle(), np.ones(60)])
    np.testing.assert_array_equal(draw([circle()], 9.0), draw([full], 9.0))


def test_the_order_of_strokes_makes_no_difference():
    line = np.array([[100.0, 100.0], [200.0, 150.0]])
    first, second = draw([circle(), line], 9.0), draw([line, circle()], 9.0)
    assert np.abs(first.astype(int) - second).max() <= 1


def test_points_that_are_no_numbers_are_left_out():
    broken = np.insert(circle(), 10, [np.nan, np.inf], axis=0)
    np.testing.assert_array_equal(draw([broken], 9.0), draw([circle()], 9.0))
    assert not draw([np.full((3, 2), np.nan)], 9.0).any()


def test_y_points_down_and_x_right():
    # An L: ink at the left and at the bottom.
    image = draw([np.array([[0.0, 0.0], [0.0, 100.0], [60.0, 100.0]])], 6.0)
    rows, columns = np.nonzero(image > 127)
    assert np.bincount(rows, minlength=SIDE).argmax() >= rows.max() - 3
    assert np.bincount(columns, minlength=SIDE).argmax() <= columns.min() + 3


def test_a_long_scribble_is_drawn_in_bounded_memory():
    rng = np.random.default_rng(0)
    image = draw([rng.uniform(0, 280, (20_000, 2))], 4.0)
    assert (image[8:20, 8:20] == 255).all()


@given(data=st.data())
def test_painting_does_not_depend_on_the_unit(data):
    rng = np.random.default_rng(data.draw(st.integers(0, 1000)))
    x, y = rng.normal(size=(2, 3, 10)).astype(np.float32)
    assume(np.ptp(x) > 0.1)
    pressure, radius = np.ones((3, 9), np.float32), np.full((3, 1), 0.2, np.float32)
    image = paint(x, y, pressure, radius).astype(int)
    other = paint(8 * x, 8 * y, pressure, 8 * radius).astype(int)
    assert np.abs(image - other).max() <= 1


def test_a_lifted_pen_leaves_no_ink():
    x = np.array([[0, 0, 1, 1]], np.float32)
    y = np.array([[0, 1, 0, 1]], np.float32)
    radius = np.full((1, 1), 0.1, np.float32)
    image = paint(x, y, np.array([[1, 0, 1]], np.float32), radius)[0]
    assert image[:, 13:15].max() == 0
    joined = paint(x, y, np.ones((1, 3), np.float32), radius)[0]
    assert joined[:, 13:15].max() > 200
