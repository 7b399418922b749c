import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.base.events import Evaluated, Evaluation, RunFinished, RunStarted, WeightsSeen
from gui.features.curves.model import METRICS, Curves
from gui.session.viewmodel import ViewModel
from tests.support.training_runs import evaluated, history, progress, run_events

LONG = 200_000


@pytest.fixture
def curves():
    return Curves()


@pytest.fixture(scope="module")
def long_run():
    made = Curves()
    made.accept(list(run_events(LONG, per_epoch=1000)))
    return made


def test_a_view_model_may_ignore_the_events():
    ViewModel().accept([RunFinished(1, stopped_early=False)])


def test_at_first_there_is_nothing_to_draw(curves):
    assert curves.empty
    for metric in METRICS:
        series = curves.series(metric)
        assert not len(series.raw_x) + len(series.smooth_x) + len(series.eval_x)
    assert curves.epoch_marks() == []
    assert curves.reading("loss", 1).raw is None


def test_every_iteration_is_kept(curves):
    curves.accept([RunStarted(0, 9, 3, 4), progress(1, [3, 2]), progress(3, [1])])
    np.testing.assert_array_equal(curves.raw("loss"), [3, 2, 1])
    assert curves.total_steps == 9
    assert curves.epoch_at(3) == 1.0


def test_the_penalty_is_that_of_the_nearest_evaluation(curves):
    assert curves.penalty_at(3) == 0
    row = Evaluation(10, 1.0, 0.5, 0.9, 0.6, 0.8, 1.0, 0.1, penalty=0.25)
    later = Evaluation(20, 2.0, 0.5, 0.9, 0.6, 0.8, 1.0, 0.1, penalty=0.5)
    none = np.empty(0, np.uint8)
    curves.accept([RunStarted(0, 20, 10, 4), Evaluated(row, none), Evaluated(later, none)])
    assert [curves.penalty_at(step) for step in (0, 14, 16, 99)] == [0.25, 0.25, 0.5, 0.5]


def test_one_change_is_told_for_many_events(curves, qtbot):
    told = []
    curves.changed.connect(lambda: told.append(curves.count))
    curves.accept(list(run_events(500)))
    assert told == [500]


def test_events_of_others_change_nothing(curves, qtbot):
    with qtbot.assertNotEmitted(curves.changed):
        curves.accept([WeightsSeen(5, np.ones(3, np.float32)), RunFinished(5, False)])


def test_a_new_run_begins_with_an_empty_plot(curves):
    curves.accept(list(run_events(300)))
    curves.accept([RunStarted(0, 50, 10, 4)])
    assert curves.empty


def test_a_run_that_goes_on_keeps_what_was_before(curves):
    curves.accept([RunStarted(0, 3, 3, 4), progress(1, [3, 2, 1]), RunStarted(3, 6, 3, 4)])
    curves.accept([progress(4, [0.5])])
    np.testing.assert_array_equal(curves.raw("loss"), [3, 2, 1, 0.5])
    assert curves.total_steps == 6


def test_a_run_that_goes_on_from_an_earlier_state_replaces_what_came_after(curves):
    curves.accept([RunStarted(0, 90, 30, 4), progress(1, np.ones(90)), evaluated(90, 30)])
    curves.series("loss")
    curves.accept([RunStarted(60, 120, 30, 4), progress(61, np.full(60, 5.0))])
    assert curves.raw("loss").tolist() == [1] * 60 + [5] * 60
    assert curves.series("loss").smooth_y[-1] > 4
    assert not len(curves.series("loss").eval_x)


def test_a_longer_run_loaded_over_another_leaves_nothing_of_it(curves):
    curves.load(history(np.ones(100)), 100)
    curves.series("loss")
    curves.load(history(np.full(2000, 2.0)), 2000)
    series = curves.series("loss")
    assert set(series.smooth_y) == {2.0}
    assert set(series.raw_y) == {2.0}


def test_a_loaded_history_is_a_copy(curves):
    original = history([3, 2, 1])
    curves.load(original, 9)
    original.truncate(0)
    assert curves.count == 3


def test_clear_leaves_nothing(curves):
    curves.accept(list(run_events(300)))
    curves.clear()
    assert curves.empty
    assert curves.total_steps == 0


def test_smoothing_can_be_changed_at_any_time(curves, qtbot):
    curves.accept(list(run_events(300)))
    with qtbot.waitSignal(curves.changed):
        curves.set_smoothing(0.0)
    np.testing.assert_array_equal(curves.smooth("loss"), curves.raw("loss"))
    curves.set_smoothing(7.0)
    assert curves.smoothing == 0.999


@given(first=st.floats(-1e4, 3e5), width=st.floats(1, 3e5))
def test_any_part_of_a_long_run_is_at_most_1002_points(long_run, first, width):
    for metric in METRICS:
        series = long_run.series(metric, first, first + width)
        assert len(series.raw_x) <= 1002
        assert len(series.smooth_x) <= 501
        assert len(series.eval_x) <= 502
        assert len(series.raw_x) == len(series.raw_y)
        assert len(series.smooth_x) == len(series.smooth_y)


@given(first=st.integers(1, LONG - 500), width=st.integers(1, 400))
def test_a_narrow_part_shows_every_iteration_in_it(long_run, first, width):
    series = long_run.series("loss", first, first + width)
    wanted = np.arange(first, first + width + 1)
    assert np.isin(wanted, series.raw_x).all()
    at = np.searchsorted(series.raw_x, wanted)
    np.testing.assert_array_equal(series.raw_y[at], long_run.raw("loss")[wanted - 1])


def test_the_whole_of_a_long_run_shows_its_extremes_and_its_end(long_run):
    series, raw = long_run.series("loss"), long_run.raw("loss")
    assert series.raw_y.min() == raw.min()
    assert series.raw_y.max() == raw.max()
    assert series.smooth_x[-1] == LONG
    assert series.smooth_y[-1] == long_run.smooth("loss")[-1]


def test_losses_that_are_not_finite_leave_a_gap(curves):
    losses = np.ones(5000)
    losses[[10, 400, 4999]] = np.nan, np.inf, np.nan
    curves.accept([RunStarted(0, 5000, 100, 4), progress(1, losses)])
    series = curves.series("loss")
    assert set(series.raw_y) == {1.0}
    assert set(series.smooth_y) == {1.0}
    assert np.isnan(curves.reading("loss", 11).raw)


def test_measurements_stand_at_their_iterations(curves):
    curves.accept([RunStarted(0, 20, 10, 4), progress(1, np.ones(20))])
    curves.accept([evaluated(10, 10, 0.5), evaluated(20, 10, 0.4)])
    series = curves.series("loss")
    assert series.eval_x.tolist() == [10, 20]
    assert series.eval_held_out.tolist() == [0.5, 0.4]
    assert series.eval_train.tolist() == pytest.approx([0.45, 0.36])


def test_a_reading_is_exact_on_the_curves_and_the_nearest_of_the_measurements(curves):
    curves.accept([RunStarted(0, 30, 10, 4), progress(1, np.arange(30) / 10)])
    curves.accept([evaluated(10, 10, 0.5), evaluated(20, 10, 0.4)])
    assert curves.reading("loss", 14).raw == pytest.approx(1.3)
    assert curves.reading("loss", 14).smooth == pytest.approx(curves.smooth("loss")[13])
    found = [curves.reading("loss", step).held_out for step in (1, 14, 16, 99)]
    assert found == [0.5, 0.5, 0.4, 0.4]


def test_without_held_out_images_there_is_no_such_reading(curves):
    curves.accept([RunStarted(0, 30, 10, 4), evaluated(10, 10, float("nan"))])
    assert curves.reading("loss", 10).held_out is None
    assert curves.reading("accuracy", 10).train == 0.97


def test_epoch_marks_are_few_and_round_and_in_view(curves):
    curves.accept([RunStarted(0, 30_000, 10, 4)])
    assert curves.epoch_marks(most=12) == [(5000 * k, 500 * k) for k in range(1, 7)]
    assert curves.epoch_marks(95, 131, most=12) == [(100, 10), (110, 11), (120, 12), (130, 13)]
    assert curves.epoch_marks(101, 109) == []
    assert curves.epoch_marks(4e4, 5e4) == []


@given(total=st.integers(1, 10**6), per_epoch=st.integers(1, 5000), most=st.integers(1, 20))
def test_there_are_never_more_marks_than_wanted(total, per_epoch, most):
    made = Curves()
    made.accept([RunStarted(0, total, per_epoch, 4)])
    assert len(made.epoch_marks(most=most)) <= most
