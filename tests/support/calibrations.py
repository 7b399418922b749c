"""Calibrations for the tests of view models and panels."""

import numpy as np

from core.certainty.calibration import Calibration
from core.certainty.novelty import Novelty
from core.certainty.reliability import Reliability

BINS = 15


def curve(shift=0.0):
    """Return a curve that is right `shift` more often than it says; the first bins are empty."""
    counts = np.r_[np.zeros(4), np.arange(1, 12) * 30.0]
    confidence = np.where(counts > 0, (np.arange(BINS) + 0.5) / BINS, np.nan)
    return Reliability(counts, confidence, np.minimum(confidence + shift, 1))


def calibration(temperature=0.6):
    """Return one that was far from honest before."""
    return Calibration(
        temperature=temperature,
        novelty=Novelty(np.zeros(4, np.float32), 0.0, 0.5),
        before=curve(-0.12),
        after=curve(),
        error_by_count=(0.12, 0.0),
        brier=(0.3, 0.2),
        images=1980,
        image_shape=(28, 28),
        step=10,
        weights_sum=0,
    )
