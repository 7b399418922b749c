"""The gradient by small differences, and the way down along it."""

from dataclasses import dataclass

import numpy as np

from core.differentiation.numerical_gradient import gradient_descent, numerical_gradient
from core.differentiation.operations import Array
from core.lessons.lesson import LESSONS, Lesson

START, LEARNING_RATE, STEPS = (3.0, 4.0), 0.01, 200


@dataclass(frozen=True, slots=True, eq=False)
class Descent:
    """f(x) = x_0^2 + x_1^2: its gradient at the start, and the path downhill.

    Attributes:
        gradient: (2,) at the start.
        path: (steps + 1, 2), the start first.
        heights: (steps + 1,) the function along the path.
    """

    gradient: Array
    path: Array
    heights: Array


def bowl(x: Array) -> float:
    """Return the sum of squares."""
    return float(np.sum(np.square(x)))


def _run() -> Descent:
    path = gradient_descent(bowl, START, LEARNING_RATE, STEPS)
    return Descent(numerical_gradient(bowl, START), path, np.square(path).sum(axis=1))


LESSONS.add(
    "descent",
    Lesson(
        "Gradient descent",
        "From (3, 4) down a bowl, two hundred steps against the numerical gradient.",
        "Saito, Deep Learning from Scratch (2016), section 4.4",
        _run,
    ),
)
