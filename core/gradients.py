"""Gradients of any function by central differences, and walking down along them."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.errors import InklingError

Array = NDArray[np.float64]
STEP = 1e-5  # near eps^(1/3) in float64: the best compromise between rounding and curvature


def numerical_gradient(function: Callable[[Array], Any], x: ArrayLike, step: float = STEP) -> Array:
    """Return the gradient of a scalar function at x by central differences.

        df/dx_i = (f(x + step e_i) - f(x - step e_i)) / (2 step)

    Args:
        function: takes an array of x's shape and returns one number.
        x: a number or an array of any shape; it is not changed.
        step: how far each element is moved both ways.

    Returns:
        float64 array of x's shape.

    Source: Saito, Deep Learning from Scratch (2016), section 4.4; the error is of the
    order step^2: Press et al., Numerical Recipes (2007), section 5.7.
    """
    point = np.array(x, np.float64)
    gradient = np.empty_like(point)
    for index in np.ndindex(point.shape):
        at = point[index]
        point[index] = at + step
        above = float(function(point.copy()))
        point[index] = at - step
        below = float(function(point.copy()))
        point[index] = at
        gradient[index] = (above - below) / (2 * step)
    return gradient


def gradient_descent(
    function: Callable[[Array], Any],
    start: ArrayLike,
    learning_rate: float = 0.01,
    steps: int = 100,
    gradient: Callable[[Array], ArrayLike] | None = None,
) -> Array:
    """Walk downhill from `start`: x <- x - learning_rate * gradient.

    Args:
        function: a scalar function of an array of start's shape.
        start: where to begin; it is not changed.
        learning_rate: how far each step goes.
        steps: how many, 0 or more.
        gradient: of the function; numerical if left out.

    Returns:
        The path, (steps + 1, *shape of start) float64, `start` first.

    Raises:
        InklingError: the path left the finite numbers.
    """
    slope = gradient or (lambda point: numerical_gradient(function, point))
    first = np.array(start, np.float64)
    path = np.empty((steps + 1, *first.shape))
    path[0] = first
    for done in range(steps):
        with np.errstate(all="ignore"):  # what overflows is told below
            path[done + 1] = path[done] - learning_rate * np.asarray(slope(path[done].copy()))
        if not np.isfinite(path[done + 1]).all():
            raise InklingError(
                f"Step {done + 1} led out of the finite numbers.",
                "Take a smaller learning rate.",
            )
    return path


def relative_error(one: ArrayLike, other: ArrayLike) -> float:
    """Return |a - b| / |a + b|, with Euclidean norms; 0 where both are 0.

    Source: Ng, Machine Learning (Coursera, 2011), exercise 4, `checkNNGradients`.
    """
    a, b = np.asarray(one, np.float64), np.asarray(other, np.float64)
    size = float(np.linalg.norm(a + b))
    off = float(np.linalg.norm(a - b))
    if off == 0:
        return 0.0
    return off / size if size else 1.0
