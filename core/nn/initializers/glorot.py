"""Weights for sigmoid and tanh networks."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.base.arrays import FloatArray, Shape
from core.nn.initializer import INITIALIZERS, ZeroBiases


@INITIALIZERS.register("glorot-uniform")
@dataclass(frozen=True, slots=True)
class GlorotUniform(ZeroBiases):
    """Uniform in [-e, e] with e = sqrt(6 / (fan_in + fan_out)); biases 0.

    Source: Glorot and Bengio 2010, AISTATS, equation 16.
    """

    label: ClassVar[str] = "Glorot uniform"
    help: ClassVar[str] = "Made for tanh and sigmoid; the default of Keras."

    def weights(
        self, rng: np.random.Generator, fan_in: int, fan_out: int, shape: Shape
    ) -> FloatArray:
        """Draw weights of `shape`."""
        edge = np.sqrt(6.0 / (fan_in + fan_out))
        return rng.uniform(-edge, edge, shape)
