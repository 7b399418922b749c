"""Batch normalization."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

import numpy as np

from core.base.arrays import FloatArray, Shape
from core.base.fields import check_limits, real
from core.nn.layer import LAYERS, BoundLayer, Site


@LAYERS.register("batch-normalization")
@dataclass(frozen=True, slots=True)
class BatchNormalization:
    """y = gamma (x - mean) / sqrt(variance + epsilon) + beta, for each unit by itself.

    Training takes mean and (biased) variance from the batch and keeps running means of
    both, which prediction uses. A batch of one image has no variance: it is normalized
    by the running means, too, and leaves them as they are.

    Source: Ioffe and Szegedy 2015, arXiv:1502.03167, algorithms 1 and 2.
    """

    label: ClassVar[str] = "Batch normalization"
    activation: ClassVar[bool] = False
    in_place: ClassVar[bool] = True
    needs_output: ClassVar[bool] = False
    initial: ClassVar[Mapping[str, float]] = MappingProxyType(
        {"gamma": 1.0, "beta": 0.0, "running_mean": 0.0, "running_variance": 1.0}
    )

    momentum: float = real(
        "Momentum",
        default=0.9,
        low=0.0,
        high=0.9999,
        step=0.01,
        help="How much of the running mean and variance is kept at each iteration.",
    )
    epsilon: float = real(
        "Epsilon",
        default=1e-5,
        low=1e-12,
        high=1.0,
        log=True,
        help="A small number that keeps the division from dividing by zero.",
    )

    def __post_init__(self) -> None:
        check_limits(self)

    def output_size(self, inputs: int) -> int:
        """Return D: the shape stays."""
        return inputs

    def param_shapes(self, inputs: int) -> dict[str, Shape]:
        """Return (D,) for scale and shift."""
        return {"gamma": (inputs,), "beta": (inputs,)}

    def state_shapes(self, inputs: int) -> dict[str, Shape]:
        """Return (D,) for the running mean and variance."""
        return {"running_mean": (inputs,), "running_variance": (inputs,)}

    def bind(self, site: Site) -> BoundLayer:
        """Tie the layer to its arrays."""
        return _Bound(site, self.momentum, self.epsilon)


class _Bound:
    def __init__(self, site: Site, momentum: float, epsilon: float) -> None:
        self._site, kind = site, site.y.dtype
        self._momentum, self._epsilon = kind.type(momentum), kind.type(epsilon)
        count, units = site.x.shape
        self._unit = np.empty_like(site.x)  # x with mean 0 and variance 1
        self._scratch = np.empty_like(site.x)
        # Sums over the batch are products with this: a quarter of the time of `mean`.
        self._share = np.full(count, 1 / max(count, 1), kind)
        self._mean, self._inverse = np.empty(units, kind), np.empty(units, kind)
        self._training = False

    def forward(self, training: bool) -> None:
        site, unit, params = self._site, self._unit, self._site.params
        # The variance of one image is 0: followed, it would blow predictions up.
        self._training = training = training and len(unit) > 1
        if training:
            self._share.dot(site.x, self._mean)
            np.subtract(site.x, self._mean, unit)
            np.multiply(unit, unit, self._scratch)
            variance = self._share.dot(self._scratch)
            self._follow("running_mean", self._mean)
            self._follow("running_variance", variance)
        else:
            np.subtract(site.x, params["running_mean"], unit)
            variance = params["running_variance"]
        np.sqrt(variance + self._epsilon, self._inverse)
        np.reciprocal(self._inverse, self._inverse)
        np.multiply(unit, self._inverse, unit)
        np.multiply(unit, params["gamma"], site.y)
        np.add(site.y, params["beta"], site.y)

    def _follow(self, name: str, seen: FloatArray) -> None:
        running = self._site.params[name]
        running += (1 - self._momentum) * (seen - running)

    def backward(self) -> None:
        site, unit, scratch = self._site, self._unit, self._scratch
        d_y, d_gamma, d_beta = site.d_y, site.grads["gamma"], site.grads["beta"]
        np.multiply(d_y, unit, scratch)
        np.sum(scratch, axis=0, out=d_gamma)
        np.sum(d_y, axis=0, out=d_beta)
        if site.d_x is None:
            return
        factor = site.params["gamma"] * self._inverse
        if self._training:
            # Mean and variance depend on x, too: what they answer for is taken out.
            share = self._share.dtype.type(1 / len(unit))
            np.multiply(unit, d_gamma * share, scratch)
            np.subtract(d_y, scratch, scratch)
            np.subtract(scratch, d_beta * share, scratch)
            np.multiply(scratch, factor, site.d_x)
        else:
            np.multiply(d_y, factor, site.d_x)
