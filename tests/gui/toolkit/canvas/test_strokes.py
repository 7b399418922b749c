"""What can be done to a drawing, without any widget."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.toolkit.canvas.gestures import PenLine
from gui.toolkit.canvas.strokes import (
    MOST_STEPS,
    SIDE,
    StrokeHistory,
    clean,
    erase,
    line_widths,
    nudge,
    spline,
)


def points(*places: tuple[float, float]) -> np.ndarray:
    return np.array([[x, y, 1.0] for x, y in places], np.float32)


LINE = points((40, 140), (240, 140))


def test_rubbing_across_a_line_leaves_two_pieces():
    pieces = erase((LINE,), points((140, 100))[0], points((140, 180))[0], 20.0)
    assert len(pieces) == 2
    assert pieces[0][:, 0].max() == pytest.approx(120, abs=2)
    assert pieces[1][:, 0].min() == pytest.approx(160, abs=2)
    assert pieces[0][0, 0] == 40
    assert pieces[1][-1, 0] == 240


def test_rubbing_beside_a_line_changes_nothing():
    drawing = (LINE,)
    assert erase(drawing, points((140, 0))[0], points((140, 100))[0], 20.0) is drawing


def test_rubbing_over_all_of_a_line_removes_it():
    assert erase((LINE,), points((0, 140))[0], points((280, 140))[0], 20.0) == ()


def test_rubbing_removes_a_dot():
    dot = points((50, 50))
    assert erase((dot, LINE), points((55, 50))[0], points((55, 50))[0], 12.0) == (LINE,)


def test_pushing_stops_at_the_edge():
    moved = nudge((LINE,), 100.0, 0.0)
    assert moved[0][:, 0].max() == SIDE
    np.testing.assert_allclose(np.ptp(moved[0][:, 0]), 200, rtol=1e-6)
    assert nudge(moved, 10.0, 0.0) is moved


def test_strokes_from_elsewhere_are_made_fit():
    given = [np.array([[-5.0, 300.0], [np.nan, 1.0], [10.0, 20.0]]), np.zeros((0, 3))]
    (stroke,) = clean(given)
    assert stroke.dtype == np.float32
    np.testing.assert_array_equal(stroke, [[0, 280, 1], [10, 20, 1]])


def test_a_light_hand_draws_a_thinner_line():
    thin, thick = line_widths(20.0, np.array([0.0, 1.0], np.float32)).tolist()
    assert 0 < thin < thick
    assert thick == 20.0


def test_a_curve_ends_where_it_should_in_small_steps():
    before, start, end, after = points((0, 0), (50, 0), (50, 50), (0, 50))
    made = spline(before, start, end, after)
    np.testing.assert_allclose(made[-1], end, atol=1e-4)
    steps = np.hypot(*np.diff(np.vstack([start, made])[:, :2], axis=0).T)
    assert steps.max() < 4
    assert made[:, 0].max() > 55  # it swings round, rather than cut the corner


def test_the_ends_of_a_line_are_straight():
    start, end = points((10, 20), (110, 70))
    made = spline(None, start, end, None)
    off = (made[:, 0] - 10) * 50 - (made[:, 1] - 20) * 100
    np.testing.assert_allclose(off, 0, atol=1e-2)


def test_pressure_changes_evenly_along_a_curve():
    line = points((0, 0), (50, 0), (50, 50), (0, 50))
    line[:, 2] = (0.0, 0.2, 0.8, 0.0)
    made = spline(*line)
    np.testing.assert_allclose(np.diff(made[:, 2]), 0.6 / len(made), atol=1e-5)


def test_positions_that_are_the_same_do_no_harm():
    place = points((50, 50))[0]
    assert np.isfinite(spline(place, place, place, place)).all()
    made = spline(place, place, points((90, 50))[0], None)
    np.testing.assert_allclose(made[-1, :2], [90, 50])


def drawn_through(*places):
    line = PenLine((), points(places[0]))
    for place in places[1:]:
        line.move(points(place))
    line.finish()
    (drawn,) = line.drawing
    return drawn


def test_a_line_goes_through_its_ends_and_has_no_corners():
    drawn = drawn_through((100, 100), (150, 100), (150, 150), (100, 150))
    np.testing.assert_allclose(drawn[[0, -1], :2], [[100, 100], [100, 150]], atol=1e-4)
    headings = np.unwrap(np.arctan2(*np.diff(drawn[:, :2], axis=0).T[::-1]))
    assert np.abs(np.diff(headings)).max() < np.radians(20)


def test_a_fast_line_goes_through_every_position():
    places = [(30, 40), (90, 30), (200, 60), (220, 180), (100, 240)]
    drawn = drawn_through(*places)
    for place in places:
        assert np.hypot(*(drawn[:, :2] - place).T).min() < 1e-3


def test_a_circle_drawn_with_eight_positions_is_nearly_round():
    angles = np.linspace(0, 4 * np.pi, 17)
    places = [(140 + 80 * np.cos(angle), 140 + 80 * np.sin(angle)) for angle in angles]
    drawn = drawn_through(*places)
    middle = drawn[len(drawn) // 4 : -len(drawn) // 4, :2]
    radii = np.hypot(*(middle - 140).T)
    assert radii.min() > 78  # straight lines would come as near as 74
    assert radii.max() < 81


@given(
    places=st.lists(
        st.tuples(st.floats(0, 280, width=32), st.floats(0, 280, width=32)),
        min_size=1,
        max_size=20,
    )
)
def test_any_line_stays_on_the_paper_and_ends_at_the_pointer(places):
    drawn = drawn_through(*places)
    assert np.isfinite(drawn).all()
    assert drawn[:, :2].min() >= 0
    assert drawn[:, :2].max() <= SIDE
    np.testing.assert_allclose(drawn[-1, :2], places[-1], atol=1e-3)


def test_the_line_reaches_the_pointer_at_once():
    line = PenLine((), points((10, 10)))
    line.move(points((60, 10)))
    line.move(points((100, 50)))
    np.testing.assert_allclose(line.drawing[0][-1, :2], [100, 50])


def test_what_is_said_to_have_changed_covers_all_that_did():
    line = PenLine((), points((10, 10)))
    line.move(points((60, 10)))
    before = line.drawing[0]
    way = line.move(points((60, 90)))
    after = line.drawing[0]
    different = [place for place in after if not (np.abs(before - place).max(axis=1) < 1e-6).any()]
    low, high = way[:, :2].min(axis=0), way[:, :2].max(axis=0)
    assert (np.array(different)[:, :2] >= low).all()
    assert (np.array(different)[:, :2] <= high).all()


def test_history_steps_back_and_forth():
    history = StrokeHistory()
    history.push((LINE,))
    history.push(())
    history.undo()
    assert history.now == (LINE,)
    history.redo()
    assert history.now == ()
    assert not history.can_redo


def test_a_new_step_ends_what_could_be_redone():
    history = StrokeHistory()
    history.push((LINE,))
    history.undo()
    history.push((LINE, LINE))
    assert not history.can_redo


def test_presses_of_one_gesture_are_one_step():
    history = StrokeHistory()
    history.push((LINE,))
    for _ in range(10):
        history.push(nudge(history.now, 1.0, 0.0), "push")
    history.undo()
    assert history.now == (LINE,)


def test_a_day_of_drawing_keeps_the_last_steps_only():
    history = StrokeHistory()
    for step in range(MOST_STEPS + 50):
        history.push((np.full((1, 3), step, np.float32),))
    back = 0
    while history.can_undo:
        history.undo()
        back += 1
    assert back == MOST_STEPS
    assert history.now[0][0, 0] == 49
