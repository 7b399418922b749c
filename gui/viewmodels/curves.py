"""The course of a training, ready to be drawn: raw, smoothed and measured values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from core.arrays import FloatArray
from core.events import Evaluated, Event, Progress, RunStarted
from core.history import History
from gui.viewmodels.smoothing import Smoothed
from gui.viewmodels.viewmodel import ViewModel

METRICS = ("loss", "accuracy")
DEFAULT_SMOOTHING = 0.95
_MOST_BUCKETS = 500  # of two points each: more than a plot has pixels to tell apart


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One metric in the range that is shown. Steps are iterations, counted from 1.

    Attributes:
        raw_x, raw_y: at most 1,000 points: lowest and highest value of each bucket.
        smooth_x, smooth_y: at most 500 points of the moving average.
        eval_x: the iterations at which whole sets were measured.
        eval_train, eval_held_out: the values measured there; NaN where there are none.
    """

    raw_x: FloatArray
    raw_y: FloatArray
    smooth_x: FloatArray
    smooth_y: FloatArray
    eval_x: FloatArray
    eval_train: FloatArray
    eval_held_out: FloatArray


@dataclass(frozen=True, slots=True)
class Reading:
    """The values of one metric at one iteration; None where there is none."""

    raw: float | None
    smooth: float | None
    train: float | None
    held_out: float | None


class Curves(ViewModel):
    """Collects a run's history and serves it in pieces a plot can draw quickly.

    Attributes:
        history: every iteration and evaluation so far.
        total_steps: the iteration at which the run will end.
        validation_name: what the held-out images are: "Validation" or "Test".
        unit: of the loss, for its axis.
    """

    def __init__(self) -> None:
        super().__init__()
        self.history = History()
        self.total_steps = 0
        self.validation_name = "Validation"
        self.unit = "nats per image"
        self._smoothing = DEFAULT_SMOOTHING
        self._smoothed = {name: Smoothed(self._smoothing) for name in METRICS}

    @property
    def smoothing(self) -> float:
        """The moving average's factor: 0 (none) to 0.999."""
        return self._smoothing

    def set_smoothing(self, factor: float) -> None:
        """Smooth more or less."""
        self._smoothing = min(max(factor, 0.0), 0.999)
        self._smoothed = {name: Smoothed(self._smoothing) for name in METRICS}
        self.changed.emit()

    @property
    def count(self) -> int:
        """Iterations on record."""
        return self.history.count

    def accept(self, events: Sequence[Event]) -> None:
        """Take what the training reported."""
        for event in events:
            match event:
                case RunStarted():
                    if event.step == 0:
                        self.history = History()
                    self.history.steps_per_epoch = event.steps_per_epoch
                    self.total_steps = event.total_steps
                case Progress():
                    self.history.add_progress(event)
                case Evaluated():
                    self.history.add_evaluations([event.row])
        self.changed.emit()

    def load(self, history: History, total_steps: int) -> None:
        """Show the course of another run. The history is copied."""
        self.history, self.total_steps = history.copy(), total_steps
        self.changed.emit()

    def clear(self) -> None:
        """Show none."""
        self.load(History(), 0)

    # What is drawn -------------------------------------------------------------------

    def series(self, metric: str, first: float = 0.0, last: float = np.inf) -> Series:
        """Return one metric between two iterations, reduced for drawing."""
        values = self._raw(metric)
        smooth = self._smoothed[metric].follow(values)
        start = min(max(int(first) - 2, 0), len(values))
        stop = min(len(values), int(min(last, len(values))) + 2)
        bucket = _bucket_size(max(stop - start, 1))
        start -= start % bucket  # buckets stay where they are while the view moves
        smooth_x = np.arange(start + 1, stop + 1, bucket, dtype=np.float64)
        raw_x, raw_y = _extremes(values[start:stop], start, bucket)
        return Series(
            raw_x,
            raw_y,
            smooth_x,
            smooth[start:stop:bucket],
            self.history.column("step"),
            self.history.column(f"train_{metric}"),
            self.history.column(f"validation_{metric}"),
        )

    def epoch_marks(self, most: int = 12) -> list[tuple[int, int]]:
        """Return (iteration, epoch) of some epochs' ends, evenly spaced, in round numbers."""
        per_epoch = self.history.steps_per_epoch
        if not per_epoch:
            return []
        epochs = max(self.total_steps, self.count) // per_epoch
        stride = next(
            size * 10**power
            for power in range(9)
            for size in (1, 2, 5)
            if epochs <= most * size * 10**power
        )
        return [(epoch * per_epoch, epoch) for epoch in range(stride, epochs + 1, stride)]

    def reading(self, metric: str, step: int) -> Reading:
        """Return the values at an iteration: exact for the curves, the nearest evaluation."""
        values = self._raw(metric)
        raw = smooth = None
        if 1 <= step <= len(values):
            raw = float(values[step - 1])
            smooth = float(self._smoothed[metric].follow(values)[step - 1])
        rows = self.history.evaluations
        if not rows:
            return Reading(raw, smooth, None, None)
        nearest = min(rows, key=lambda row: abs(row.step - step))
        train = getattr(nearest, f"train_{metric}")
        held_out = getattr(nearest, f"validation_{metric}")
        return Reading(raw, smooth, train, None if np.isnan(held_out) else held_out)

    def epoch_at(self, step: int) -> float:
        """Return how many epochs an iteration is from the start."""
        return step / self.history.steps_per_epoch if self.history.steps_per_epoch else 0.0

    # As a table ----------------------------------------------------------------------

    def table(self) -> Iterator[list[object]]:
        """Yield the header and one row per iteration, with evaluations where there are any."""
        yield [
            "iteration", "epoch", "loss", "accuracy", "smoothed_loss", "smoothed_accuracy",
            "train_loss", "train_accuracy", "validation_loss", "validation_accuracy",
            "learning_rate",
        ]  # fmt: skip
        found = {row.step: row for row in self.history.evaluations}
        columns = [self._raw(name) for name in METRICS]
        columns += [self._smoothed[name].follow(self._raw(name)) for name in METRICS]
        for step in range(min([1, *found]), max([self.count, *found]) + 1):
            per_step = [
                float(column[step - 1]) if 1 <= step <= len(column) else "" for column in columns
            ]
            row = found.get(step)
            measured = (
                (row.train_loss, row.train_accuracy, row.validation_loss,
                 row.validation_accuracy, row.learning_rate)
                if row
                else ("",) * 5
            )  # fmt: skip
            clean = ["" if isinstance(v, float) and np.isnan(v) else v for v in measured]
            yield [step, round(self.epoch_at(step), 5), *per_step, *clean]

    def _raw(self, metric: str) -> FloatArray:
        return self.history.losses if metric == "loss" else self.history.accuracies


def _bucket_size(count: int) -> int:
    """Return the iterations drawn as one bucket: a power of two, so that buckets rarely change."""
    size = 1
    while count > size * _MOST_BUCKETS:
        size *= 2
    return size


def _extremes(values: FloatArray, start: int, bucket: int) -> tuple[FloatArray, FloatArray]:
    """Return lowest and highest value of each bucket, as points of one zigzag line."""
    if bucket == 1:
        return np.arange(start + 1, start + 1 + len(values), dtype=np.float64), values
    whole = len(values) // bucket * bucket
    rows = values[:whole].reshape(-1, bucket)
    y = np.stack([rows.min(axis=1), rows.max(axis=1)], axis=1).reshape(-1)
    x = np.repeat(np.arange(len(rows)) * bucket + start + 1 + bucket / 2, 2)
    rest = values[whole:]
    if len(rest):
        y = np.append(y, [rest.min(), rest.max()])
        x = np.append(x, [start + whole + 1 + len(rest) / 2] * 2)
    return x, y
