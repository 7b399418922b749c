"""What the program is doing, in one word, and what follows for its commands."""

from dataclasses import dataclass
from enum import Enum


class Phase(Enum):
    """The state of training."""

    IDLE = "idle"
    RUNNING = "running"
    PAUSING = "pausing"  # asked to; the present iterations are being finished
    PAUSED = "paused"
    STOPPING = "stopping"


@dataclass(frozen=True, slots=True)
class Situation:
    """All that decides which commands make sense now.

    Attributes:
        phase: the state of training.
        has_data: digits are loaded.
        loading: digits are being loaded.
        has_run: there is a network, trained or in training.
        can_continue: that network can be trained further with the present recipe and data.
        finished: it has reached its recipe's end.
        has_previous: a replaced network can be brought back.
        can_undo, can_redo: there is an edit to take back, or to do again.
    """

    phase: Phase = Phase.IDLE
    has_data: bool = False
    loading: bool = False
    has_run: bool = False
    can_continue: bool = False
    finished: bool = False
    has_previous: bool = False
    can_undo: bool = False
    can_redo: bool = False

    @property
    def idle(self) -> bool:
        """No training is going on, not even a paused one."""
        return self.phase is Phase.IDLE

    @property
    def train_text(self) -> str:
        """What pressing Train would do now."""
        if self.phase in (Phase.PAUSED, Phase.PAUSING):
            return "Resume"
        if not self.can_continue or not self.idle:
            return "Train"
        return "Train further" if self.finished else "Continue"
