"""A drawing becomes a few control points, and their curve is the drawing again."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.base.errors import ShapeError
from core.imaging.synthesis.fitting import MOST_STROKES, deviation, fit_strokes, spline
from core.imaging.synthesis.templates import CONTROL_POINTS, load_templates
from tests.support.examples import examples

_bends = st.lists(st.floats(-4, 4), min_size=2, max_size=5)  # radians per half height


def smooth(bends, heading, length=3.0):
    """A line of some half heights whose direction changes smoothly."""
    along = np.linspace(0, 1, 200)
    curvature = np.interp(along, np.linspace(0, 1, len(bends)), bends)
    angle = heading + np.cumsum(curvature) * length / 200
    steps = np.stack([np.cos(angle), np.sin(angle)], axis=1) * length / 200
    return np.cumsum(steps, axis=0)


def placed(strokes):
    """Strokes two half heights high around (0, 0), as templates lie; 1.2 wide on each side."""
    places = np.concatenate(strokes)
    low, high = places.min(axis=0), places.max(axis=0)
    half = max((high - low)[1] / 2, (high - low)[0] / 2.4)
    return [(stroke - (low + high) / 2) / half for stroke in strokes]


def corner(*places):
    """Straight lines from place to place, as a mouse leaves them."""
    at = np.linspace(0, len(places) - 1, 40 * len(places))
    return np.stack(
        [np.interp(at, range(len(places)), np.array(places, float)[:, k]) for k in (0, 1)], axis=1
    )


@examples(0.6)
@given(bends=_bends, heading=st.floats(0, 6.28))
def test_the_curve_stays_within_a_twentieth_of_a_half_height_of_a_smooth_stroke(bends, heading):
    stroke = smooth(bends, heading)
    (points,) = fit_strokes([stroke])
    assert len(points) <= CONTROL_POINTS
    assert deviation(spline(points), placed([stroke])[0]) <= 0.05


@examples(0.25)
@given(bends=_bends, other=_bends, heading=st.floats(0, 6.28))
def test_two_strokes_share_the_points_and_both_are_followed(bends, other, heading):
    strokes = [smooth(bends, heading, 2.0), smooth(other, 0.0, 1.5) + (0.5, 0.5)]
    fits = fit_strokes(strokes)
    assert sum(map(len, fits)) <= CONTROL_POINTS
    for points, stroke in zip(fits, placed(strokes), strict=True):
        assert deviation(spline(points), stroke) <= 0.06


def test_every_built_in_template_drawn_by_hand_is_found_again():
    templates = load_templates()
    for row in range(0, len(templates.points), 40):
        curve = templates.curves[row] @ templates.points[row]
        strokes = np.split(curve, np.flatnonzero(templates.down[row] == 0) + 1)
        strokes = [stroke for stroke in strokes if len(stroke) > 4]
        for points, stroke in zip(fit_strokes(strokes), placed(strokes), strict=True):
            assert deviation(spline(points), stroke) <= 0.05


def test_a_corner_stays_a_corner():
    seven = corner((0, 0), (100, 0), (40, 200))
    (points,) = fit_strokes([seven])
    tip = placed([seven])[0][np.argmax(seven[:, 0] - seven[:, 1])]
    assert np.hypot(*(spline(points) - tip).T).min() < 0.05


def test_a_straight_line_needs_two_points():
    (points,) = fit_strokes([corner((10, 10), (10, 250))])
    np.testing.assert_allclose(points, [(0, -1), (0, 1)], atol=1e-9)


def test_where_and_how_large_it_is_drawn_makes_no_difference():
    stroke = smooth([1, 3, -2], 0.3)
    (one,), (other,) = fit_strokes([stroke]), fit_strokes([stroke * 77 + 12])
    np.testing.assert_allclose(one, other, atol=1e-6)


def test_pressure_is_not_looked_at():
    stroke = smooth([1, 3, -2], 0.3)
    with_pressure = np.column_stack([stroke, np.linspace(0, 1, len(stroke))])
    np.testing.assert_array_equal(fit_strokes([stroke])[0], fit_strokes([with_pressure])[0])


def test_a_slip_of_the_pen_is_left_out():
    assert len(fit_strokes([corner((0, 0), (0, 200)), corner((50, 50), (51, 51))])) == 1


@pytest.mark.parametrize(
    "strokes",
    [[], [np.zeros((0, 3))], [np.full((5, 2), 7.0)], [np.array([[3.0, 4.0]])],
     [np.full((9, 3), np.nan)]],
)  # fmt: skip
def test_nothing_drawn_is_refused_in_words(strokes):
    with pytest.raises(ShapeError, match="no line"):
        fit_strokes(strokes)


def test_a_scribble_of_many_strokes_is_refused_in_words():
    lines = [corner((10 * k, 0), (10 * k, 200)) for k in range(MOST_STROKES + 1)]
    with pytest.raises(ShapeError, match=f"{MOST_STROKES + 1} strokes"):
        fit_strokes(lines)


@examples(0.4)
@given(
    st.lists(
        st.lists(st.tuples(*[st.floats(allow_nan=True, width=32)] * 2), max_size=6), max_size=4
    )
)
def test_any_points_at_all_give_points_or_a_sentence(strokes):
    try:
        fits = fit_strokes([np.array(stroke).reshape(-1, 2) for stroke in strokes])
    except ShapeError:
        return
    assert all(np.isfinite(points).all() for points in fits)
    assert sum(map(len, fits)) <= CONTROL_POINTS
