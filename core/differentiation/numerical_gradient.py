"""Gradients of any function by central differences, and walking down along them."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from core.base.errors import ConfigError, InklingError, ShapeError

Array = NDArray[np.float64]
STEP = 1e-5  # near eps^(1/3) in float64: the best compromise between rounding and curvature


def numerical_gradient(
    function: Callable[[Array], Any], x: ArrayLike, step: float | None = None
) -> Array:
    """Return the gradient of a scalar function at x by central differences.

        df/dx_i = (f(x + step e_i) - f(x - step e_i)) / (2 step)

    Args:
        function: takes an array of x's shape and returns one number.
        x: a number or an array of any shape; it is not changed.
        step: how far each element is moved both ways. If left out, `STEP`, and in
            proportion more for elements beyond 1, where so small a step would be lost.

    Returns:
        float64 array of x's shape.

    Raises:
        ConfigError: the step is not a positive number, or too small to move an element.
        ShapeError: the function returned more or less than one number.

    Source: Saito, Deep Learning from Scratch (2016), section 4.4; the error is of the
    order step^2, the step eps^(1/3) max(1, |x|): Press et al., Numerical Recipes (2007),
    section 5.7.
    """
    point = np.array(x, np.float64)
    if step is not None and not 0 < step < np.inf:
        raise ConfigError("step", f"A step must be a positive number, not {step}.")
    gradient = np.empty_like(point)
    for index in np.ndindex(point.shape):
        at = float(point[index])
        far = STEP * max(1.0, abs(at)) if step is None else step
        if at + far == at - far:
            raise ConfigError("step", f"A step of {far:g} is lost beside {at:g}.")
        point[index] = at + far
        above = _number(function(point.copy()))
        point[index] = at - far
        below = _number(function(point.copy()))
        point[index] = at
        gradient[index] = (above - below) / ((at + far) - (at - far))  # as far as it really went
    return gradient


def _number(result: Any) -> float:
    if np.size(result) != 1:
        raise ShapeError(
            f"The function returned an array {np.shape(result)} where one number is needed."
        )
    return float(np.asarray(result, np.float64).item())


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
        ConfigError: the steps are no count, or start or learning rate not finite.
        ShapeError: the gradient is not of start's shape.
        InklingError: the path left the finite numbers.
    """
    if not np.isfinite(learning_rate):
        raise ConfigError("learning_rate", "The learning rate must be a finite number.")
    if not isinstance(steps, int | np.integer) or steps < 0:
        raise ConfigError("steps", f"Steps are counted in whole numbers from 0, not {steps}.")
    slope = gradient or (lambda point: numerical_gradient(function, point))
    first = np.array(start, np.float64)
    if not np.isfinite(first).all():
        raise ConfigError("start", "The start must consist of finite numbers.")
    path = np.empty((steps + 1, *first.shape))
    path[0] = first
    for done in range(steps):
        with np.errstate(all="ignore"):  # what overflows is told below
            path[done + 1] = path[done] - learning_rate * _slope(slope, path[done])
        if not np.isfinite(path[done + 1]).all():
            raise InklingError(
                f"Step {done + 1} led out of the finite numbers.",
                "Take a smaller learning rate.",
            )
    return path


def _slope(gradient: Callable[[Array], ArrayLike], point: Array) -> Array:
    try:
        found = np.asarray(gradient(point.copy()), np.float64)
    except OverflowError:  # functions on Python's own numbers raise where NumPy gives infinity
        return np.full_like(point, np.inf)
    if found.shape != point.shape:
        raise ShapeError(f"The gradient {found.shape} is not of the point's shape {point.shape}.")
    return found


def relative_error(one: ArrayLike, other: ArrayLike) -> float:
    """Return |a - b| / |a + b|, with Euclidean norms; 0 where both are 0.

    Gradients that are exactly opposite give 1, though the formula has no value there.

    Raises:
        ShapeError: the arrays differ in shape.

    Source: Ng, Machine Learning (Coursera, 2011), exercise 4, `checkNNGradients`.
    """
    a, b = _pair(one, other)
    size = float(np.linalg.norm(a + b))
    off = float(np.linalg.norm(a - b))
    if off == 0:
        return 0.0
    return off / size if size else 1.0


def relative_errors(one: ArrayLike, other: ArrayLike) -> Array:
    """Return |a - b| / max(|a|, |b|) for each element; 0 where both are 0.

    Raises:
        ShapeError: the arrays differ in shape.

    Source: Karpathy et al., CS231n, “Gradient checks”.
    """
    a, b = _pair(one, other)
    size = np.maximum(np.abs(a), np.abs(b))
    errors: Array = np.abs(a - b) / np.where(size == 0, 1.0, size)
    return errors


def _pair(one: ArrayLike, other: ArrayLike) -> tuple[Array, Array]:
    a, b = np.asarray(one, np.float64), np.asarray(other, np.float64)
    if a.shape != b.shape:
        raise ShapeError(f"The gradients {a.shape} and {b.shape} differ in shape.")
    return a, b
