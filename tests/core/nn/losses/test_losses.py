"""Each loss against its formula: value, gradient with the factor it carries, and answer."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit, log_softmax, softmax

import core.recipe.recipe  # noqa: F401 - fills the registries
from core.nn.loss import LOSSES, one_hot, sigmoid


def _cross_entropy(smoothing):
    def value(logits, targets):
        soft = (1 - smoothing) * targets + smoothing / targets.shape[1]
        return -(soft * log_softmax(logits, axis=1)).sum(axis=1)

    return value


def _logistic(logits, targets):
    outputs = expit(logits)
    return -(targets * np.log(outputs) + (1 - targets) * np.log(1 - outputs)).sum(axis=1)


_FORMULAS = {
    "softmax-cross-entropy": ({}, _cross_entropy(0.0)),
    "smoothed": ({"label_smoothing": 0.3}, _cross_entropy(0.3)),
    "logistic": ({}, _logistic),
    "quadratic": ({}, lambda z, t: 0.5 * np.square(expit(z) - t).sum(axis=1)),
    "mean-squared-error": ({}, lambda z, t: np.square(expit(z) - t).mean(axis=1)),
}
_LABELS = np.array([2, 0, 3, 3, 1])


def _made(name):
    settings, formula = _FORMULAS[name]
    loss = LOSSES["softmax-cross-entropy" if name == "smoothed" else name](**settings)
    logits = np.random.default_rng(0).normal(0, 2, (5, 4))
    return loss, formula, np.asfortranarray(logits)


def test_every_loss_has_its_formula_here():
    assert set(_FORMULAS) - {"smoothed"} == set(LOSSES)


@pytest.mark.parametrize("name", list(_FORMULAS))
def test_the_value_of_each_image_follows_the_formula(name):
    loss, formula, logits = _made(name)
    targets = one_hot(_LABELS, 4, logits.dtype).T
    np.testing.assert_allclose(loss.values(logits, _LABELS), formula(logits, targets))


@pytest.mark.parametrize("scale", [1.0, 0.03, 5.0])
@pytest.mark.parametrize("name", list(_FORMULAS))
def test_the_gradient_is_that_of_the_mean_times_the_factor(name, scale):
    loss, formula, logits = _made(name)
    targets, step = one_hot(_LABELS, 4, logits.dtype), 1e-6
    d_logits = np.asfortranarray(np.full_like(logits, np.nan))
    bound = loss.bind(logits, d_logits)
    for _ in range(2):  # nothing is left of the first time
        bound.step(targets, scale)
    wanted = np.empty_like(logits)
    for place in np.ndindex(logits.shape):
        above, below = logits.copy(), logits.copy()
        above[place] += step
        below[place] -= step
        rise = formula(above, targets.T).mean() - formula(below, targets.T).mean()
        wanted[place] = scale * rise / (2 * step)
    np.testing.assert_allclose(d_logits, wanted, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("name", list(_FORMULAS))
def test_the_answer_is_softmax_or_sigmoids_that_are_made_to_sum_to_one(name):
    loss, _, logits = _made(name)
    before = logits.copy()
    if name in ("softmax-cross-entropy", "smoothed"):
        wanted = softmax(logits, axis=1)
    else:
        wanted = expit(logits) / expit(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(loss.probabilities(logits), wanted)
    np.testing.assert_array_equal(logits, before)


@pytest.mark.parametrize("name", list(_FORMULAS))
def test_logits_of_any_size_have_a_value_a_gradient_and_an_answer(name):
    loss, _, _ = _made(name)
    logits = np.asfortranarray(np.array([[1e4, -1e4, 0.0, 300.0], [-1e4] * 4, [1e4] * 4]))
    d_logits = np.empty_like(logits)
    labels = np.array([1, 2, 0])
    with np.errstate(under="ignore"):
        loss.bind(logits, d_logits).step(one_hot(labels, 4, logits.dtype), 1.0)
        assert np.isfinite(loss.values(logits, labels)).all()
        assert np.isfinite(d_logits).all()
        assert np.isfinite(loss.probabilities(logits)).all()


@pytest.mark.parametrize("name", ["softmax-cross-entropy", "smoothed"])
@given(shift=st.floats(-1e3, 1e3))
def test_a_number_added_to_all_logits_of_an_image_changes_nothing(name, shift):
    loss, _, logits = _made(name)
    moved = loss.values(logits + shift, _LABELS)
    np.testing.assert_allclose(moved, loss.values(logits, _LABELS), atol=1e-9)
    np.testing.assert_allclose(
        loss.probabilities(logits + shift), loss.probabilities(logits), atol=1e-12
    )


def test_one_hot_targets_are_a_row_for_each_class():
    found = one_hot(np.array([1, 0, 1]), 3, np.dtype(np.float32))
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, [[0, 1, 0], [1, 0, 1], [0, 0, 0]])


@given(st.floats(-700, 700))
def test_the_sigmoid_is_the_logistic_function(value):
    assert sigmoid(np.array([value]))[0] == pytest.approx(expit(value), abs=1e-15)
