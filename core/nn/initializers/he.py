"""Weights for ReLU networks."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.base.arrays import FloatArray, Shape
from core.nn.initializer import INITIALIZERS, ZeroBiases


@INITIALIZERS.register("he-normal")
@dataclass(frozen=True, slots=True)
class HeNormal(ZeroBiases):
    """Normal with standard deviation sqrt(2 / fan_in); biases 0.

    Keeps the signal's variance constant through ReLU layers.

    Source: He et al. 2015, arXiv:1502.01852, equation 10.
    """

    label: ClassVar[str] = "He normal"
    help: ClassVar[str] = "Made for ReLU: the signal neither dies nor explodes with depth."

    def weights(
        self, rng: np.random.Generator, fan_in: int, fan_out: int, shape: Shape
    ) -> FloatArray:
        """Draw weights of `shape`."""
        drawn: FloatArray = rng.standard_normal(shape) * np.sqrt(2.0 / fan_in)
        return drawn
