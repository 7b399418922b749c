"""The course of a training, ready to be drawn: raw, smoothed and measured values."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.base.arrays import FloatArray, IndexArray
from core.base.events import Evaluated, Event, Progress, RunStarted
from core.base.history import History
from gui.features.curves.reduction import MOST_BUCKETS, Extremes, bucket_size, extreme_indices
from gui.features.curves.smoothing import Smoothed
from gui.session.viewmodel import ViewModel

METRICS = ("loss", "accuracy")
DEFAULT_SMOOTHING = 0.95
_MOST_SMOOTHING = 0.999


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One metric in the range that is shown. Steps are iterations, counted from 1.

    Attributes:
        raw_x, raw_y: at most 1,002 points: lowest and highest value of each bucket.
        smooth_x, smooth_y: at most 501 points of the moving average, the newest included.
        eval_x: the iterations at which whole sets were measured; at most 502 of them.
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
class CurveReading:
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
        self._extremes = {name: Extremes() for name in METRICS}
        self._measured: dict[str, FloatArray] = {}

    @property
    def smoothing(self) -> float:
        """The moving average's factor: 0 (none) to 0.999."""
        return self._smoothing

    def set_smoothing(self, factor: float) -> None:
        """Smooth more or less."""
        self._smoothing = min(max(factor, 0.0), _MOST_SMOOTHING)
        self._smoothed = {name: Smoothed(self._smoothing) for name in METRICS}
        self.changed.emit()

    @property
    def count(self) -> int:
        """Iterations on record."""
        return self.history.count

    @property
    def empty(self) -> bool:
        """True while there is nothing to draw."""
        return not self.count and not self.history.evaluations

    def accept(self, events: Sequence[Event]) -> None:
        """Take what the training reported."""
        news = False
        for event in events:
            match event:
                case RunStarted():
                    self._begin(event)
                case Progress():
                    self.history.add_progress(event)
                case Evaluated():
                    self.history.add_evaluations([event.row])
                    self._measured.clear()
                case _:
                    continue
            news = True
        if news:
            self.changed.emit()

    def _begin(self, event: RunStarted) -> None:
        if event.step == 0:
            self.history = History()
            self._forget()
        elif event.step < self.count:
            # It goes on from an earlier state: what came after that is no part of it.
            self.history.truncate(event.step)
            self._forget()
        self.history.steps_per_epoch = event.steps_per_epoch
        self.total_steps = event.total_steps

    def load(self, history: History, total_steps: int) -> None:
        """Show the course of another run. The history is copied."""
        self.history, self.total_steps = history.copy(), total_steps
        self._forget()
        self.changed.emit()

    def clear(self) -> None:
        """Show none."""
        self.load(History(), 0)

    def _forget(self) -> None:
        for name in METRICS:
            self._smoothed[name].restart()
            self._extremes[name].restart()
        self._measured.clear()

    # What is drawn -------------------------------------------------------------------

    def series(self, metric: str, first: float = 0.0, last: float = np.inf) -> Series:
        """Return one metric between two iterations, reduced for drawing."""
        values, smooth = self.raw(metric), self.smooth(metric)
        stop = max(min(len(values), int(min(last, len(values))) + 2), 0)
        start = min(max(int(first) - 2, 0), stop)
        bucket = bucket_size(stop - start)
        start -= start % bucket  # buckets stay where they are while the view moves
        ends = np.minimum(np.arange(start, stop, bucket) + bucket, stop)
        chosen = self._chosen_evaluations(metric, first, last)
        return Series(
            *self._extremes[metric].points(values, start, stop, bucket),
            ends.astype(np.float64),
            smooth[ends - 1],
            self._column("step")[chosen],
            self._column(f"train_{metric}")[chosen],
            self._column(f"validation_{metric}")[chosen],
        )

    def raw(self, metric: str) -> FloatArray:
        """Return every iteration's value (count,): a view, to be read only."""
        return self.history.losses if metric == "loss" else self.history.accuracies

    def smooth(self, metric: str) -> FloatArray:
        """Return the moving average at every iteration (count,): a view, to be read only."""
        return self._smoothed[metric].follow(self.raw(metric))

    def _chosen_evaluations(self, metric: str, first: float, last: float) -> IndexArray:
        steps = self._column("step")
        # One more on each side: the line enters and leaves the view.
        start = max(int(np.searchsorted(steps, first)) - 1, 0)
        stop = int(np.searchsorted(steps, last, side="right")) + 1
        values = self._column(f"validation_{metric}")[start:stop]
        if np.isnan(values).all():
            values = self._column(f"train_{metric}")[start:stop]
        return start + extreme_indices(values, MOST_BUCKETS)

    def _column(self, name: str) -> FloatArray:
        if name not in self._measured:
            self._measured[name] = self.history.column(name)
        return self._measured[name]

    def epoch_marks(
        self, first: float = 0.0, last: float = np.inf, most: int = 12
    ) -> list[tuple[int, int]]:
        """Return (iteration, epoch) of at most `most` epochs' ends in view, in round numbers."""
        per_epoch = self.history.steps_per_epoch
        if not per_epoch:
            return []
        last = min(last, max(self.total_steps, self.count))
        lowest, highest = max(int(np.ceil(first / per_epoch)), 1), int(last // per_epoch)
        stride = _round_stride(highest - lowest + 1, max(most, 1))
        begin = -(-lowest // stride) * stride
        return [(epoch * per_epoch, epoch) for epoch in range(begin, highest + 1, stride)]

    def reading(self, metric: str, step: int) -> CurveReading:
        """Return the values at an iteration: exact for the curves, the nearest evaluation."""
        values = self.raw(metric)
        raw = smooth = None
        if 1 <= step <= len(values):
            raw, smooth = float(values[step - 1]), float(self.smooth(metric)[step - 1])
        nearest = self._nearest(step)
        if nearest is None:
            return CurveReading(raw, smooth, None, None)
        train = float(self._column(f"train_{metric}")[nearest])
        held_out = float(self._column(f"validation_{metric}")[nearest])
        return CurveReading(raw, smooth, train, None if np.isnan(held_out) else held_out)

    def penalty_at(self, step: int) -> float:
        """Return the penalty on large weights, on top of the loss, at the nearest evaluation."""
        nearest = self._nearest(step)
        return 0.0 if nearest is None else float(self._column("penalty")[nearest])

    def _nearest(self, step: int) -> int | None:
        """Return which evaluation is nearest to an iteration."""
        steps = self._column("step")
        if not len(steps):
            return None
        right = int(np.searchsorted(steps, step).clip(0, len(steps) - 1))
        left = max(right - 1, 0)
        return left if abs(steps[left] - step) <= abs(steps[right] - step) else right

    def epoch_at(self, step: int) -> float:
        """Return how many epochs an iteration is from the start."""
        return step / self.history.steps_per_epoch if self.history.steps_per_epoch else 0.0


def _round_stride(count: int, most: int) -> int:
    """Return the least of 1, 2, 5 times a power of ten that thins `count` to `most`."""
    power = 1
    while True:
        for size in (1, 2, 5):
            if count <= most * size * power:
                return size * power
        power *= 10
