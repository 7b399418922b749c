import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar

import core.nn.losses  # noqa: F401 - fills LOSSES
from core.certainty.temperature import COLDEST, HOTTEST, fit_temperature, log_answers, tempered
from core.nn.loss import LOSSES


def drawn(true_temperature: float, count: int = 4000, classes: int = 10, seed: int = 0):
    """Return scores whose labels were drawn at another temperature than 1."""
    rng = np.random.default_rng(seed)
    scores = log_answers(LOSSES["softmax-cross-entropy"](), rng.normal(0, 3, (count, classes)))
    chances = tempered(scores, true_temperature)
    labels = (chances.cumsum(axis=1) < rng.random((count, 1))).sum(axis=1).astype(np.uint8)
    return scores, labels


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
def test_the_temperature_that_the_labels_were_drawn_at_is_found(temperature):
    assert fit_temperature(*drawn(temperature)) == pytest.approx(temperature, rel=0.08)


def test_it_is_the_minimum_of_the_likelihood():
    scores, labels = drawn(1.7, count=500)
    rows = np.arange(len(labels))
    found = minimize_scalar(
        lambda log: -np.log(tempered(scores, np.exp(log))[rows, labels]).mean(),
        bounds=(-3, 3), method="bounded", options={"xatol": 1e-9},
    )  # fmt: skip
    # Platt's targets differ from one-hot ones by 1 in 502.
    assert fit_temperature(scores, labels) == pytest.approx(np.exp(found.x), rel=0.02)


@pytest.mark.parametrize("key", list(LOSSES))
def test_log_answers_are_the_logarithms_of_the_answer(key):
    loss = LOSSES[key]()
    logits = np.random.default_rng(1).normal(0, 4, (50, 7))
    np.testing.assert_allclose(np.exp(log_answers(loss, logits)), loss.probabilities(logits))


@pytest.mark.parametrize("key", list(LOSSES))
@pytest.mark.parametrize("size", [1e3, 1e6])
def test_saturated_logits_stay_finite(key, size):
    logits = np.random.default_rng(2).choice([-size, size], (200, 5)).astype(np.float32)
    labels = np.random.default_rng(3).integers(0, 5, 200).astype(np.uint8)
    scores = log_answers(LOSSES[key](), logits.astype(np.float64))
    assert np.isfinite(scores).all()
    temperature = fit_temperature(scores, labels)
    assert temperature > 10  # surer than anybody should be, and mostly wrong
    assert np.isfinite(tempered(scores, temperature)).all()


def test_no_mistakes_on_few_images_do_not_make_it_certain():
    logits = np.eye(4)[np.arange(40) % 4] * 3.0
    scores = log_answers(LOSSES["softmax-cross-entropy"](), logits)
    temperature = fit_temperature(scores, (np.arange(40) % 4).astype(np.uint8))
    assert 0.9 < tempered(scores, temperature).max() < 0.995


@given(st.integers(2, 6), st.integers(2, 40), st.floats(1e-3, 1e3), st.integers(0, 9))
def test_any_scores_give_a_temperature_and_keep_the_order(classes, count, size, seed):
    rng = np.random.default_rng(seed)
    scores = log_answers(LOSSES["softmax-cross-entropy"](), rng.normal(0, size, (count, classes)))
    labels = rng.integers(0, classes, count).astype(np.uint8)
    temperature = fit_temperature(scores, labels)
    assert COLDEST / 2 <= temperature <= HOTTEST * 2
    chances = tempered(scores, temperature)
    np.testing.assert_allclose(chances.sum(axis=1), 1)
    best = scores[np.arange(count), chances.argmax(axis=1)]
    np.testing.assert_array_equal(best, scores.max(axis=1))


def test_float32_stays_float32():
    scores = np.zeros((3, 2), np.float32)
    assert tempered(scores, 1.5).dtype == np.float32
