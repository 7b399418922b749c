"""One neuron: weights, a bias and the sigmoid."""

from dataclasses import dataclass

import numpy as np

from core.differentiation.operations import Array
from core.lessons.lesson import LESSONS, Lesson


@dataclass(frozen=True, slots=True, eq=False)
class Neuron:
    """What one neuron computes: output = sigmoid(weights · inputs + bias)."""

    inputs: Array
    weights: Array
    bias: float
    sum: float
    output: float


def fire(inputs: Array, weights: Array, bias: float) -> Neuron:
    """Feed inputs (D,) to a neuron with weights (D,) and a bias."""
    total = float(inputs @ weights + bias)
    return Neuron(inputs, weights, bias, total, float(1 / (1 + np.exp(-total))))


LESSONS.add(
    "neuron",
    Lesson(
        "One neuron",
        "Two inputs, two weights and a bias go through the sigmoid.",
        "Victor Zhou, Machine Learning for Beginners (2019)",
        lambda: fire(np.array([2.0, 3.0]), np.array([0.0, 1.0]), 4.0),
    ),
)
