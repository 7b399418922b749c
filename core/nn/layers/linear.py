"""No activation function at all."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.nn.layer import LAYERS, BoundLayer, Elementwise, Site


@LAYERS.register("linear")
@dataclass(frozen=True, slots=True)
class Linear(Elementwise):
    """y = x: the layer stays linear."""

    label: ClassVar[str] = "Linear"
    needs_output: ClassVar[bool] = False

    def bind(self, site: Site) -> BoundLayer:
        """Tie the layer to its arrays."""
        return _Bound(site)


class _Bound:
    def __init__(self, site: Site) -> None:
        self._site = site

    def forward(self, training: bool) -> None:
        if self._site.y is not self._site.x:
            np.copyto(self._site.y, self._site.x)

    def backward(self) -> None:
        site = self._site
        if site.d_x is not None and site.d_x is not site.d_y:
            np.copyto(site.d_x, site.d_y)
