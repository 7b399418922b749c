"""What a training run says about itself, as frozen values.

An event marked `latest_only` is a picture of now: a newer one makes it worthless, so a
slow reader may drop it. No other event may be lost.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

from core.base.arrays import FloatArray, LabelArray


@dataclass(frozen=True, slots=True)
class RunStarted:
    """Training begins, or goes on, after `step` iterations."""

    step: int  # iterations already done
    total_steps: int  # where this run will end
    steps_per_epoch: int
    batch_size: int


@dataclass(frozen=True, slots=True, eq=False)
class Progress:
    """The iterations `first_step` .. `first_step + len(losses) - 1`, counted from 1."""

    first_step: int
    losses: FloatArray  # (n,) float32, mean over the batch (nats for cross-entropy)
    accuracies: FloatArray  # (n,) float32, 0..1, on the batch
    seconds: float  # training time so far, pauses left out
    learning_rate: float

    @property
    def step(self) -> int:
        """The newest iteration."""
        return self.first_step + len(self.losses) - 1


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One look at whole sets of images: a row of the history."""

    step: int
    epoch: float  # step / steps per epoch
    train_loss: float  # on a fixed part of the training images
    train_accuracy: float  # 0..1
    validation_loss: float  # NaN where there are no held-out images
    validation_accuracy: float  # 0..1 or NaN
    seconds: float  # training time so far
    learning_rate: float
    penalty: float = 0.0  # of L2 and L1, on top of both losses


@dataclass(frozen=True, slots=True, eq=False)
class Evaluated:
    """The network was measured on the held-out images."""

    row: Evaluation
    predictions: LabelArray  # (M,) answers on the held-out images

    @property
    def step(self) -> int:
        """The iteration at which it was measured."""
        return self.row.step


@dataclass(frozen=True, slots=True)
class Evaluating:
    """A longer measurement is under way; given so that Stop is heard in between."""

    latest_only: ClassVar[bool] = True

    step: int
    done: float  # 0..1


@dataclass(frozen=True, slots=True)
class Working:
    """One long iteration is under way; given so that Stop is heard in between."""

    latest_only: ClassVar[bool] = True

    step: int  # the iteration, counted from 1
    done: float  # 0..1


@dataclass(frozen=True, slots=True, eq=False)
class WeightsSeen:
    """A copy of all parameters."""

    latest_only: ClassVar[bool] = True

    step: int
    params: FloatArray  # (P,) float32


@dataclass(frozen=True, slots=True, eq=False)
class Captured:
    """The snapshot that was asked for: a `core.training.run.Run` of its own, to be saved."""

    step: int
    run: Any


@dataclass(frozen=True, slots=True)
class RunFinished:
    """No more events follow: the recipe's end was reached, or somebody stopped it."""

    step: int
    stopped_early: bool
    note: str = ""  # why it ended before its last iteration, if it did by itself


@dataclass(frozen=True, slots=True)
class RunFailed:
    """No more events follow: something went wrong. `hint` says what to do."""

    step: int
    message: str
    hint: str = ""


Event: TypeAlias = (
    RunStarted
    | Progress
    | Evaluated
    | Evaluating
    | Working
    | WeightsSeen
    | Captured
    | RunFinished
    | RunFailed
)
