"""Moments of the training that can be looked at again, and the one that is."""

from collections.abc import Sequence
from weakref import WeakKeyDictionary

import numpy as np

from core.base.events import Event, RunFailed, RunFinished, RunStarted, WeightsSeen
from core.training.run import Run
from core.training.timeline import Moment, Timeline, most_moments
from gui.session.viewmodel import ViewModel

_BYTES_OF_OTHERS = 8 << 20  # of the time line of each network that can be brought back


class TimelineModel(ViewModel):
    """The time line of the network in use.

    Attributes:
        held: the past moment that is looked at; None while that is the present.
        accuracy: of the held moment, 0..1, and the name of the images; None until measured.
    """

    def __init__(self) -> None:
        super().__init__()
        self.held: Moment | None = None
        self.accuracy: tuple[float, str] | None = None
        self._run: Run | None = None
        self._lines: WeakKeyDictionary[Run, Timeline] = WeakKeyDictionary()

    # -- what is the case --------------------------------------------------------------

    @property
    def moments(self) -> tuple[Moment, ...]:
        """All moments, the oldest first; the last is the present, or was a blink ago."""
        return self._line.moments

    @property
    def current(self) -> int:
        """The index of the moment that is looked at."""
        moments = self.moments
        return moments.index(self.held) if self.held in moments else len(moments) - 1

    @property
    def epochs(self) -> tuple[int, ...]:
        """Indices of the moments that are the first of an epoch."""
        per_epoch = self._line.steps_per_epoch
        if not per_epoch:
            return ()
        numbers = [moment.step // per_epoch for moment in self.moments]
        return tuple(i for i in range(1, len(numbers)) if numbers[i] != numbers[i - 1])

    @property
    def held_text(self) -> str:
        """What is looked at: "Iteration 1,200, epoch 2.40"; "" at the present."""
        if self.held is None:
            return ""
        words = f"Iteration {self.held.step:,}"
        per_epoch = self._line.steps_per_epoch
        return f"{words}, epoch {self.held.step / per_epoch:,.2f}" if per_epoch else words

    @property
    def accuracy_text(self) -> str:
        """How good the network was then; "" at the present."""
        if self.held is None:
            return ""
        if self.accuracy is None:
            return "Measuring its accuracy…"
        share, name = self.accuracy
        return f"{name} accuracy {100 * share:.2f} %"

    # -- what happens ------------------------------------------------------------------

    def show_run(self, run: Run | None) -> None:
        """Take the network in use, at rest; what it was before is remembered."""
        if run is not self._run and self._run is not None:
            self._line.thin(self._most_of_others())
        self._run, self.held, self.accuracy = run, None, None
        if run is not None:
            line = self._lines.setdefault(run, Timeline(run.moments, run.history.steps_per_epoch))
            line.steps_per_epoch = run.history.steps_per_epoch
            line.truncate(run.step)  # a run that failed was put back
            self.take_present()
        self.changed.emit()

    def accept(self, events: Sequence[Event]) -> None:
        """Follow the training: its newest weights are moments."""
        if self._run is None:
            return
        for event in events:
            match event:
                case RunStarted():
                    self._line.steps_per_epoch = event.steps_per_epoch
                case WeightsSeen() if event.params.shape == self._run.stored_params.shape:
                    self._line.add(Moment(event.step, event.params), self.held)
                case RunFinished() | RunFailed():
                    self._line.truncate(self._run.step)
                    self.take_present()
        self.changed.emit()

    def branch(self, run: Run, moment: Moment) -> None:
        """Let another network have this past: it goes on from `moment`."""
        past = [one for one in self.moments if one.step <= moment.step]
        self._lines[run] = Timeline(past, self._line.steps_per_epoch)

    def hold(self, index: int) -> None:
        """Look at the moment of this index; the last is the present."""
        moments = self.moments
        past = 0 <= index < len(moments) - 1
        self.held, self.accuracy = moments[index] if past else None, None
        self.changed.emit()

    def release(self) -> None:
        """Look at the present."""
        self.held, self.accuracy = None, None
        self.changed.emit()

    def set_accuracy(self, share: float, name: str) -> None:
        """Take how good the held moment is (0..1), on images of this name ("Validation")."""
        if self.held is not None:
            self.accuracy = share, name
            self.changed.emit()

    def take_present(self) -> bool:
        """Make the network as it is now, at rest, the last moment; tell whether that was news."""
        run, last = self._run, self.moments[-1] if self.moments else None
        if run is None or (last is not None and np.array_equal(last.params, run.params)):
            return False
        self._line.add(Moment(run.step, run.params.copy()), self.held)
        return True

    @property
    def _line(self) -> Timeline:
        return self._lines[self._run] if self._run is not None else Timeline()

    def _most_of_others(self) -> int:
        assert self._run is not None
        return most_moments(self._run.stored_params.nbytes, most_bytes=_BYTES_OF_OTHERS)
