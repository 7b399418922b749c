import numpy as np

from core.base.events import Evaluation
from core.base.history import History
from core.exchange.formats.history_table import header, rows


def history(*steps):
    made = History()
    made.steps_per_epoch = 2
    made.extend(np.array([1.5, 0.1, 0.3], np.float32), np.array([0, 0.5, 1], np.float32))
    made.add_evaluations(
        Evaluation(step, step / 2, 0.5, 0.25, float("nan"), float("nan"), 1.0, 0.1)
        for step in steps
    )
    return made


def test_each_iteration_has_a_row_and_each_evaluation_a_place():
    first, *body = rows(history(0, 2, 5))
    assert tuple(first) == header()
    table = [dict(zip(first, row, strict=True)) for row in body]
    assert [row["iteration"] for row in table] == ["0", "1", "2", "3", "5"]
    assert [row["loss"] for row in table] == ["", "1.5", "0.1", "0.3", ""]
    assert [row["train_loss"] for row in table] == ["0.5", "", "0.5", "", "0.5"]
    assert {row["validation_loss"] for row in table} == {""}
    assert [row["epoch"] for row in table] == ["0", "0.5", "1", "1.5", "2.5"]


def test_more_columns_stand_between_curves_and_evaluations():
    first, *body = rows(history(), {"smooth": np.array([1, 2, 3], np.float32)})
    assert tuple(first) == header(("smooth",))
    assert [row[4] for row in body] == ["1.0", "2.0", "3.0"]
