"""What an initializer is: where the first weights come from."""

from typing import ClassVar, Protocol

import numpy as np

from core.base.arrays import FloatArray, Shape
from core.base.registry import Registry


class Initializer(Protocol):
    """Draws the weights a network starts from.

    Attributes:
        label: its name in menus.
        help: one sentence on when to use it.
    """

    label: ClassVar[str]
    help: ClassVar[str]

    def weights(
        self, rng: np.random.Generator, fan_in: int, fan_out: int, shape: Shape
    ) -> FloatArray:
        """Draw weights (float64, `shape`) for a layer of `fan_in` inputs, `fan_out` units."""

    def biases(self, rng: np.random.Generator, shape: Shape) -> FloatArray:
        """Draw biases (float64, `shape`)."""


class ZeroBiases:
    """What initializers share that start all biases at 0."""

    __slots__ = ()

    def biases(self, rng: np.random.Generator, shape: Shape) -> FloatArray:
        """Return zeros."""
        return np.zeros(shape)


INITIALIZERS: Registry[type[Initializer]] = Registry("initializer")
