"""The mean squared error of a few answers."""

from dataclasses import dataclass

import numpy as np

from core.differentiation.operations import Array
from core.lessons.lesson import LESSONS, Lesson


@dataclass(frozen=True, slots=True, eq=False)
class MeanSquaredErrorLesson:
    """Right answers, given answers, and the mean of the squared differences."""

    right: Array
    given: Array
    squares: Array
    mean: float


def mean_squared_error(right: Array, given: Array) -> MeanSquaredErrorLesson:
    """Compare answers (N,) with the right ones (N,)."""
    squares = (right - given) ** 2
    return MeanSquaredErrorLesson(right, given, squares, float(squares.mean()))


LESSONS.add(
    "error",
    Lesson(
        "Mean squared error",
        "How wrong four answers are together.",
        "Victor Zhou, Machine Learning for Beginners (2019)",
        lambda: mean_squared_error(np.array([1.0, 0.0, 0.0, 1.0]), np.zeros(4)),
    ),
)
