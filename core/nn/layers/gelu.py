"""The Gaussian error linear unit."""

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.nn.layer import LAYERS, BoundLayer, Elementwise, Site


@LAYERS.register("gelu")
@dataclass(frozen=True, slots=True)
class Gelu(Elementwise):
    """y = x Phi(x), with Phi the normal distribution: the exact form, with erf.

    d y / d x = Phi(x) + x phi(x).

    Source: Hendrycks and Gimpel 2016, arXiv:1606.08415, section 2.
    """

    label: ClassVar[str] = "GELU"
    needs_output: ClassVar[bool] = False
    in_place: ClassVar[bool] = False  # the derivative needs x

    def bind(self, site: Site) -> BoundLayer:
        """Tie the layer to its arrays."""
        return _Bound(site)


class _Bound:
    def __init__(self, site: Site) -> None:
        # Half a second to import: only networks that use it wait for it.
        from scipy.special import erf  # noqa: PLC0415

        self._erf = erf
        self._site, kind = site, site.y.dtype
        self._cdf, self._scratch = np.empty_like(site.y), np.empty_like(site.y)
        self._half, self._one = np.array(0.5, kind), np.array(1.0, kind)
        self._root = np.array(math.sqrt(0.5), kind)
        self._height = np.array(1 / math.sqrt(2 * math.pi), kind)

    def forward(self, training: bool) -> None:
        site, cdf = self._site, self._cdf
        np.multiply(site.x, self._root, cdf)
        self._erf(cdf, cdf)
        np.add(cdf, self._one, cdf)
        np.multiply(cdf, self._half, cdf)
        np.multiply(site.x, cdf, site.y)

    def backward(self) -> None:
        site, scratch = self._site, self._scratch
        if site.d_x is not None:
            np.multiply(site.x, site.x, scratch)
            np.multiply(scratch, -self._half, scratch)
            np.exp(scratch, scratch)
            np.multiply(scratch, self._height, scratch)
            np.multiply(scratch, site.x, scratch)
            np.add(scratch, self._cdf, scratch)
            np.multiply(site.d_y, scratch, site.d_x)
