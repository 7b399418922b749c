"""Normal weights for sigmoid and tanh networks."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.base.arrays import FloatArray, Shape
from core.nn.initializer import INITIALIZERS, ZeroBiases


@INITIALIZERS.register("glorot-normal")
@dataclass(frozen=True, slots=True)
class GlorotNormal(ZeroBiases):
    """Normal with standard deviation sqrt(2 / (fan_in + fan_out)); biases 0.

    Source: Glorot and Bengio 2010, AISTATS, equation 12.
    """

    label: ClassVar[str] = "Glorot normal"
    help: ClassVar[str] = "As Glorot uniform, from a normal distribution."

    def weights(
        self, rng: np.random.Generator, fan_in: int, fan_out: int, shape: Shape
    ) -> FloatArray:
        """Draw weights of `shape`."""
        drawn: FloatArray = rng.standard_normal(shape) * np.sqrt(2.0 / (fan_in + fan_out))
        return drawn
