"""First weights have the spread that their source asks for."""

import math

import numpy as np
import pytest

import core.recipe.recipe  # noqa: F401 - fills the registries
from core.nn.initializer import INITIALIZERS
from core.nn.layer import LAYERS
from core.nn.layers.dense import Dense
from core.nn.layers.relu import Relu
from core.nn.loss import LOSSES, one_hot
from core.nn.network import Network, Workspace

_IN, _OUT = 300, 200

_STANDARD_DEVIATIONS = {
    "he-normal": math.sqrt(2 / _IN),
    "glorot-uniform": math.sqrt(2 / (_IN + _OUT)),  # of a uniform distribution: edge / sqrt(3)
    "glorot-normal": math.sqrt(2 / (_IN + _OUT)),
    "lecun-normal": math.sqrt(1 / _IN),
    "normal": 0.01,
    "zeros": 0.0,
}


def _drawn(key, seed=0, **changes):
    rng = np.random.default_rng(seed)
    initializer = INITIALIZERS[key](**changes)
    return initializer.weights(rng, _IN, _OUT, (_IN, _OUT)), initializer.biases(rng, (_OUT,))


@pytest.mark.parametrize("key", list(INITIALIZERS))
def test_weights_have_the_published_spread_around_zero(key):
    weights, _ = _drawn(key)
    expected = _STANDARD_DEVIATIONS[key]
    assert weights.shape == (_IN, _OUT)
    assert weights.std() == pytest.approx(expected, rel=0.02)  # 60,000 draws: 0.3 % is usual
    assert abs(weights.mean()) <= 5 * expected / math.sqrt(weights.size)


@pytest.mark.parametrize("key", list(INITIALIZERS))
def test_biases_start_at_zero_unless_asked_otherwise(key):
    _, biases = _drawn(key)
    np.testing.assert_array_equal(biases, np.zeros(_OUT))


@pytest.mark.parametrize("key", [key for key in INITIALIZERS if key != "zeros"])
def test_the_seed_decides_every_weight(key):
    np.testing.assert_array_equal(_drawn(key, seed=4)[0], _drawn(key, seed=4)[0])
    assert not np.array_equal(_drawn(key, seed=4)[0], _drawn(key, seed=5)[0])


def test_glorot_never_leaves_its_interval_and_fills_it():
    weights, _ = _drawn("glorot-uniform")
    edge = math.sqrt(6 / (_IN + _OUT))
    assert np.abs(weights).max() <= edge
    assert np.abs(weights).max() > 0.99 * edge


def test_normal_takes_its_widths_from_the_recipe():
    weights, biases = _drawn("normal", std=2.0, bias_std=0.5)
    assert weights.std() == pytest.approx(2.0, rel=0.02)
    assert biases.std() == pytest.approx(0.5, rel=0.2)


def test_units_that_start_at_zero_stay_alike():
    network = Network((Dense(4), LAYERS["sigmoid"](), Dense(3)), 5)
    rng = np.random.default_rng(2)
    params = network.init_params(INITIALIZERS["zeros"](), rng, np.float64)
    grads = np.zeros(network.trained_count)
    space = Workspace(network, params, 8, grads)
    space.x[...] = rng.standard_normal(space.x.shape)
    loss = LOSSES["softmax-cross-entropy"]().bind(space.logits, space.d_logits)
    targets = one_hot(np.arange(8) % 3, 3, grads.dtype)
    for _ in range(20):
        space.forward(True)
        loss.step(targets, 0.5)
        space.backward()
        params -= grads
    weights = network.views(params, 0)["weights"]
    assert np.abs(weights).max() > 0.01  # they do learn, but all the same
    np.testing.assert_allclose(weights, weights[:, :1].repeat(4, axis=1), rtol=1e-9)


def test_he_keeps_the_signal_alive_through_ten_relu_layers():
    network = Network((Dense(256), Relu()) * 10, 256)
    rng = np.random.default_rng(1)
    params = network.init_params(INITIALIZERS["he-normal"](), rng)
    signal = rng.standard_normal((64, 256)).astype(np.float32)
    for index in range(0, 20, 2):
        signal = np.maximum(signal @ network.views(params, index)["weights"], 0)
    assert 0.1 < np.square(signal).mean() < 10  # 2^-10 or 2^10 if the factor were wrong
