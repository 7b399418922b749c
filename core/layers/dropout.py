"""Dropout."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from core.arrays import FloatArray, Shape
from core.config import check_limits, real
from core.layer import LAYERS, BoundLayer, Site


@LAYERS.register("dropout")
@dataclass(frozen=True, slots=True)
class Dropout:
    """In training, each input is zeroed with probability `rate`, the rest scaled up.

    The scale 1 / (1 - rate) keeps the mean, so prediction passes its input unchanged.

    Source: Srivastava et al. 2014, JMLR 15:1929 ("inverted" form).
    """

    label: ClassVar[str] = "Dropout"
    activation: ClassVar[bool] = False

    rate: float = real("Dropout", default=0.2, low=0.0, high=0.95)

    def __post_init__(self) -> None:
        check_limits(self)

    def output_size(self, inputs: int) -> int:
        """Return D: the shape stays."""
        return inputs

    def param_shapes(self, inputs: int) -> dict[str, Shape]:
        """Return nothing: there are no weights."""
        return {}

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
        self._mask: FloatArray = np.ones_like(site.y)
        self._masked = False

    def forward(self, training: bool) -> None:
        site = self._site
        self._masked = training
        if not training:
            np.copyto(site.y, site.x)
            return
        dice = np.frombuffer(site.noise.bytes(site.y.size), np.uint8).reshape(site.y.shape)
        np.multiply(dice >= self._threshold, self._scale, out=self._mask)
        np.multiply(site.x, self._mask, out=site.y)

    def backward(self) -> None:
        site = self._site
        if site.d_x is None:
            return
        if self._masked:
            np.multiply(site.d_y, self._mask, out=site.d_x)
        else:
            np.copyto(site.d_x, site.d_y)
