"""The course of a training as arrays, and back: every iteration, and the measurements.

However often a training was measured, a file tells of `MOST_EVALUATIONS` times at most: the
newest, on which early stopping looks back, and of those before them some, evenly spread.
Files of earlier versions may hold more; they are thinned in the same way, as arrays, for
each measurement takes ten times its room as a value.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.base.arrays import FloatArray, IndexArray
from core.base.events import Evaluation
from core.base.history import History
from core.modelfile.checks import MOST_STEPS, most_learning_rate
from core.modelfile.content import ModelContentError
from core.modelfile.schema import EVALUATION_COLUMNS

MOST_EVALUATIONS = 100_000
_NEWEST = 10_000  # more than early stopping looks back on
_LATER_COLUMNS: dict[str, float] = {}  # those that came after version 3, with what they were
_ROUNDING = 1e-6
_MOST_SECONDS = 1e10
_HIGHEST = {  # of what is not free to be any number; the lowest is 0
    "step": float(MOST_STEPS),
    "epoch": float(MOST_STEPS),
    "train_accuracy": 1 + _ROUNDING,
    "validation_accuracy": 1 + _ROUNDING,
    "seconds": _MOST_SECONDS,
    "learning_rate": 1e3 * most_learning_rate(),  # a schedule may raise it
}


def arrays_of(history: History) -> dict[str, NDArray[Any]]:
    """Return the arrays of a history by their paths: "batch/loss", "epoch/step"."""
    rows = kept_rows(len(history.evaluations))
    found: dict[str, NDArray[Any]] = {
        "batch/loss": np.array(history.losses),
        "batch/accuracy": np.array(history.accuracies),
    }
    return found | {f"epoch/{name}": history.column(name)[rows] for name in EVALUATION_COLUMNS}


def kept_rows(count: int) -> IndexArray:
    """Return which of so many measurements a file keeps, in their order."""
    if count <= MOST_EVALUATIONS:
        return np.arange(count)
    older = np.linspace(0, count - _NEWEST - 1, MOST_EVALUATIONS - _NEWEST).astype(np.intp)
    return np.concatenate([older, np.arange(count - _NEWEST, count)])


def history_of(
    losses: FloatArray, accuracies: FloatArray, epoch: Mapping[str, NDArray[Any]]
) -> History:
    """Return the history in these arrays of a stranger.

    Args:
        losses, accuracies: of each iteration.
        epoch: the columns of the measurements, by name.

    Raises:
        ModelContentError: they do not fit together, or hold numbers that nothing was ever
            measured as.
    """
    rows = epoch["step"].size
    columns = [
        epoch[name] if name in epoch else np.full(rows, _LATER_COLUMNS[name])
        for name in EVALUATION_COLUMNS
    ]
    equal = losses.ndim == 1 and losses.shape == accuracies.shape
    if not equal or any(column.shape != (rows,) for column in columns):
        raise ModelContentError("history of unequal lengths")
    _check(accuracies, 1 + _ROUNDING)
    for name, column in zip(EVALUATION_COLUMNS, columns, strict=True):
        _check(column, _HIGHEST.get(name, np.inf), low=0.0 if name in _HIGHEST else -np.inf)
    history = History()
    history.extend(losses, accuracies)
    history.add_evaluations(_values(columns, kept_rows(rows)))
    return history


def _check(column: NDArray[Any], high: float, low: float = 0.0) -> None:
    if column.dtype.kind not in "iuf" or ((column < low) | (column > high)).any():  # NaN is none
        raise ModelContentError("its history holds numbers that make no sense")


def _values(columns: Sequence[NDArray[Any]], rows: IndexArray) -> list[Evaluation]:
    kept = (column[rows].tolist() for column in columns)
    return [Evaluation(int(step), *rest) for step, *rest in zip(*kept, strict=True)]
