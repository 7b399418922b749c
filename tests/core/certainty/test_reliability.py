import numpy as np
import pytest

from core.certainty.reliability import brier, reliability


def answers(confidences, right):
    """Return probabilities of two classes and labels that make them right or wrong."""
    first = np.asarray(confidences, float)
    labels = np.where(right, 0, 1).astype(np.uint8)
    return np.stack([first, 1 - first], axis=1), labels


def test_the_error_is_the_mean_gap_weighted_by_the_counts():
    # 3 answers at 0.9, of which 1 is right; 1 answer at 0.6, right.
    curve = reliability(*answers([0.9, 0.9, 0.9, 0.6], [True, False, False, True]))
    assert curve.error == pytest.approx((3 * abs(0.9 - 1 / 3) + 1 * abs(0.6 - 1)) / 4)
    assert curve.counts.sum() == 4
    assert (curve.counts > 0).sum() == 2


def test_honest_answers_have_hardly_any_error():
    rng = np.random.default_rng(0)
    confidence = rng.uniform(0.5, 1, 50_000)
    curve = reliability(*answers(confidence, rng.random(50_000) < confidence))
    assert curve.error < 0.01


def test_certainty_one_is_in_the_last_bin_and_empty_bins_are_nan():
    curve = reliability(*answers([1.0, 1.0], [True, True]))
    assert curve.counts[-1] == 2
    assert np.isnan(curve.accuracy[0])
    assert curve.error == 0


def test_a_bin_is_open_on_the_left():
    curve = reliability(*answers([0.8], [True]), bins=5)
    assert curve.counts.tolist() == [0, 0, 0, 1, 0]


def test_bins_of_equal_count_hold_as_many_each():
    confidence = np.linspace(0.5, 1, 150) ** 0.1
    curve = reliability(*answers(confidence, np.ones(150, bool)), equal="count")
    assert curve.counts.tolist() == [10.0] * 15
    assert (np.diff(curve.confidence) > 0).all()


def test_the_brier_score_by_hand():
    probabilities = np.array([[0.8, 0.2, 0.0], [0.5, 0.25, 0.25]])
    labels = np.array([0, 1], np.uint8)
    assert brier(probabilities, labels) == pytest.approx(
        ((0.04 + 0.04) + (0.25 + 0.5625 + 0.0625)) / 2
    )
