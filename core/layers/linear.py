"""No activation function at all."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.arrays import Shape
from core.layer import LAYERS, BoundLayer, Site


@LAYERS.register("linear")
@dataclass(frozen=True, slots=True)
class Linear:
    """y = x: the layer stays linear."""

    label: ClassVar[str] = "None (linear)"
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

    def forward(self, training: bool) -> None:
        np.copyto(self._site.y, self._site.x)

    def backward(self) -> None:
        if self._site.d_x is not None:
            np.copyto(self._site.d_x, self._site.d_y)
