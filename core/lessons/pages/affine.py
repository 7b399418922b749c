"""A layer's matrix product with bias, forward and backward."""

from dataclasses import dataclass

import numpy as np

from core.differentiation.graph import Node, affine, backward, forward, variable
from core.differentiation.operations import Array
from core.lessons.lesson import LESSONS, Lesson

UPSTREAM = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


@dataclass(frozen=True, slots=True, eq=False)
class Affine:
    """X (N, D), W (D, H), B (H,) and Y = X W + B (N, H), as nodes with their gradients."""

    x: Node
    weights: Node
    biases: Node
    output: Node
    upstream: Array


def _run() -> Affine:
    x = variable([[0, 0], [1, 1]], "X")
    weights, biases = variable([[2, 2, 2], [8, 8, 8]], "W"), variable([1, 2, 3], "B")
    output = affine(x, weights, biases).named("Y")
    forward(output)
    backward(output, UPSTREAM)
    return Affine(x, weights, biases, output, UPSTREAM)


LESSONS.add(
    "affine",
    Lesson(
        "Affine layer",
        "Two samples at once: the bias's gradient is the sum over both.",
        "Saito, Deep Learning from Scratch (2016), section 5.6",
        _run,
    ),
)
