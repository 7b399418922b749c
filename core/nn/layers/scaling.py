"""What is done to the pixels before the first weights see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

import numpy as np

from core.base.arrays import ByteArray, FloatArray, Shape
from core.base.fields import check_limits, choice
from core.nn.layer import LAYERS, BoundLayer, Elementwise, Site

BYTE = 255.0  # the grey level of full ink
FITTED = 4096  # images looked at together while the scaling is fitted


@LAYERS.register("scaling")
@dataclass(frozen=True, slots=True)
class Scaling(Elementwise):
    """y = (x - offset) * factor, for pixels x of 0..255, by the rule `kind`.

    "unit": x / 255. "standardize": offset is each pixel's mean over the training images,
    factor one over its standard deviation. "mean": offset is the mean, factor one over
    the pixel's range (largest minus smallest). A pixel that never changes is only
    shifted and divided by 255.

    Source: Ng, Machine Learning (Coursera, 2011), week 2, "Feature scaling".
    """

    label: ClassVar[str] = "Input scaling"
    needs_output: ClassVar[bool] = False
    activation: ClassVar[bool] = False
    in_place: ClassVar[bool] = False  # the images must stay what they are
    initial: ClassVar[Mapping[str, float]] = MappingProxyType({"offset": 0.0, "factor": 1 / BYTE})

    kind: str = choice(
        "Input scaling",
        default="unit",
        choices=(
            ("unit", "÷ 255"),
            ("standardize", "standardize each pixel"),
            ("mean", "mean normalization"),
        ),
        help="What is done to the pixels first. ÷ 255: ink is 0 to 1. Standardize: each"
        " pixel gets mean 0 and standard deviation 1 over the training images. Mean"
        " normalization: mean 0, divided by the pixel's range.",
    )

    def __post_init__(self) -> None:
        check_limits(self)

    def state_shapes(self, inputs: int) -> dict[str, Shape]:
        """Return (D,) for offset and factor; nothing where both are constants."""
        return {} if self.kind == "unit" else {"offset": (inputs,), "factor": (inputs,)}

    def fit(self, images: ByteArray) -> dict[str, FloatArray]:
        """Return the state (D,) float64 that suits training images (N, D) uint8."""
        if self.kind == "unit":
            return {}
        mean = images.mean(axis=0, dtype=np.float64)
        if self.kind == "standardize":
            width = np.sqrt(np.maximum(_mean_square(images) - mean**2, 0.0))
        else:
            width = images.max(axis=0).astype(np.float64) - images.min(axis=0)
        # The variance is a difference of large numbers: a millionth of a grey level is 0.
        flat = width < 1e-6
        return {"offset": mean, "factor": np.where(flat, 1 / BYTE, 1 / np.where(flat, 1.0, width))}

    def bind(self, site: Site) -> BoundLayer:
        """Tie the layer to its arrays."""
        return _Bound(site)


def _mean_square(images: ByteArray) -> FloatArray:
    total = np.zeros(images.shape[1])
    for start in range(0, len(images), FITTED):  # bounded memory
        part = images[start : start + FITTED].astype(np.int64)
        total += np.einsum("nd,nd->d", part, part)
    return total / len(images)


class _Bound:
    def __init__(self, site: Site) -> None:
        self._site = site
        kind = site.y.dtype
        self._offset = site.params.get("offset", np.zeros(1, kind))
        self._factor = site.params.get("factor", np.array(1 / BYTE, kind))

    def forward(self, training: bool) -> None:
        site = self._site
        if "offset" in site.params:
            np.subtract(site.x, self._offset, site.y)
            np.multiply(site.y, self._factor, site.y)
        else:
            np.multiply(site.x, self._factor, site.y)

    def backward(self) -> None:
        site = self._site
        if site.d_x is not None:
            np.multiply(site.d_y, self._factor, site.d_x)
