"""Where a network's arrays lie, and what a workspace shares."""

import numpy as np
import pytest

import core.recipe.recipe  # noqa: F401 - fills the registries
from core.base.errors import ShapeError
from core.nn.initializer import INITIALIZERS
from core.nn.layers.batch_norm import BatchNormalization
from core.nn.layers.dense import Dense
from core.nn.layers.relu import Relu
from core.nn.layers.scaling import Scaling
from core.nn.layers.sigmoid import Sigmoid
from core.nn.network import Network, Workspace

_LAYERS = (Scaling("mean"), Dense(3), BatchNormalization(), Relu(), Dense(2))
_TRAINED = 5 * 3 + 3 + 3 + 3 + 3 * 2 + 2


def _places(network):
    return [(s.layer, s.name, s.start, s.stop, s.trained) for s in network.specs]


def test_trained_arrays_come_first_layer_by_layer_then_the_state():
    network = Network(_LAYERS, 5)
    assert _places(network) == [
        (0, "offset", 32, 37, False), (0, "factor", 37, 42, False),
        (1, "weights", 0, 15, True), (1, "biases", 15, 18, True),
        (2, "gamma", 18, 21, True), (2, "beta", 21, 24, True),
        (2, "running_mean", 42, 45, False), (2, "running_variance", 45, 48, False),
        (4, "weights", 24, 30, True), (4, "biases", 30, 32, True),
    ]  # fmt: skip
    assert (network.trained_count, network.param_count) == (_TRAINED, 48)
    assert network.weight_count == _TRAINED
    assert network.sizes == (5, 5, 3, 3, 3, 2)
    assert (network.class_count, network.first_layer) == (2, 1)


def test_with_the_first_layer_last_each_array_begins_on_a_cache_line():
    network = Network(_LAYERS, 5, first_layer_last=True)
    trained = [spec for spec in network.specs if spec.trained]
    assert [(spec.layer, spec.name, spec.start) for spec in trained] == [
        (1, "weights", 80), (1, "biases", 64), (2, "gamma", 48), (2, "beta", 32),
        (4, "weights", 16), (4, "biases", 0),
    ]  # fmt: skip
    assert network.trained_count == 95
    assert network.weight_count == _TRAINED  # gaps are no weights


def test_views_of_a_gradient_leave_the_state_out():
    network = Network(_LAYERS, 5)
    whole, trained = np.arange(48.0), np.arange(float(_TRAINED))
    assert set(network.views(whole, 2)) == {"gamma", "beta", "running_mean", "running_variance"}
    assert set(network.views(trained, 2)) == {"gamma", "beta"}
    np.testing.assert_array_equal(
        network.views(whole, 4)["weights"], np.arange(24, 30).reshape(3, 2)
    )
    assert [view.shape for view in network.weight_views(trained)] == [(5, 3), (3, 2)]


def test_first_weights_come_from_the_initializer_and_the_rest_from_the_layers():
    class Told:
        def weights(self, rng, fan_in, fan_out, shape):
            return np.full(shape, 100 * fan_in + fan_out)

        def biases(self, rng, shape):
            return np.full(shape, 7.0)

    network = Network(_LAYERS, 5)
    params = network.init_params(Told(), np.random.default_rng(0))
    assert params.dtype == np.float32
    first, normalization, last = (network.views(params, layer) for layer in (1, 2, 4))
    assert set(first["weights"].flat) == {503}
    assert set(last["weights"].flat) == {302}
    assert set(first["biases"]) == set(last["biases"]) == {7}
    assert set(normalization["gamma"]) == set(normalization["running_variance"]) == {1}
    assert set(normalization["beta"]) == set(normalization["running_mean"]) == {0}
    assert network.views(params, 0)["factor"] == pytest.approx(1 / 255)


def test_a_network_without_layers_or_weights_is_empty():
    assert (Network((), 4).trained_count, Network((), 4).param_count) == (0, 0)
    assert Network((Relu(),), 4).sizes == (4, 4)


@pytest.mark.parametrize(("params", "grads"), [(47, 32), (49, 32), (48, 31), (48, 48)])
def test_vectors_of_another_length_are_refused(params, grads):
    with pytest.raises(ShapeError):
        Workspace(Network(_LAYERS, 5), np.zeros(params), 2, np.zeros(grads))


def test_layers_write_over_arrays_that_nobody_needs_again():
    network = Network((Dense(4), Sigmoid(), Relu(), Relu(), Dense(3), Relu()), 6)
    params = network.init_params(INITIALIZERS["he-normal"](), np.random.default_rng(0), np.float64)
    space = Workspace(network, params, 5, np.zeros(network.trained_count))
    sites = [layer._y if hasattr(layer, "_y") else layer._site.y for layer in space.layers]
    shared = [
        np.shares_memory(one, other) for one, other in zip(sites[:-1], sites[1:], strict=True)
    ]
    # Sigmoid writes over the sums; ReLU not over the sigmoid's output, which it needs.
    assert shared == [True, False, True, False, True]
    assert space.logits.flags.f_contiguous
    assert space.d_logits.flags.f_contiguous
    assert not space.logits.flags.c_contiguous
    assert np.shares_memory(space.logits, sites[-1])


def test_a_workspace_computes_the_layers_one_after_the_other():
    network = Network((Dense(4), Relu(), Dense(3)), 6)
    params = network.init_params(
        INITIALIZERS["normal"](std=1.0, bias_std=0.5), np.random.default_rng(0), np.float64
    )
    space = Workspace(network, params, 5)
    space.x[...] = np.random.default_rng(1).normal(size=(5, 6))
    first, last = network.views(params, 0), network.views(params, 2)
    hidden = np.maximum(space.x @ first["weights"] + first["biases"], 0)
    np.testing.assert_allclose(space.forward(), hidden @ last["weights"] + last["biases"])
    assert space.d_logits.shape == (0, 3)  # it can only go forward
