"""Weights that keep the variance of a linear or SELU layer."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.base.arrays import FloatArray, Shape
from core.nn.initializer import INITIALIZERS, ZeroBiases


@INITIALIZERS.register("lecun-normal")
@dataclass(frozen=True, slots=True)
class LecunNormal(ZeroBiases):
    """Normal with standard deviation sqrt(1 / fan_in); biases 0.

    Source: LeCun et al. 1998, Efficient BackProp, section 4.6.
    """

    label: ClassVar[str] = "LeCun normal"
    help: ClassVar[str] = "Keeps the size of the sums: for tanh, ELU and linear layers."

    def weights(
        self, rng: np.random.Generator, fan_in: int, fan_out: int, shape: Shape
    ) -> FloatArray:
        """Draw weights of `shape`."""
        drawn: FloatArray = rng.standard_normal(shape) * np.sqrt(1.0 / fan_in)
        return drawn
