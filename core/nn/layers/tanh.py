"""The hyperbolic tangent."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.nn.layer import LAYERS, BoundLayer, Elementwise, Site


@LAYERS.register("tanh")
@dataclass(frozen=True, slots=True)
class Tanh(Elementwise):
    """y = tanh(x), d y / d x = 1 - y^2."""

    label: ClassVar[str] = "tanh"

    def bind(self, site: Site) -> BoundLayer:
        """Tie the layer to its arrays."""
        return _Bound(site)


class _Bound:
    def __init__(self, site: Site) -> None:
        self._site = site
        self._scratch = np.empty_like(site.y)
        self._one = np.array(1.0, site.y.dtype)

    def forward(self, training: bool) -> None:
        np.tanh(self._site.x, self._site.y)

    def backward(self) -> None:
        site, scratch = self._site, self._scratch
        if site.d_x is not None:
            np.multiply(site.y, site.y, scratch)
            np.subtract(self._one, scratch, scratch)
            np.multiply(site.d_y, scratch, site.d_x)
