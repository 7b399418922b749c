"""What an optimizer is: a rule that moves all weights a little, from their gradient."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol, TypeAlias

import numpy as np

from core.base.arrays import FloatArray
from core.base.fields import real
from core.base.registry import Registry


@dataclass(frozen=True, slots=True, eq=False)
class Vectors:
    """The flat vectors of one run that an optimizer works on.

    Attributes:
        params: (T,) what training moves.
        grads: (T,) their gradient, which the rule may use up.
        slots: what the optimizer keeps from step to step, (T,) each, by name.
        weights: views into `params` of what weight decay acts on: no biases.
    """

    params: FloatArray
    grads: FloatArray
    slots: dict[str, FloatArray]
    weights: tuple[FloatArray, ...] = ()


class BoundOptimizer(Protocol):
    """A rule tied to the vectors of one run."""

    def prepare(self, learning_rate: float, t: int) -> float:
        """Get ready for iteration `t`, counted from 1.

        Returns:
            The factor that its gradients are to carry. It is put on the output's
            gradient, a few hundred numbers, and saves a sweep over all weights.
        """

    def move(self, reachable: int) -> None:
        """Move `params` and `slots` in place.

        Gradients from index `reachable` on are 0, and were not written: the weights of pixels
        that no image of the batch lights.
        """


class Optimizer(Protocol):
    """Hyper-parameters of one rule.

    Attributes:
        label: its name in menus.
        help: one sentence on what it does.
        slot_names: the vectors (T,) it keeps from step to step; saved with the model.
        full_batch: True if each iteration looks at all images.
        learning_rate: where a run's learning rate starts.
    """

    label: ClassVar[str]
    help: ClassVar[str]
    slot_names: ClassVar[tuple[str, ...]]
    full_batch: ClassVar[bool]

    @property
    def learning_rate(self) -> float:
        """Where a run's learning rate starts."""


class BatchOptimizer(Optimizer, Protocol):
    """A rule that takes one step for each mini-batch."""

    def bind(self, vectors: Vectors) -> BoundOptimizer:
        """Tie the rule to the vectors of one run."""


Objective: TypeAlias = Callable[[FloatArray], tuple[float, FloatArray]]
"""Returns the cost and its gradient (T,) at a point (T,), all in float64."""


class FullBatchOptimizer(Optimizer, Protocol):
    """A method that looks at all images for each iteration, and chooses its own steps."""

    @property
    def vectors(self) -> int:
        """How many vectors (T,) float64 it works with, points and gradients included."""

    def minimize(
        self, objective: Objective, start: FloatArray, iterations: int, callback: Any
    ) -> None:
        """Go down from `start` (T,) for at most so many iterations.

        Args:
            callback: called after each iteration as SciPy does, with a parameter named
                `intermediate_result` that holds the point `x` and the cost `fun`.
        """


OPTIMIZERS: Registry[type[Optimizer]] = Registry("optimizer")


_TINY = 1e-20
_SWEEP_EVERY = 256  # iterations


def flush_denormals(vector: FloatArray, t: int) -> None:
    """Put what has decayed to nearly 0 to 0, every few iterations `t`.

    Running means of rarely lit pixels' gradients decay into denormal numbers, which cost
    the processor a hundred times as much as zeros. From _TINY, far below what still moves
    a weight, that takes 390 iterations at a decay of 0.9: they are put to 0 before.
    Measured on 784-128-10 with Adam: 205 instead of 247 us a step.
    """
    if t % _SWEEP_EVERY == 0:
        vector[np.abs(vector) < _TINY] = 0


@dataclass(slots=True, eq=False)
class Prefixes:
    """The first `reachable` elements of some vectors, as views made once for each length."""

    vectors: tuple[FloatArray, ...]
    _known: dict[int, tuple[FloatArray, ...]] = field(default_factory=dict)

    def at(self, reachable: int) -> tuple[FloatArray, ...]:
        """Return the prefix of each vector."""
        found = self._known.get(reachable)
        if found is None:
            found = self._known[reachable] = tuple(vector[:reachable] for vector in self.vectors)
        return found


def learning_rate_field(default: float) -> Any:
    """Declare the learning rate, with the default that suits the optimizer."""
    return real(
        "Learning rate",
        default=default,
        low=1e-6,
        high=100.0,
        log=True,
        help="How far each iteration moves the weights. Too high and the loss jumps or"
        " grows; too low and training crawls. It can be changed while training runs.",
    )


def epsilon_field() -> Any:
    """Declare the small number that keeps a division from dividing by zero."""
    return real(
        "Epsilon",
        default=1e-7,
        low=1e-12,
        high=1.0,
        log=True,
        help="A small number that keeps the division from dividing by zero.",
    )
