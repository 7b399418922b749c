"""Softmax over the units of a layer."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.nn.layer import LAYERS, BoundLayer, Elementwise, Site


@LAYERS.register("softmax")
@dataclass(frozen=True, slots=True)
class Softmax(Elementwise):
    """y = exp(x) / sum of exp(x) over the layer's units.

    d_x = y (d_y - sum of d_y y). As a hidden layer it lets units compete; at the output
    the loss brings it along.

    Source: Goodfellow et al., Deep Learning (2016), section 6.2.2.3.
    """

    label: ClassVar[str] = "Softmax"

    def bind(self, site: Site) -> BoundLayer:
        """Tie the layer to its arrays."""
        return _Bound(site)


class _Bound:
    def __init__(self, site: Site) -> None:
        self._site = site
        self._scratch = np.empty_like(site.y)
        self._row = np.empty((len(site.y), 1), site.y.dtype)
        self._ones = np.ones((site.y.shape[1], 1), site.y.dtype)

    def forward(self, training: bool) -> None:
        site, row = self._site, self._row
        np.maximum.reduce(site.x, axis=1, keepdims=True, out=row)
        np.subtract(site.x, row, site.y)
        np.exp(site.y, site.y)
        site.y.dot(self._ones, row)
        np.divide(site.y, row, site.y)

    def backward(self) -> None:
        site, scratch, row = self._site, self._scratch, self._row
        if site.d_x is not None:
            np.multiply(site.d_y, site.y, scratch)
            scratch.dot(self._ones, row)
            np.subtract(site.d_y, row, scratch)
            np.multiply(scratch, site.y, site.d_x)
