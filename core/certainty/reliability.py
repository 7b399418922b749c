"""How honest a network's certainty is.

Of the answers given with 90 % certainty, 90 % should be right; the reliability curve
compares the two, the expected calibration error is the mean gap between them.

Sources: Guo et al. 2017, arXiv:1706.04599, section 2; Naeini et al. 2015, "Obtaining well
calibrated probabilities using Bayesian binning".
"""

from dataclasses import dataclass

import numpy as np

from core.base.arrays import FloatArray, LabelArray

BINS = 15


@dataclass(frozen=True, slots=True, eq=False)
class Reliability:
    """Certainty beside truth, in bins from unsure to sure.

    Attributes:
        counts: (B,) float64, answers in each bin.
        confidence: (B,) float64, their mean certainty 0..1; NaN in an empty bin.
        accuracy: (B,) float64, the share of them that is right; NaN in an empty bin.
    """

    counts: FloatArray
    confidence: FloatArray
    accuracy: FloatArray

    @property
    def error(self) -> float:
        """Expected calibration error, 0..1: the mean gap of the bins, by their counts."""
        full = self.counts > 0
        gaps = np.abs(self.confidence[full] - self.accuracy[full])
        return float(gaps @ self.counts[full] / self.counts.sum())


def reliability(
    probabilities: FloatArray, labels: LabelArray, bins: int = BINS, *, equal: str = "width"
) -> Reliability:
    """Compare certainty and truth.

    Args:
        probabilities: (N, K), each row sums to 1.
        labels: (N,) the true classes.
        bins: B of them.
        equal: "width": bins of the same width from 0 to 1; "count": of as many answers each.
    """
    confidence = probabilities.max(axis=1).astype(np.float64)
    right = (probabilities.argmax(axis=1) == labels).astype(np.float64)
    if equal == "count":
        place = np.empty(len(confidence), np.intp)
        place[confidence.argsort(kind="stable")] = (
            np.arange(len(confidence)) * bins // max(len(confidence), 1)
        )
    else:
        # Bins are open on the left, as in Guo et al.: certainty 1 belongs to the last one.
        place = np.clip(np.ceil(confidence * bins).astype(np.intp) - 1, 0, bins - 1)
    counts = np.bincount(place, minlength=bins).astype(np.float64)
    some = np.where(counts > 0, counts, np.nan)
    return Reliability(
        counts,
        np.bincount(place, confidence, bins) / some,
        np.bincount(place, right, bins) / some,
    )


def brier(probabilities: FloatArray, labels: LabelArray) -> float:
    """Return the mean over images of the squared errors summed over classes, 0..2.

    Source: Brier 1950, "Verification of forecasts expressed in terms of probability".
    """
    errors = probabilities.astype(np.float64)
    errors[np.arange(len(errors)), labels.astype(np.intp)] -= 1
    return float(np.einsum("ij,ij->", errors, errors) / len(errors))
