"""Backpropagation against central differences, for every layer and every loss."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import core.recipe  # noqa: F401 - fills the registries
from core.initializers.glorot import GlorotUniform
from core.layer import LAYERS, Site, activation_choices
from core.layers.dense import Dense
from core.layers.dropout import Dropout
from core.loss import LOSSES
from core.network import Network, Workspace

_COUNT, _INPUTS, _CLASSES = 5, 4, 3


def _loss_and_gradient(network, loss, params, x, labels):
    grads = np.zeros_like(params)
    space = Workspace(network, params, len(x), grads)
    space.x[...] = x
    bound = loss.bind(space.logits, space.d_logits, labels)
    space.forward()
    value = bound.step()
    space.backward()
    return value, grads


@pytest.mark.parametrize("loss_key", list(LOSSES))
@pytest.mark.parametrize("activation", [key for key, _ in activation_choices()])
def test_every_gradient_matches_central_differences(activation, loss_key):
    rng = np.random.default_rng(3)
    network = Network(
        (Dense(6), LAYERS[activation](), Dense(5), LAYERS[activation](), Dense(_CLASSES)), _INPUTS
    )
    loss = LOSSES[loss_key]()
    params = network.init_params(GlorotUniform(), rng, np.float64)
    params += 0.1 * rng.standard_normal(params.shape)
    x, labels = rng.standard_normal((_COUNT, _INPUTS)), rng.integers(0, _CLASSES, _COUNT)
    _, grads = _loss_and_gradient(network, loss, params, x, labels)
    step = 1e-6
    for place in range(len(params)):
        moved = params.copy()
        moved[place] += step
        above, _ = _loss_and_gradient(network, loss, moved, x, labels)
        moved[place] -= 2 * step
        below, _ = _loss_and_gradient(network, loss, moved, x, labels)
        assert grads[place] == pytest.approx((above - below) / (2 * step), rel=1e-5, abs=1e-8)


@pytest.mark.parametrize("loss_key", list(LOSSES))
@pytest.mark.parametrize("key", list(LAYERS))
def test_the_gradient_by_a_layers_input_matches_central_differences(key, loss_key):
    """Dropout is among them, in training: the same seed throws the same dice each time."""
    layer, loss, rng = LAYERS[key](), LOSSES[loss_key](), np.random.default_rng(5)
    x, labels = rng.standard_normal((_COUNT, _INPUTS)), rng.integers(0, _INPUTS, _COUNT)
    params = {
        name: rng.standard_normal(shape) for name, shape in layer.param_shapes(_INPUTS).items()
    }

    def value_and_delta(inputs):
        outputs = np.zeros((_COUNT, layer.output_size(_INPUTS)))
        site = Site(
            x=inputs, y=outputs, d_y=np.zeros_like(outputs), d_x=np.zeros_like(inputs),
            params=params, grads={name: np.zeros_like(array) for name, array in params.items()},
            noise=np.random.default_rng(8),
        )  # fmt: skip
        bound = layer.bind(site)
        bound.forward(training=True)
        value = loss.bind(site.y, site.d_y, labels).step()
        bound.backward()
        return value, site.d_x

    _, found = value_and_delta(x)
    step = 1e-6
    for place in np.ndindex(x.shape):
        moved = x.copy()
        moved[place] += step
        above, _ = value_and_delta(moved)
        moved[place] -= 2 * step
        below, _ = value_and_delta(moved)
        assert found[place] == pytest.approx((above - below) / (2 * step), rel=1e-5, abs=1e-8)


@given(
    logits=arrays(np.float64, (3, 4), elements=st.floats(-50, 50)),
    shift=st.floats(-1e3, 1e3),
)
def test_softmax_does_not_mind_what_is_added_to_all_logits(logits, shift):
    loss = LOSSES["softmax-cross-entropy"]()
    np.testing.assert_allclose(
        loss.probabilities(logits + shift), loss.probabilities(logits), rtol=1e-9, atol=1e-12
    )


def test_squared_losses_of_outputs_that_are_all_or_nothing_count_what_is_wrong():
    """Outputs (1, 0, 0, 1) where (0, 1, 0, 0) was wanted: three of four are wrong."""
    logits = np.array([[100.0, -100.0, -100.0, 100.0]])
    values = {
        key: LOSSES[key]().bind(logits, np.empty_like(logits), np.array([1])).step()
        for key in ("mean-squared-error", "quadratic")
    }
    assert values["mean-squared-error"] == pytest.approx(3 / 4)
    assert values["quadratic"] == pytest.approx(3 / 2)


@pytest.mark.parametrize("key", list(LOSSES))
def test_answers_are_probabilities_and_huge_logits_do_no_harm(key):
    loss = LOSSES[key]()
    logits = np.array([[1000.0, -1000.0, 0.0], [0.0, 0.0, 0.0]], np.float32)
    found = loss.probabilities(logits)
    assert np.isfinite(found).all()
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-6)
    assert found[0].argmax() == 0
    d_logits = np.empty_like(logits)
    value = loss.bind(logits, d_logits, np.array([1, 2])).step()
    assert np.isfinite(value)
    assert np.isfinite(d_logits).all()


def test_softmax_cross_entropy_of_an_even_answer_is_the_logarithm_of_the_classes():
    logits = np.zeros((4, 10))
    bound = LOSSES["softmax-cross-entropy"]().bind(logits, np.empty_like(logits), np.arange(4))
    assert bound.step() == pytest.approx(np.log(10))


def test_quadratic_cost_of_known_outputs_follows_nielsen():
    logits = np.zeros((2, 3))  # sigmoid outputs of one half
    bound = LOSSES["quadratic"]().bind(logits, np.empty_like(logits), np.array([0, 1]))
    assert bound.step() == pytest.approx(0.5 * 3 * 0.25)


def test_dropout_keeps_the_mean_and_rests_in_prediction():
    network = Network((Dropout(0.25),), 20_000)
    space = Workspace(network, np.zeros(0, np.float32), 4, np.zeros(0, np.float32))
    space.x[...] = 1
    np.testing.assert_array_equal(space.forward(training=False), 1)
    seen = space.forward(training=True)
    assert set(np.unique(seen)) == {np.float32(0), np.float32(256 / 192)}
    assert seen.mean() == pytest.approx(1, abs=0.02)
    assert (seen == 0).mean() == pytest.approx(0.25, abs=0.02)
    space.d_logits[...] = 1
    space.backward()  # nothing before it wants a gradient: it must not fail
