"""Where the training stands: epoch, iteration, speed, time left."""

from collections import deque
from collections.abc import Sequence
from time import perf_counter

from core.base.events import Event, Progress, RunFailed, RunFinished, RunStarted, Working
from core.training.run import Run
from gui.session.phase import Phase
from gui.session.viewmodel import ViewModel

_WINDOW_S = 2.0  # speeds are means over this time, so that the figures can be read


class StatusModel(ViewModel):
    """Collects the figures of the status strip.

    Attributes:
        phase: the state of training.
        step, total, steps_per_epoch, batch_size: in iterations and images.
        seconds: training time so far.
    """

    def __init__(self) -> None:
        super().__init__()
        self.phase = Phase.IDLE
        self.step = self.total = self.steps_per_epoch = self.batch_size = 0
        self.seconds = 0.0
        self._within = 0.0  # how much of a long iteration is done, 0..1
        self._marks: deque[tuple[float, float]] = deque()

    def show_run(self, run: Run | None) -> None:
        """Show a network that is at rest, or none."""
        self._marks.clear()
        self.step, self.total = (run.step, run.target) if run else (0, 0)
        self.steps_per_epoch = run.history.steps_per_epoch if run else 0
        self.batch_size = run.recipe.training.batch_size if run else 0
        self.seconds = run.seconds if run else 0.0
        self.changed.emit()

    def show_phase(self, phase: Phase) -> None:
        """Show another state of training."""
        if phase is not self.phase:
            self.phase = phase
            if phase is not Phase.RUNNING:
                self._marks.clear()
            self.changed.emit()

    def accept(self, events: Sequence[Event]) -> None:
        """Take what the training reported."""
        for event in events:
            match event:
                case RunStarted():
                    self.step, self.total = event.step, event.total_steps
                    self.steps_per_epoch, self.batch_size = event.steps_per_epoch, event.batch_size
                    self._marks.clear()
                case Progress():
                    self.step, self.seconds, self._within = event.step, event.seconds, 0.0
                case Working():
                    self._within = event.done
                case RunFailed() | RunFinished():
                    self.step, self._within = event.step, 0.0
        now = perf_counter()
        self._marks.append((now, self._done))
        while now - self._marks[0][0] > _WINDOW_S and len(self._marks) > 2:
            self._marks.popleft()
        self.changed.emit()

    @property
    def _done(self) -> float:
        return self.step + self._within

    @property
    def share(self) -> float:
        """How much of the training is done, 0..1."""
        return min(self._done / self.total, 1.0) if self.total else 0.0

    @property
    def steps_per_second(self) -> float:
        """Iterations per second, as the clock on the wall sees them; 0 if unknown."""
        if len(self._marks) < 2:
            return 0.0
        (then, first), (now, last) = self._marks[0], self._marks[-1]
        return (last - first) / (now - then) if now > then else 0.0

    @property
    def phase_text(self) -> str:
        """The state in one word."""
        if self.phase is Phase.IDLE and self.total:
            return "Trained" if self.step >= self.total else "Stopped"
        return {
            Phase.IDLE: "Ready",
            Phase.RUNNING: "Training",
            Phase.PAUSING: "Pausing…",
            Phase.PAUSED: "Paused",
            Phase.STOPPING: "Stopping…",
        }[self.phase]

    @property
    def epoch_text(self) -> str:
        """Epochs done of those planned."""
        if not self.steps_per_epoch:
            return "–"
        done, planned = self.step / self.steps_per_epoch, self.total / self.steps_per_epoch
        return f"{done:.1f} of {round(planned, 1):g}"

    @property
    def iteration_text(self) -> str:
        """Iterations done of those planned."""
        return f"{self.step:,} of {self.total:,}" if self.total else "–"

    @property
    def speed_text(self) -> str:
        """Images per second."""
        speed = self.steps_per_second * self.batch_size
        if self.phase is not Phase.RUNNING or speed <= 0:
            return "–"
        return f"{speed / 1000:,.0f} k/s" if speed >= 10_000 else f"{speed:,.0f} /s"

    @property
    def elapsed_text(self) -> str:
        """Training time so far."""
        return duration_text(self.seconds) if self.total else "–"

    @property
    def left_text(self) -> str:
        """Time until the training's end, at the present speed."""
        speed = self.steps_per_second
        if self.phase is not Phase.RUNNING or speed <= 0:
            return "–"
        return duration_text((self.total - self._done) / speed)


def duration_text(seconds: float) -> str:
    """Write a time span: "8.4 s", "2 min 05 s", "1 h 12 min", "3 days 4 h", "2.1 years"."""
    if round(seconds, 1) < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    hours = minutes // 60
    if hours < 48:
        return f"{hours} h {minutes % 60:02d} min"
    days = hours // 24
    return f"{days} days {hours % 24} h" if days < 1000 else f"{days / 365.25:,.1f} years"
