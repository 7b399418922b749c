"""The smooth curve through a few points that templates are made of."""

import numpy as np

from core.base.arrays import FloatArray

# Uniform Catmull-Rom spline: weights of four neighbouring points for 1, t, t**2, t**3.
# Source: Catmull and Rom 1974, "A class of local interpolating splines".
SPLINE = np.array([[0, 2, 0, 0], [-1, 0, 1, 0], [2, -5, 4, -1], [-1, 3, -3, 1]]) / 2


def spline_weights(parameters: FloatArray, size: int) -> FloatArray:
    """Return weights (n, size) of `size` control points at the parameters (n,) 0..size-1."""
    span = np.clip(parameters.astype(int), 0, size - 2)
    cubic = (parameters - span)[:, None] ** np.arange(4) @ SPLINE
    weights = np.zeros((len(parameters), size))
    rows = np.arange(len(parameters))
    for k in range(4):
        np.add.at(weights, (rows, np.clip(span + k - 1, 0, size - 1)), cubic[:, k])
    return weights
