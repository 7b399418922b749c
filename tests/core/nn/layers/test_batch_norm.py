"""Batch normalization against its definition, with values that are not neutral."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.nn.layer import Site
from core.nn.layers.batch_norm import BatchNormalization


def _site(x, seed=1):
    """Return a layer's arrays in float64: scale, shift and running means of any size."""
    rng = np.random.default_rng(seed)
    units = x.shape[1]
    params = {
        "gamma": rng.uniform(0.5, 2, units),
        "beta": rng.normal(size=units),
        "running_mean": rng.normal(size=units),
        "running_variance": rng.uniform(1, 3, units),
    }
    grads = {name: np.full(units, np.nan) for name in ("gamma", "beta")}
    return Site(x, np.empty_like(x), rng.normal(size=x.shape), np.empty_like(x), params, grads)


def _batch(count, units=3, seed=0):
    return np.random.default_rng(seed).normal(2.0, 3.0, (count, units))


@given(momentum=st.floats(0, 0.9999), count=st.integers(2, 9))
def test_momentum_is_how_much_of_the_running_means_is_kept(momentum, count):
    site = _site(_batch(count))
    mean, variance = (site.params[f"running_{name}"].copy() for name in ("mean", "variance"))
    BatchNormalization(momentum=momentum).bind(site).forward(True)
    np.testing.assert_allclose(
        site.params["running_mean"], momentum * mean + (1 - momentum) * site.x.mean(axis=0)
    )
    np.testing.assert_allclose(
        site.params["running_variance"],
        momentum * variance + (1 - momentum) * site.x.var(axis=0),  # of the batch: biased
    )


@pytest.mark.parametrize("epsilon", [1e-5, 0.7])
def test_training_normalizes_by_the_batch_and_prediction_by_the_running_means(epsilon):
    site = _site(_batch(7))
    bound, params = BatchNormalization(epsilon=epsilon).bind(site), site.params
    mean, variance = params["running_mean"].copy(), params["running_variance"].copy()
    bound.forward(False)
    wanted = params["gamma"] * (site.x - mean) / np.sqrt(variance + epsilon) + params["beta"]
    np.testing.assert_allclose(site.y, wanted)
    np.testing.assert_array_equal(params["running_mean"], mean)  # prediction learns nothing
    np.testing.assert_array_equal(params["running_variance"], variance)
    bound.forward(True)
    unit = (site.x - site.x.mean(axis=0)) / np.sqrt(site.x.var(axis=0) + epsilon)
    np.testing.assert_allclose(site.y, params["gamma"] * unit + params["beta"])


def test_a_batch_of_one_image_is_normalized_by_the_running_means_and_leaves_them():
    site = _site(_batch(1))
    before = {name: array.copy() for name, array in site.params.items()}
    bound = BatchNormalization().bind(site)
    bound.forward(True)
    alone = site.y.copy()
    bound.forward(False)
    np.testing.assert_array_equal(alone, site.y)
    for name, array in site.params.items():
        np.testing.assert_array_equal(array, before[name])


@pytest.mark.parametrize("training", [True, False])
def test_the_gradients_are_those_of_the_pass_that_was_made(training):
    site = _site(_batch(4))
    bound, step = BatchNormalization(epsilon=0.3).bind(site), 1e-6
    start = {name: array.copy() for name, array in site.params.items()}

    def loss():
        for name, array in start.items():
            if name.startswith("running"):
                site.params[name][...] = array
        bound.forward(training)
        return float((site.y * upstream).sum())

    upstream = site.d_y.copy()
    for array, found in (
        (site.x, site.d_x),
        (site.params["gamma"], site.grads["gamma"]),
        (site.params["beta"], site.grads["beta"]),
    ):
        loss()
        site.d_y[...] = upstream
        bound.backward()
        wanted = np.empty_like(array)
        for place in np.ndindex(array.shape):
            at = array[place]
            array[place] = at + step
            above = loss()
            array[place] = at - step
            wanted[place] = (above - loss()) / (2 * step)
            array[place] = at
        np.testing.assert_allclose(found, wanted, rtol=1e-6, atol=1e-7)


def test_as_the_first_layer_it_has_gradients_of_its_own_alone():
    site = _site(_batch(4))
    first = replace(site, d_x=None)
    wanted = {}
    for one in (site, first):
        bound = BatchNormalization().bind(one)
        bound.forward(True)
        bound.backward()
        wanted = wanted or {name: grad.copy() for name, grad in one.grads.items()}
    for name, grad in first.grads.items():
        np.testing.assert_allclose(grad, wanted[name])
