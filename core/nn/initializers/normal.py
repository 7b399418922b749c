"""Weights from a normal distribution of chosen width."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.base.arrays import FloatArray, Shape
from core.base.fields import check_limits, real
from core.nn.initializer import INITIALIZERS


@INITIALIZERS.register("normal")
@dataclass(frozen=True, slots=True)
class Normal:
    """Independent normal weights, N(0, std^2), and biases, N(0, bias_std^2)."""

    label: ClassVar[str] = "Normal"
    help: ClassVar[str] = "Normal numbers of the width you choose, as in the tutorials."

    std: float = real(
        "Weights σ",
        default=0.01,
        low=0.0,
        high=10.0,
        step=0.01,
        help="Standard deviation of the first weights. 0 makes all units alike: they stay alike.",
    )
    bias_std: float = real(
        "Biases σ",
        default=0.0,
        low=0.0,
        high=10.0,
        step=0.01,
        help="Standard deviation of the first biases; 0 starts them all at 0.",
    )

    def __post_init__(self) -> None:
        check_limits(self)

    def weights(
        self, rng: np.random.Generator, fan_in: int, fan_out: int, shape: Shape
    ) -> FloatArray:
        """Draw weights of `shape`."""
        return rng.standard_normal(shape) * self.std

    def biases(self, rng: np.random.Generator, shape: Shape) -> FloatArray:
        """Draw biases of `shape`."""
        return rng.standard_normal(shape) * self.bias_std
