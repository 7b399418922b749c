"""What can be done to a drawing, without any widget."""

import numpy as np
import pytest

from gui.widgets.gestures import Line
from gui.widgets.strokes import SIDE, History, clean, curve, erase, line_widths, nudge


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
    start, bend, end = points((0, 0), (50, 0), (50, 50))
    made = curve(start, bend, end)
    np.testing.assert_array_equal(made[-1], end)
    steps = np.hypot(*np.diff(made[:, :2], axis=0).T)
    assert steps.max() < 4


def test_a_line_goes_through_its_ends_and_has_no_corners():
    line = Line((), points((100, 100)))
    for place in ((150, 100), (150, 150), (100, 150)):
        line.move(points(place))
    line.finish()
    (drawn,) = line.drawing
    np.testing.assert_array_equal(drawn[[0, -1], :2], [[100, 100], [100, 150]])
    headings = np.unwrap(np.arctan2(*np.diff(drawn[:, :2], axis=0).T[::-1]))
    assert np.abs(np.diff(headings)).max() < np.radians(20)


def test_history_steps_back_and_forth():
    history = History()
    history.push((LINE,))
    history.push(())
    history.undo()
    assert history.now == (LINE,)
    history.redo()
    assert history.now == ()
    assert not history.can_redo


def test_a_new_step_ends_what_could_be_redone():
    history = History()
    history.push((LINE,))
    history.undo()
    history.push((LINE, LINE))
    assert not history.can_redo


def test_presses_of_one_gesture_are_one_step():
    history = History()
    history.push((LINE,))
    for _ in range(10):
        history.push(nudge(history.now, 1.0, 0.0), "push")
    history.undo()
    assert history.now == (LINE,)
