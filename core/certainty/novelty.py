"""How strange an image is to a network: does it look like anything it was trained on?

The held-out images are one cloud in the space of `core.certainty.describing`, drawings that are no
digits (`core.certainty.scribbles`) another; strangeness is how far an image lies from the one
towards the other, measured with the covariance that both share: the difference of two
squared Mahalanobis distances, which is linear in the image's description.

Sources: Lee et al. 2018, arXiv:1807.03888 (Mahalanobis distance in hidden layers);
Ren et al. 2021, arXiv:2106.09022 (distance relative to a background); Hendrycks et al.
2019, arXiv:1812.04606 (showing outliers). Tried and left out: the distance to the class
means alone, k nearest neighbours, the largest logit, energy, the amount of ink. With the
limit set so that 2 % of MNIST's digits are flagged, "Quick start" and "Thorough" trained on
built-in digits catch 60 and 69 % of drawn letters, signs and scribbles by this measure, 36
and 45 % by the largest logit, 11 and 10 % by the distance to the class means. (The limit
in use knows only the held-out images; it is stricter.)
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from core.base.arrays import ByteArray, FloatArray, LabelArray
from core.certainty.describing import Describer, slice_size
from core.certainty.scribbles import pieced, scribbles

SEEN_SHARE = 0.985  # of the held-out images that are not called strange
FEWEST = 50  # images from which a limit can be told
_MOST_IMAGES = 5_000  # of each cloud
_SEED = 20
_FLOOR = 0.1  # no number counts as steadier than so much of its group's scatter

Progress: TypeAlias = Callable[[float], None]
"""Told the share done, 0..1; may raise to give up."""


@dataclass(frozen=True, slots=True, eq=False)
class Novelty:
    """A linear measure of strangeness: 0 for the typical image, above 1 is strange.

    Attributes:
        weights: (F,) float32, one for each number that describes an image.
        offset: added to the product.
        strange_share: of made-up drawings that are found strange, 0..1; NaN without any.
    """

    weights: FloatArray
    offset: float
    strange_share: float

    def strangeness(self, described: FloatArray) -> FloatArray:
        """Return the strangeness (N,) float32 of described images (N, F)."""
        found: FloatArray = described @ self.weights
        found += np.float32(self.offset)
        return found


class _Cloud:
    """Mean and covariance of descriptions that come in slices."""

    def __init__(self, size: int) -> None:
        self.count = 0
        self._sum, self._products = np.zeros(size), np.zeros((size, size))

    def add(self, described: FloatArray) -> None:
        self.count += len(described)
        self._sum += described.sum(axis=0, dtype=np.float64)
        self._products += described.T @ described

    @property
    def mean(self) -> FloatArray:
        return self._sum / self.count

    @property
    def covariance(self) -> FloatArray:
        return self._products / self.count - np.outer(self.mean, self.mean)


def fit_novelty(
    describer: Describer, images: ByteArray, labels: LabelArray, progress: Progress | None = None
) -> Novelty:
    """Find the measure of strangeness for a network.

    Two thirds of the images, up to 5,000, make up the cloud of what the network knows; the
    limit is set on the others, so that 98.5 % of them lie below it. With fewer than 50
    images nothing is ever called strange.

    Args:
        describer: of the network.
        images: (N, H, W) uint8, held out from training.
        labels: (N,) their classes.
        progress: told the share done; may raise to give up.
    """
    count = len(images)
    if count < FEWEST:
        return Novelty(np.zeros(describer.size, np.float32), 0.0, float("nan"))
    rng = np.random.default_rng(_SEED)
    order = rng.permutation(count)
    for_cloud = min(count * 2 // 3, _MOST_IMAGES)
    known = order[:for_cloud]
    apart = order[for_cloud : for_cloud + _MOST_IMAGES]
    tell = progress or (lambda share: None)
    digits, others = _Cloud(describer.size), _Cloud(describer.size)
    shape = (images.shape[1], images.shape[2])
    step = slice_size(images[0].size)
    for start in range(0, for_cloud, step):
        rows = known[start : start + step]
        digits.add(describer.describe(images[rows])[0])
        others.add(describer.describe(scribbles(rng, len(rows), shape))[0])
        pairs = images[rows], labels[rows], max(1, len(rows) // 2)
        others.add(describer.describe(pieced(rng, *pairs))[0])
        tell(0.7 * (start + len(rows)) / for_cloud)
    direction = _direction(describer.groups, digits, others)
    tell(0.8)
    scores = describer.describe(images[apart])[0] @ direction
    tell(0.9)
    shown = min(max(count, step), 4 * step)
    found = describer.describe(scribbles(rng, shown, shape))[0] @ direction
    typical, limit = np.quantile(scores, [0.5, SEEN_SHARE])
    scale = 1 / max(limit - typical, 1e-6)
    share = float(np.mean(found > limit))
    return Novelty((direction * scale).astype(np.float32), float(-typical * scale), share)


def _direction(groups: list[tuple[int, int]], digits: _Cloud, others: _Cloud) -> FloatArray:
    """Return Fisher's discriminant (F,) from digits to others, with a shrunk covariance.

    Source: Friedman 1989, "Regularized discriminant analysis", equations 16 and 18.
    """
    shared = (digits.covariance + others.covariance) / 2
    scatter = np.sqrt(np.maximum(np.diag(shared), 0))
    for start, stop in groups:
        scatter[start:stop] += _FLOOR * scatter[start:stop].mean() + 1e-9
    shared /= np.outer(scatter, scatter)
    # The fewer images there are for each number, the less their correlations are trusted.
    shrinkage = min(0.001 + 0.02 * len(scatter) / digits.count, 0.9)
    shared[np.diag_indices(len(scatter))] += shrinkage
    apart = (others.mean - digits.mean) / scatter
    direction: FloatArray = np.linalg.solve(shared, apart) / scatter
    return direction
