"""Every optimizer's first steps against its published formula, in float64."""

import math

import numpy as np
import pytest

from core.optimizer import OPTIMIZERS
from core.recipe import Recipe  # noqa: F401 - fills the registries

_GRADIENTS = ([0.5, -2.0, 0.0], [0.25, 1.0, -3.0], [-1.0, 0.5, 0.125])
_START = [1.0, -1.0, 2.0]


def _momentum(p, g, s, rate, t):
    s["v"] = 0.9 * s["v"] - rate * g
    return p + s["v"]


def _nesterov(p, g, s, rate, t):
    s["v"] = 0.9 * s["v"] - rate * g
    return p + 0.9 * s["v"] - rate * g


def _adagrad(p, g, s, rate, t):
    s["v"] += g * g
    return p - rate * g / (math.sqrt(s["v"]) + 1e-7)


def _rmsprop(p, g, s, rate, t):
    s["v"] = 0.9 * s["v"] + 0.1 * g * g
    return p - rate * g / (math.sqrt(s["v"]) + 1e-7)


def _adam(p, g, s, rate, t):
    s["m"] = 0.9 * s["m"] + 0.1 * g
    s["v"] = 0.999 * s["v"] + 0.001 * g * g
    m, v = s["m"] / (1 - 0.9**t), s["v"] / (1 - 0.999**t)
    return p - rate * m / (math.sqrt(v) + 1e-7)


_FORMULAS = {
    "sgd": lambda p, g, s, rate, t: p - rate * g,
    "momentum": _momentum,
    "nesterov": _nesterov,
    "adagrad": _adagrad,
    "rmsprop": _rmsprop,
    "adam": _adam,
}


@pytest.mark.parametrize("key", list(OPTIMIZERS))
def test_three_steps_equal_the_published_formula(key):
    optimizer = OPTIMIZERS[key]()
    params, grads = np.array(_START), np.zeros(3)
    slots = {name: np.zeros(3) for name in optimizer.slot_names}
    update = optimizer.bind(params, grads, slots)
    expected, states = list(_START), [{"m": 0.0, "v": 0.0} for _ in _START]
    for t, gradient in enumerate(_GRADIENTS, 1):
        rate = 0.05 * t  # it may change on the way
        grads[...] = gradient
        update(rate, t)
        expected = [
            _FORMULAS[key](p, g, s, rate, t)
            for p, g, s in zip(expected, gradient, states, strict=True)
        ]
        np.testing.assert_allclose(params, expected, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("key", list(OPTIMIZERS))
def test_every_optimizer_walks_down_a_bowl_and_stays_in_single_precision(key):
    optimizer = OPTIMIZERS[key](learning_rate=0.05)
    params, grads = np.array(_START, np.float32), np.zeros(3, np.float32)
    slots = {name: np.zeros(3, np.float32) for name in optimizer.slot_names}
    update = optimizer.bind(params, grads, slots)
    for t in range(1, 601):  # more than 512: Adam sweeps its tiny moments away on the way
        grads[...] = params  # of half the squared distance from zero
        update(0.05, t)
    assert np.abs(params).max() < 0.5
    assert {params.dtype, *(slot.dtype for slot in slots.values())} == {np.dtype(np.float32)}


@pytest.mark.parametrize("key", list(OPTIMIZERS))
def test_a_weight_whose_gradient_is_zero_never_moves(key):
    optimizer = OPTIMIZERS[key]()
    params, grads = np.array([1.0, 2.0]), np.zeros(2)
    slots = {name: np.zeros(2) for name in optimizer.slot_names}
    update = optimizer.bind(params, grads, slots)
    for t in range(1, 10):
        grads[...] = 0.5, 0.0
        update(0.1, t)
    assert params[1] == 2.0
    assert params[0] != 1.0
