"""The hyperbolic tangent."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.arrays import Shape
from core.layer import LAYERS, BoundLayer, Site


@LAYERS.register("tanh")
@dataclass(frozen=True, slots=True)
class Tanh:
    """y = tanh(x), d y / d x = 1 - y^2."""

    label: ClassVar[str] = "tanh"
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
        self._one = np.array(1.0, site.y.dtype)

    def forward(self, training: bool) -> None:
        np.tanh(self._site.x, out=self._site.y)

    def backward(self) -> None:
        site, scratch = self._site, self._scratch
        if site.d_x is not None:
            np.multiply(site.y, site.y, out=scratch)
            np.subtract(self._one, scratch, out=scratch)
            np.multiply(site.d_y, scratch, out=site.d_x)
