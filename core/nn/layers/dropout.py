"""Dropout."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.base.arrays import FloatArray
from core.base.fields import check_limits, real
from core.nn.layer import LAYERS, BoundLayer, Elementwise, Site


@LAYERS.register("dropout")
@dataclass(frozen=True, slots=True)
class Dropout(Elementwise):
    """In training, each input is zeroed with probability `rate`, the rest scaled up.

    The scale 1 / (1 - rate) keeps the mean, so prediction passes its input unchanged.

    Source: Srivastava et al. 2014, JMLR 15:1929 ("inverted" form).
    """

    label: ClassVar[str] = "Dropout"
    needs_output: ClassVar[bool] = False
    activation: ClassVar[bool] = False

    rate: float = real("Dropout", default=0.2, low=0.0, high=0.95)

    def __post_init__(self) -> None:
        check_limits(self)

    def bind(self, site: Site) -> BoundLayer:
        """Tie the layer to its arrays."""
        return _Bound(site, self.rate)


class _Bound:
    def __init__(self, site: Site, rate: float) -> None:
        self._site = site
        # 8 random bits a value are enough to choose by, and cost a quarter of 32. The
        # scale belongs to the rate that 8 bits can express, so the mean is kept exactly.
        self._threshold = np.uint8(min(round(rate * 256), 255))
        self._scale = np.array(256 / (256 - int(self._threshold)), site.y.dtype)
        self._kept = np.empty(site.y.shape, bool)
        self._mask: FloatArray = np.empty_like(site.y)
        self._masked = False

    def forward(self, training: bool) -> None:
        site = self._site
        self._masked = training
        if training:
            dice = np.frombuffer(site.noise.bytes(site.y.size), np.uint8).reshape(site.y.shape)
            np.greater_equal(dice, self._threshold, self._kept)
            np.multiply(self._kept, self._scale, self._mask)
            np.multiply(site.x, self._mask, site.y)
        elif site.y is not site.x:
            np.copyto(site.y, site.x)

    def backward(self) -> None:
        site = self._site
        if site.d_x is None:
            return
        if self._masked:
            np.multiply(site.d_y, self._mask, site.d_x)
        elif site.d_x is not site.d_y:
            np.copyto(site.d_x, site.d_y)
