"""Two layers learn random answers by heart."""

from dataclasses import dataclass

import numpy as np

from core.differentiation.operations import Array
from core.lessons.lesson import LESSONS, Lesson

SAMPLES, INPUTS, HIDDEN, OUTPUTS = 64, 1000, 100, 10
LEARNING_RATE, STEPS = 1e-6, 500


@dataclass(frozen=True, slots=True, eq=False)
class Regression:
    """The summed squared error before each step and after the last: (steps + 1,)."""

    losses: Array


def fit(seed: int = 0) -> Regression:
    """Train x (64, 1000) -> ReLU (64, 100) -> y (64, 10) on normal numbers."""
    rng = np.random.default_rng(seed)
    x, y = rng.standard_normal((SAMPLES, INPUTS)), rng.standard_normal((SAMPLES, OUTPUTS))
    first = rng.standard_normal((INPUTS, HIDDEN))
    second = rng.standard_normal((HIDDEN, OUTPUTS))
    losses = []
    for _ in range(STEPS):
        sums = x @ first
        hidden = np.maximum(sums, 0)
        off = hidden @ second - y
        losses.append(float(np.square(off).sum()))
        d_second = hidden.T @ (2 * off)
        d_sums = (2 * off) @ second.T * (sums > 0)
        first -= LEARNING_RATE * (x.T @ d_sums)
        second -= LEARNING_RATE * d_second
    off = np.maximum(x @ first, 0) @ second - y
    return Regression(np.array([*losses, float(np.square(off).sum())]))


LESSONS.add(
    "regression",
    Lesson(
        "Two-layer regression",
        "Random inputs, random answers: the error falls by ten powers of ten.",
        "Johnson, Learning PyTorch with Examples (2017), “Warm-up: NumPy”",
        fit,
    ),
)
