"""The course of a training as a table, for spreadsheets."""

from collections.abc import Iterator

import numpy as np

from core.arrays import FloatArray
from gui.viewmodels.curves import METRICS, Curves

HEADER = (
    "iteration", "epoch", "loss", "accuracy", "smoothed_loss", "smoothed_accuracy",
    "train_loss", "train_accuracy", "validation_loss", "validation_accuracy",
    "learning_rate", "penalty",
)  # fmt: skip
_MEASURED = HEADER[6:]  # attributes of core.events.Evaluation


def rows(curves: Curves) -> Iterator[list[str]]:
    """Yield the header, then one row per iteration, with evaluations where there are any.

    Losses as on their axis, accuracies 0..1. Float32 values have the digits that give back
    the same float32; a field is empty where there is no value.
    """
    yield list(HEADER)
    measured = {
        row.step: [_text(getattr(row, name)) for name in _MEASURED]
        for row in curves.history.evaluations
    }
    blank = [""] * len(_MEASURED)
    columns = [_digits(curves.raw(name)) for name in METRICS]
    columns += [_digits(curves.smooth(name)) for name in METRICS]
    # An evaluation may precede the first iteration, or outlast the record of them.
    for step in sorted(step for step in measured if step < 1):
        yield [*_place(curves, step), "", "", "", "", *measured[step]]
    for step, values in enumerate(zip(*columns, strict=True), start=1):
        yield [*_place(curves, step), *values, *measured.get(step, blank)]
    for step in sorted(step for step in measured if step > curves.count):
        yield [*_place(curves, step), "", "", "", "", *measured[step]]


def _place(curves: Curves, step: int) -> tuple[str, str]:
    return str(step), f"{curves.epoch_at(step):.6g}"


def _digits(values: FloatArray) -> list[str]:
    texts: list[str] = values.astype(np.float32).astype(str).tolist()
    return texts


def _text(value: float) -> str:
    return "" if np.isnan(value) else repr(float(value))
