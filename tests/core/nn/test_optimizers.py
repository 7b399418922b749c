"""Every optimizer's first steps against its published formula, in float64."""

import math

import numpy as np
import pytest

from core.nn.numba_adam import fused_adam
from core.nn.optimizer import OPTIMIZERS, Prefixes, Vectors, flush_denormals
from core.recipe.recipe import Recipe  # noqa: F401 - fills the registries

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


def _adamw(p, g, s, rate, t):
    return _adam(p * (1 - rate * 0.01), g, s, rate, t)


_FORMULAS = {
    "sgd": lambda p, g, s, rate, t: p - rate * g,
    "momentum": _momentum,
    "nesterov": _nesterov,
    "adagrad": _adagrad,
    "rmsprop": _rmsprop,
    "adam": _adam,
    "adamw": _adamw,
}
_BY_BATCH = [key for key in OPTIMIZERS if not OPTIMIZERS[key].full_batch]


class _Walk:
    """One rule on one vector."""

    def __init__(self, optimizer, start, kind=np.float64):
        self.params, self.grads = np.array(start, kind), np.zeros(len(start), kind)
        self.slots = {name: np.zeros(len(start), kind) for name in optimizer.slot_names}
        vectors = Vectors(self.params, self.grads, self.slots, (self.params,))
        self.bound = optimizer.bind(vectors)

    def step(self, gradient, rate, t, reachable=None):
        reachable = len(gradient) if reachable is None else reachable
        scale = self.bound.prepare(rate, t)
        self.grads[:reachable] = np.asarray(gradient[:reachable]) * scale
        self.grads[reachable:] = np.nan  # not written: nobody may look at it
        self.bound.move(reachable)


@pytest.mark.parametrize("key", _BY_BATCH)
def test_three_steps_equal_the_published_formula(key):
    walk = _Walk(OPTIMIZERS[key](), _START)
    expected, states = list(_START), [{"m": 0.0, "v": 0.0} for _ in _START]
    for t, gradient in enumerate(_GRADIENTS, 1):
        rate = 0.05 * t  # it may change on the way
        walk.step(gradient, rate, t)
        expected = [
            _FORMULAS[key](p, g, s, rate, t)
            for p, g, s in zip(expected, gradient, states, strict=True)
        ]
        np.testing.assert_allclose(walk.params, expected, rtol=1e-12, atol=1e-15)


# p = 1, gradients 0.5, 0.25, -1, rate 0.1, worked with pencil and pocket calculator.
_BY_HAND = {
    "sgd": (0.95, 0.925, 1.025),
    "momentum": (0.95, 0.88, 0.917),
    "nesterov": (0.905, 0.817, 0.9503),
    "adagrad": (0.9, 0.855279, 0.942566),
    "rmsprop": (0.683772, 0.536330, 0.818188),
    "adam": (0.9, 0.806782, 0.827418),
    "adamw": (0.899, 0.804883, 0.824714),
}


@pytest.mark.parametrize("key", _BY_BATCH)
def test_three_steps_equal_what_was_worked_by_hand(key):
    walk = _Walk(OPTIMIZERS[key](), [1.0])
    for t, (gradient, wanted) in enumerate(zip((0.5, 0.25, -1.0), _BY_HAND[key], strict=True), 1):
        walk.step([gradient], 0.1, t)
        assert walk.params[0] == pytest.approx(wanted, abs=1e-6)


@pytest.mark.parametrize("beta_2", [0.0, 0.5, 0.9, 0.999])
@pytest.mark.parametrize("key", ["adam", "adamw"])
def test_the_scaled_moments_of_adam_never_leave_the_formula(key, beta_2):
    """Over many of the periods after which the scale starts anew."""
    rng = np.random.default_rng(2)
    walk = _Walk(OPTIMIZERS[key](beta_2=beta_2), rng.standard_normal(50))
    params, m, v = walk.params.copy(), np.zeros(50), np.zeros(50)
    for t in range(1, 2001):
        gradient = rng.standard_normal(50)
        if key == "adamw":
            params *= 1 - 0.003 * 0.01
        m, v = 0.9 * m + 0.1 * gradient, beta_2 * v + (1 - beta_2) * gradient**2
        root = np.sqrt(v / (1 - beta_2**t)) + 1e-7
        params -= 0.003 * m / (1 - 0.9**t) / root
        walk.step(gradient, 0.003, t)
        np.testing.assert_allclose(walk.params, params, rtol=0, atol=1e-10)


@pytest.mark.parametrize("key", _BY_BATCH)
@pytest.mark.parametrize("length", [40, 450_000])  # in one piece, and in several
def test_gradients_that_were_not_written_count_as_zero(key, length):
    rng = np.random.default_rng(3)
    start = rng.standard_normal(length)
    whole, cut = _Walk(OPTIMIZERS[key](), start), _Walk(OPTIMIZERS[key](), start)
    for t in range(1, 6):
        reachable = int(rng.integers(1, length))
        gradient = rng.standard_normal(length)
        gradient[reachable:] = 0
        whole.step(gradient, 0.01, t)
        cut.step(gradient, 0.01, t, reachable)
        np.testing.assert_array_equal(whole.params, cut.params)


@pytest.mark.parametrize("key", _BY_BATCH)
def test_every_optimizer_walks_down_a_bowl_and_stays_in_single_precision(key):
    walk = _Walk(OPTIMIZERS[key](learning_rate=0.05), _START, np.float32)
    for t in range(1, 601):  # more than 512: Adam's scale starts anew on the way
        walk.step(walk.params.copy(), 0.05, t)  # of half the squared distance from zero
    assert np.abs(walk.params).max() < 0.5
    kinds = {walk.params.dtype, *(slot.dtype for slot in walk.slots.values())}
    assert kinds == {np.dtype(np.float32)}


@pytest.mark.parametrize("key", [key for key in _BY_BATCH if key != "adamw"])
def test_a_weight_whose_gradient_is_zero_never_moves(key):
    walk = _Walk(OPTIMIZERS[key](), [1.0, 2.0])
    for t in range(1, 10):
        walk.step([0.5, 0.0], 0.1, t)
    assert walk.params[1] == 2.0
    assert walk.params[0] != 1.0


def test_every_256_iterations_what_is_nearly_nothing_becomes_nothing():
    vector = np.array([1e-21, -1e-21, 1e-20, 0.5, -2e-20], np.float64)
    for t in (1, 255, 257):
        flush_denormals(vector, t)
        assert vector[0] == 1e-21
    for t in (256, 512):
        flush_denormals(vector, t)
        np.testing.assert_array_equal(vector, [0, 0, 1e-20, 0.5, -2e-20])
        vector[0] = 1e-21


def test_prefixes_are_the_beginning_of_each_vector_and_made_once():
    prefixes = Prefixes((np.arange(5.0), np.arange(10.0, 15.0)))
    one, other = prefixes.at(3)
    np.testing.assert_array_equal(one, [0, 1, 2])
    np.testing.assert_array_equal(other, [10, 11, 12])
    assert prefixes.at(3)[0] is one
    one += 1
    assert prefixes.vectors[0].tolist() == [1, 2, 3, 3, 4]


@pytest.mark.parametrize("key", ["momentum", "nesterov", "adam", "rmsprop"])
def test_no_running_mean_lingers_among_the_denormal_numbers(key):
    """They cost the processor a hundred times as much as zeros."""
    walk = _Walk(OPTIMIZERS[key](), [1.0], np.float32)
    for t in range(1, 3000):
        walk.step([1.0 if t == 1 else 0.0], 0.01, t)
        for slot in walk.slots.values():
            assert slot[0] == 0 or abs(slot[0]) > np.finfo(np.float32).tiny


@pytest.mark.skipif(fused_adam() is None, reason="numba, an extra, is not installed")
def test_compiled_adam_equals_the_numpy_rule_bit_for_bit(monkeypatch):
    rng, walks = np.random.default_rng(0), []
    for fused in (True, False):
        if not fused:
            monkeypatch.setattr("core.nn.optimizers.adam.fused_adam", lambda: None)
        walks.append(_Walk(OPTIMIZERS["adam"](), np.ones(1000), np.float32))
    for t in range(1, 1500):
        reachable = int(rng.integers(500, 1001))
        gradient = rng.standard_normal(1000).astype(np.float32)
        for walk in walks:
            walk.step(gradient, 0.001, t, reachable)
    np.testing.assert_array_equal(walks[0].params, walks[1].params)


@pytest.mark.parametrize("key", [key for key in OPTIMIZERS if OPTIMIZERS[key].full_batch])
def test_full_batch_methods_find_the_minimum_of_a_narrow_valley(key):
    """Rosenbrock's function, minimum at (1, 1)."""
    seen = []

    def rosenbrock(p):
        x, y = p
        slope = [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)]
        return (1 - x) ** 2 + 100 * (y - x * x) ** 2, np.array(slope)

    def note(intermediate_result):
        seen.append(float(intermediate_result.fun))

    OPTIMIZERS[key]().minimize(rosenbrock, np.array([-1.2, 1.0]), 200, note)
    assert seen[-1] < 1e-10
    assert seen == sorted(seen, reverse=True)
