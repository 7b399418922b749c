"""The rectified linear unit that leaks."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.base.fields import check_limits, real
from core.nn.layer import LAYERS, BoundLayer, Elementwise, Site


@LAYERS.register("leaky-relu")
@dataclass(frozen=True, slots=True)
class LeakyRelu(Elementwise):
    """y = x where x > 0, slope * x elsewhere. Source: Maas et al. 2013, section 2."""

    label: ClassVar[str] = "Leaky ReLU"
    needs_output: ClassVar[bool] = False

    slope: float = real("Slope", default=0.01, low=0.0, high=0.99, step=0.01)

    def __post_init__(self) -> None:
        check_limits(self)

    def bind(self, site: Site) -> BoundLayer:
        """Tie the layer to its arrays."""
        return _Bound(site, self.slope)


class _Bound:
    def __init__(self, site: Site, slope: float) -> None:
        self._site = site
        self._slope = np.array(slope, site.y.dtype)
        self._one = np.array(1.0, site.y.dtype)
        self._scratch = np.empty_like(site.y)
        self._lit = np.empty(site.y.shape, bool)

    def forward(self, training: bool) -> None:
        site = self._site
        np.multiply(site.x, self._slope, self._scratch)
        np.maximum(site.x, self._scratch, out=site.y)  # as slope < 1
        np.greater(site.y, 0, self._lit)  # here, not in `backward`: so dropout may write over y

    def backward(self) -> None:
        site, scratch = self._site, self._scratch
        if site.d_x is not None:
            # 1 where y > 0 and the slope elsewhere, without a masked (slow) assignment.
            np.multiply(self._lit, self._one - self._slope, scratch)
            np.add(scratch, self._slope, scratch)
            np.multiply(site.d_y, scratch, site.d_x)
