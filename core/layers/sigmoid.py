"""The logistic function."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.arrays import Shape
from core.layer import LAYERS, BoundLayer, Site


@LAYERS.register("sigmoid")
@dataclass(frozen=True, slots=True)
class Sigmoid:
    """y = 1 / (1 + exp(-x)), d y / d x = y (1 - y)."""

    label: ClassVar[str] = "Sigmoid"
    activation: ClassVar[bool] = True

    def output_size(self, inputs: int) -> int:
        """Return D: the shape stays."""
        return inputs

    def param_shapes(self, inputs: int) -> dict[str, Shape]:
        """Return nothing: there are no weights."""
        return {}

    def bind(self, site: Site) -> BoundLayer:
        """Tie the layer to its arrays."""
        return _Bound(site)


class _Bound:
    def __init__(self, site: Site) -> None:
        self._site = site
        self._scratch = np.empty_like(site.y)
        self._half = np.array(0.5, site.y.dtype)  # 0-d arrays are the cheapest scalars
        self._one = np.array(1.0, site.y.dtype)

    def forward(self, training: bool) -> None:
        # tanh is vectorised in NumPy: half the time of exp and a reciprocal, and it
        # cannot overflow.
        y = self._site.y
        np.multiply(self._site.x, self._half, out=y)
        np.tanh(y, out=y)
        np.multiply(y, self._half, out=y)
        np.add(y, self._half, out=y)

    def backward(self) -> None:
        site, scratch = self._site, self._scratch
        if site.d_x is not None:
            np.subtract(self._one, site.y, out=scratch)
            np.multiply(scratch, site.y, out=scratch)
            np.multiply(site.d_y, scratch, out=site.d_x)
