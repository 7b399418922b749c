"""No weights at all: a lesson."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.base.arrays import FloatArray, Shape
from core.nn.initializer import INITIALIZERS, ZeroBiases


@INITIALIZERS.register("zeros")
@dataclass(frozen=True, slots=True)
class Zeros(ZeroBiases):
    """All weights and biases 0.

    Without hidden layers that is a fair start; with them, all units of a layer get the
    same gradient and stay alike forever.

    Source: Goodfellow et al., Deep Learning (2016), section 8.4 (symmetry breaking).
    """

    label: ClassVar[str] = "Zeros"
    help: ClassVar[str] = (
        "All neurons of a layer start alike and stay alike. Try it to see why not."
    )

    def weights(
        self, rng: np.random.Generator, fan_in: int, fan_out: int, shape: Shape
    ) -> FloatArray:
        """Draw weights of `shape`."""
        return np.zeros(shape)
