"""Each layer without weights against its formula, in both passes and in both arrangements."""

import math

import numpy as np
import pytest
from scipy.special import erf, expit, softmax

import core.recipe.recipe  # noqa: F401 - fills the registries
from core.nn.layer import LAYERS, Site


def _gelu(x):
    return x * 0.5 * (1 + erf(x / math.sqrt(2)))


def _elu(alpha):
    return lambda x: np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


_FORMULAS = {
    "relu": ({}, lambda x: np.maximum(x, 0)),
    "leaky-relu": ({"slope": 0.3}, lambda x: np.where(x > 0, x, 0.3 * x)),
    "elu": ({"alpha": 0.7}, _elu(0.7)),
    "gelu": ({}, _gelu),
    "sigmoid": ({}, expit),
    "tanh": ({}, np.tanh),
    "softmax": ({}, lambda x: softmax(x, axis=1)),
    "linear": ({}, lambda x: x),
}


def _site(x, *, in_place=False, first=False):
    """Return a site; in place the output takes the input's arrays, as workspaces do it."""
    d_y = np.random.default_rng(1).normal(size=x.shape)
    y = x if in_place else np.full_like(x, np.nan)
    d_x = None if first else d_y if in_place else np.full_like(x, np.nan)
    return Site(x, y, d_y, d_x, {}, {})


def _slope(formula, x, upstream, step=1e-6):
    """Return the gradient of sum(formula(x) * upstream) by central differences."""
    found = np.empty_like(x)
    for place in np.ndindex(x.shape):
        above, below = x.copy(), x.copy()
        above[place] += step
        below[place] -= step
        found[place] = ((formula(above) - formula(below)) * upstream).sum() / (2 * step)
    return found


def test_every_activation_has_its_formula_here():
    assert set(_FORMULAS) == {key for key in LAYERS if LAYERS[key].activation}


@pytest.mark.parametrize(
    ("key", "in_place"),
    [(key, place) for key in _FORMULAS for place in sorted({False, LAYERS[key].in_place})],
)
def test_both_passes_follow_the_formula(key, in_place):
    settings, formula = _FORMULAS[key]
    layer = LAYERS[key](**settings)
    x = np.random.default_rng(0).normal(0, 2, (4, 5))
    start = x.copy()
    site = _site(x, in_place=in_place)
    upstream = site.d_y.copy()
    bound = layer.bind(site)
    for training in (True, False):
        x[...] = start
        site.d_y[...] = upstream
        bound.forward(training)
        np.testing.assert_allclose(site.y, formula(start), rtol=1e-9, atol=1e-12)
        bound.backward()
        np.testing.assert_allclose(site.d_x, _slope(formula, start, upstream), atol=1e-7)


@pytest.mark.parametrize("key", list(_FORMULAS))
def test_the_first_layer_need_not_go_back(key):
    settings, _ = _FORMULAS[key]
    site = _site(np.ones((3, 4)), first=True)
    before = site.d_y.copy()
    bound = LAYERS[key](**settings).bind(site)
    bound.forward(True)
    bound.backward()
    np.testing.assert_array_equal(site.d_y, before)


@pytest.mark.parametrize("key", list(_FORMULAS))
def test_no_input_however_large_gives_anything_but_numbers(key):
    x = np.array([[-1e4, -50.0, 0.0, 50.0, 1e4]])
    site = _site(x)
    bound = LAYERS[key](**_FORMULAS[key][0]).bind(site)
    with np.errstate(under="ignore"):
        bound.forward(True)
        bound.backward()
    assert np.isfinite(site.y).all()
    assert np.isfinite(site.d_x).all()


@pytest.mark.parametrize("key", ["relu", "leaky-relu", "elu"])
def test_at_zero_itself_the_slope_is_that_of_the_left(key):
    site = _site(np.zeros((1, 1)))
    bound = LAYERS[key](**_FORMULAS[key][0]).bind(site)
    bound.forward(True)
    bound.backward()
    left = {"relu": 0.0, "leaky-relu": 0.3, "elu": 0.7}[key]
    assert site.d_x[0, 0] == pytest.approx(left * site.d_y[0, 0])


@pytest.mark.parametrize("rate", [0.1, 0.25, 0.6, 0.95])
@pytest.mark.parametrize("seed", [0, 1])
def test_dropout_scales_what_it_keeps_and_goes_back_the_same_way(rate, seed):
    x = np.random.default_rng(3).normal(size=(40, 50))
    site = Site(
        x, np.empty_like(x), np.ones_like(x), np.empty_like(x), {}, {}, np.random.default_rng(seed)
    )
    bound = LAYERS["dropout"](rate=rate).bind(site)
    bound.forward(True)
    kept = site.y != 0
    share = 1 - round(rate * 256) / 256
    assert abs(kept.mean() - share) < 5 * math.sqrt(share * (1 - share) / x.size)
    np.testing.assert_allclose(site.y[kept], x[kept] / share)
    bound.backward()
    np.testing.assert_allclose(site.d_x, kept / share)
    bound.forward(False)
    np.testing.assert_array_equal(site.y, x)
    bound.backward()
    np.testing.assert_array_equal(site.d_x, site.d_y)


def test_dropout_draws_one_byte_for_each_value():
    """So training repeats exactly what any version drew from the same state."""
    noise, twin = np.random.default_rng(5), np.random.default_rng(5)
    x = np.ones((3, 7))
    site = Site(x, np.empty_like(x), np.ones_like(x), np.empty_like(x), {}, {}, noise)
    LAYERS["dropout"](rate=0.5).bind(site).forward(True)
    dice = np.frombuffer(twin.bytes(21), np.uint8).reshape(3, 7)
    np.testing.assert_array_equal(site.y, np.where(dice >= 128, 2.0, 0.0))
    assert noise.bit_generator.state == twin.bit_generator.state
