"""The course of a training as a table, for spreadsheets."""

from collections.abc import Iterator, Mapping

import numpy as np

from core.base.arrays import FloatArray
from core.base.history import History

_MEASURED = (  # attributes of core.base.events.Evaluation
    "train_loss", "train_accuracy", "validation_loss", "validation_accuracy",
    "learning_rate", "penalty", "seconds",
)  # fmt: skip


def header(smoothed: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the names of the columns; `smoothed` are those between curves and evaluations."""
    return ("iteration", "epoch", "loss", "accuracy", *smoothed, *_MEASURED)


def rows(history: History, smoothed: Mapping[str, FloatArray] | None = None) -> Iterator[list[str]]:
    """Yield the header, then one row per iteration, with evaluations where there are any.

    Losses as on their axis, accuracies 0..1, seconds of training. Float32 values have the
    digits that give back the same float32; a field is empty where there is no value.

    Args:
        history: what to write.
        smoothed: more columns (count,), by name.
    """
    more = smoothed or {}
    yield list(header(tuple(more)))
    measured = {
        row.step: [_text(getattr(row, name)) for name in _MEASURED] for row in history.evaluations
    }
    blank, no_curves = [""] * len(_MEASURED), [""] * (2 + len(more))
    columns = [_digits(values) for values in (history.losses, history.accuracies, *more.values())]
    # An evaluation may precede the first iteration, or outlast the record of them.
    for step in sorted(step for step in measured if step < 1):
        yield [*_place(history, step), *no_curves, *measured[step]]
    for step, values in enumerate(zip(*columns, strict=True), start=1):
        yield [*_place(history, step), *values, *measured.get(step, blank)]
    for step in sorted(step for step in measured if step > history.count):
        yield [*_place(history, step), *no_curves, *measured[step]]


def _place(history: History, step: int) -> tuple[str, str]:
    epoch = step / history.steps_per_epoch if history.steps_per_epoch else 0.0
    return str(step), f"{epoch:.6g}"


def _digits(values: FloatArray) -> list[str]:
    texts: list[str] = values.astype(np.float32).astype(str).tolist()
    return texts


def _text(value: float) -> str:
    return "" if np.isnan(value) else repr(float(value))
