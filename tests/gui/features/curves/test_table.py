import numpy as np

from core.base.events import RunStarted
from gui.features.curves.model import Curves
from gui.features.curves.table import HEADER, rows
from tests.support.training_runs import evaluated, progress, run_events


def table(events):
    curves = Curves()
    curves.accept(events)
    header, *body = rows(curves)
    assert tuple(header) == HEADER
    return curves, [dict(zip(header, row, strict=True)) for row in body]


def test_the_numbers_read_back_are_the_same_float32():
    curves, body = table(list(run_events(250)))
    for column, values in (
        ("loss", curves.raw("loss")), ("accuracy", curves.raw("accuracy")),
        ("smoothed_loss", curves.smooth("loss")),
    ):  # fmt: skip
        np.testing.assert_array_equal(np.array([row[column] for row in body], np.float32), values)


def test_measurements_stand_in_the_row_of_their_iteration():
    _, body = table([RunStarted(0, 4, 2, 4), progress(1, [1, 1, 1]), evaluated(2, 2, 0.25)])
    assert [row["validation_loss"] for row in body] == ["", "0.25", ""]
    assert [row["epoch"] for row in body] == ["0.5", "1", "1.5"]


def test_a_measurement_before_the_first_iteration_has_a_row_of_its_own():
    _, body = table([RunStarted(0, 4, 2, 4), evaluated(0, 2, 2.5), progress(1, [1])])
    assert [(row["iteration"], row["loss"], row["validation_loss"]) for row in body] == [
        ("0", "", "2.5"),
        ("1", "1.0", ""),
    ]


def test_what_was_not_measured_is_empty():
    _, body = table([RunStarted(0, 4, 2, 4), progress(1, [1]), evaluated(1, 2, float("nan"))])
    assert body[0]["validation_loss"] == ""
    assert body[0]["validation_accuracy"] == "0.95"


def test_without_training_there_is_only_the_header():
    assert table([])[1] == []
