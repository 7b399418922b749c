"""The exponential linear unit."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.base.fields import check_limits, real
from core.nn.layer import LAYERS, BoundLayer, Elementwise, Site


@LAYERS.register("elu")
@dataclass(frozen=True, slots=True)
class Elu(Elementwise):
    """y = x where x > 0, alpha (exp(x) - 1) elsewhere.

    Source: Clevert et al. 2016, arXiv:1511.07289, equation 16.
    """

    label: ClassVar[str] = "ELU"

    alpha: float = real("Alpha", default=1.0, low=0.0, high=10.0, step=0.1)

    def __post_init__(self) -> None:
        check_limits(self)

    def bind(self, site: Site) -> BoundLayer:
        """Tie the layer to its arrays."""
        return _Bound(site, self.alpha)


class _Bound:
    def __init__(self, site: Site, alpha: float) -> None:
        self._site = site
        self._alpha = np.array(alpha, site.y.dtype)
        self._zeros, self._scratch = np.zeros_like(site.y), np.empty_like(site.y)
        self._lit = np.empty(site.y.shape, bool)

    def forward(self, training: bool) -> None:
        # max(x, 0) + alpha (exp(min(x, 0)) - 1): nothing overflows, no masks.
        site, scratch = self._site, self._scratch
        np.minimum(site.x, self._zeros, out=scratch)
        np.expm1(scratch, scratch)
        np.multiply(scratch, self._alpha, scratch)
        np.maximum(site.x, self._zeros, out=site.y)
        np.add(site.y, scratch, site.y)

    def backward(self) -> None:
        # d y / d x = 1 where y > 0, and alpha exp(x) = y + alpha elsewhere.
        site, scratch = self._site, self._scratch
        if site.d_x is not None:
            np.greater(site.y, self._zeros, self._lit)
            np.minimum(site.y, self._zeros, out=scratch)
            np.add(scratch, self._alpha, scratch)
            np.copyto(scratch, 1, where=self._lit)
            np.multiply(site.d_y, scratch, site.d_x)
