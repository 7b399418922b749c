"""The course of a training, cut down for drawing, read off, and as a table."""

import numpy as np
import pytest

from core.events import Evaluated, Evaluation, Progress, RunStarted
from core.history import History
from gui.viewmodels.curve_table import HEADER, rows
from gui.viewmodels.curves import METRICS, Curves


def evaluation(step, held_out=0.5):
    return Evaluation(step, step / 10, 0.25, 0.75, held_out, held_out, 1.0, 0.1)


def progress(first, losses):
    values = np.array(losses, np.float32)
    return Progress(first, values, values / 2, 0.0, 0.1)


@pytest.fixture
def curves(qapp):
    return Curves()


@pytest.fixture
def long_curves(curves):
    values = np.random.default_rng(1).random(200_000).astype(np.float32)
    values[123_456], values[77_777] = 9.0, -9.0
    history = History()
    history.extend(values, values)
    curves.load(history, 200_000)
    return curves


@pytest.mark.parametrize("metric", METRICS)
def test_many_iterations_become_few_points_and_keep_their_extremes(long_curves, metric):
    series = long_curves.series(metric)
    assert len(series.raw_x) == len(series.raw_y) <= 1002
    assert len(series.smooth_x) == len(series.smooth_y) <= 501
    assert (series.raw_y.min(), series.raw_y.max()) == (-9.0, 9.0)
    assert np.all(np.diff(series.raw_x) >= 0)
    peak = series.raw_x[series.raw_y.argmax()]
    assert abs(peak - 123_457) <= 256  # half a bucket


def test_a_part_in_view_is_drawn_exactly(long_curves):
    series = long_curves.series("loss", 1000, 1200)
    inside = (series.raw_x >= 1000) & (series.raw_x <= 1200)
    assert series.raw_x[inside].tolist() == list(range(1000, 1201))
    np.testing.assert_array_equal(series.raw_y[inside], long_curves.history.losses[999:1200])


def test_pieces_that_arrive_give_the_same_curve_as_the_whole(curves, long_curves):
    losses = long_curves.history.losses[:20_000]
    whole, bits = Curves(), Curves()
    history = History()
    history.extend(losses, losses)
    whole.load(history, 20_000)
    bits.accept([RunStarted(0, 20_000, 100, 10)])
    for start in range(0, 20_000, 777):
        piece = losses[start : start + 777]
        bits.accept([Progress(start + 1, piece, piece, 0.0, 0.1)])
        bits.series("loss")
    for name in ("raw_x", "raw_y"):
        np.testing.assert_array_equal(
            getattr(bits.series("loss"), name), getattr(whole.series("loss"), name)
        )
    np.testing.assert_allclose(bits.series("loss").smooth_y, whole.series("loss").smooth_y, 1e-5)


def test_a_new_run_forgets_the_old_one(curves):
    curves.accept([RunStarted(0, 10, 5, 1), progress(1, [1, 2, 3])])
    curves.accept([RunStarted(0, 20, 5, 1), progress(1, [7])])
    assert curves.history.losses.tolist() == [7.0]
    assert curves.total_steps == 20


def test_a_run_that_goes_on_is_appended(curves):
    curves.accept([RunStarted(0, 10, 5, 1), progress(1, [1, 2, 3])])
    curves.accept([RunStarted(3, 10, 5, 1), progress(4, [4])])
    assert curves.history.losses.tolist() == [1, 2, 3, 4]


def test_what_is_loaded_is_a_copy(curves):
    history = History()
    history.extend(np.ones(2, np.float32), np.ones(2, np.float32))
    curves.load(history, 5)
    history.extend(np.ones(2, np.float32), np.ones(2, np.float32))
    assert curves.count == 2


def test_readings_are_exact_for_iterations_and_nearest_for_evaluations(curves):
    curves.set_smoothing(0.0)
    curves.accept([RunStarted(0, 10, 5, 1), progress(1, [1, 2, 4])])
    for step, value in ((0, 0.1), (3, 0.9)):
        curves.accept([Evaluated(evaluation(step, value), np.empty(0, np.uint8))])
    reading = curves.reading("loss", 2)
    assert (reading.raw, reading.smooth) == (2.0, 2.0)
    assert (reading.train, reading.held_out) == (0.25, 0.9)
    assert curves.reading("accuracy", 1).held_out == 0.1
    assert curves.reading("loss", 4).raw is None


def test_without_held_out_images_there_is_no_such_value(curves):
    curves.accept([Evaluated(evaluation(0, float("nan")), np.empty(0, np.uint8))])
    assert curves.reading("loss", 0).held_out is None


def test_epochs_are_marked_in_round_numbers(curves):
    curves.accept([RunStarted(0, 5000, 10, 1)])
    marks = curves.epoch_marks()
    assert 4 <= len(marks) <= 12
    assert all(step == 10 * epoch for step, epoch in marks)
    assert {epoch % 50 for _, epoch in marks} == {0}


def test_the_table_holds_every_iteration_and_evaluation(curves):
    curves.accept([RunStarted(0, 3, 10, 1), progress(1, [0.1, 0.2, 0.3])])
    for step in (0, 3):
        curves.accept([Evaluated(evaluation(step, float("nan")), np.empty(0, np.uint8))])
    header, *table = rows(curves)
    assert header == list(HEADER)
    assert [row[0] for row in table] == ["0", "1", "2", "3"]
    by_name = [dict(zip(header, row, strict=True)) for row in table]
    assert np.float32(by_name[2]["loss"]) == np.float32(0.2)
    assert by_name[0]["loss"] == by_name[1]["train_loss"] == ""
    assert by_name[3]["train_accuracy"] == "0.75"
    assert by_name[3]["validation_loss"] == ""


def test_an_empty_table_is_its_header(curves):
    assert list(rows(curves)) == [list(HEADER)]
