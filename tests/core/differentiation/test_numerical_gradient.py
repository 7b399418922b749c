"""Backpropagation against central differences, for every layer, loss and initializer."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import core.recipe.recipe  # noqa: F401 - fills the registries
from core.differentiation.gradient_check import check_gradients
from core.nn.initializer import INITIALIZERS
from core.nn.layer import LAYERS, Site
from core.nn.layers.dense import Dense
from core.nn.layers.dropout import Dropout
from core.nn.layers.scaling import Scaling
from core.nn.loss import LOSSES, one_hot
from core.nn.network import Network, Workspace
from core.nn.penalty import Penalty

_COUNT, _INPUTS, _CLASSES = 5, 4, 3
NO_PENALTY = Penalty()


def _layers(key):
    """Return a network that has a layer of this kind in the middle."""
    if key == "dense":
        return (Dense(6), Dense(5), Dense(_CLASSES))
    if key == "scaling":
        return (Scaling("standardize"), Dense(6), LAYERS["tanh"](), Dense(_CLASSES))
    return (Dense(6), LAYERS[key](), Dense(5), LAYERS[key](), Dense(_CLASSES))


def _check(layers, loss, penalty=NO_PENALTY, initializer="glorot-uniform", n=_COUNT, **network):
    rng = np.random.default_rng(3)
    net = Network(layers, _INPUTS, **network)
    params = net.init_params(INITIALIZERS[initializer](), rng, np.float64)
    params[: net.trained_count] += 0.1 * rng.standard_normal(net.trained_count)
    x, labels = rng.standard_normal((n, _INPUTS)), rng.integers(0, _CLASSES, n)
    return check_gradients(net, loss, penalty, params, x, labels)


@pytest.mark.parametrize("initializer", list(INITIALIZERS))
@pytest.mark.parametrize("loss", list(LOSSES))
@pytest.mark.parametrize("key", list(LAYERS))
def test_every_layer_loss_and_initializer_has_the_right_gradient(key, loss, initializer):
    found = _check(_layers(key), LOSSES[loss](), initializer=initializer)
    assert found.error < 1e-7
    for each in found.arrays:
        close = np.abs(each.by_backpropagation - each.by_differences)
        assert (close < 1e-8 + 1e-5 * np.abs(each.by_differences)).all(), each.name


@pytest.mark.parametrize("count", [1, 2, 9])
@pytest.mark.parametrize("key", list(LAYERS))
def test_gradients_are_right_for_any_batch_size_wherever_the_weights_lie(key, count):
    assert _check(_layers(key), LOSSES["logistic"](), n=count, first_layer_last=True).error < 1e-7


@pytest.mark.parametrize("first", [key for key in LAYERS if key != "scaling"])
@pytest.mark.parametrize("second", [key for key in LAYERS if key not in ("scaling", "dense")])
def test_any_two_layers_in_a_row_leave_each_other_what_they_need(first, second):
    """A layer that works in place must not write over what the one before it still reads."""
    layers = (Dense(6), LAYERS[first](), LAYERS[second](), Dense(_CLASSES), LAYERS[second]())
    assert _check(layers, LOSSES["logistic"]()).error < 1e-6


@pytest.mark.parametrize("penalty", [Penalty(l2=0.3), Penalty(l1=0.2), Penalty(0.5, 0.1)])
@pytest.mark.parametrize("first_layer_last", [False, True])
def test_penalties_are_part_of_the_gradient_wherever_the_weights_lie(penalty, first_layer_last):
    found = _check(
        _layers("tanh"), LOSSES["logistic"](), penalty, first_layer_last=first_layer_last
    )
    assert found.error < 1e-8
    without = _check(_layers("tanh"), LOSSES["logistic"](), first_layer_last=first_layer_last)
    for one, other in zip(found.arrays, without.arrays, strict=True):
        same = np.array_equal(one.by_backpropagation, other.by_backpropagation)
        assert same == (one.name == "biases")  # biases are never penalized


def test_label_smoothing_has_the_right_gradient_and_value():
    loss = LOSSES["softmax-cross-entropy"](label_smoothing=0.1)
    assert _check(_layers("relu"), loss).error < 1e-8
    logits = np.log(np.array([[0.7, 0.2, 0.1]]))
    target = np.array([0.9 + 0.1 / 3, 0.1 / 3, 0.1 / 3])
    wanted = -(target * np.log([0.7, 0.2, 0.1])).sum()
    assert loss.values(logits, np.array([0]))[0] == pytest.approx(wanted)


def test_a_kink_within_the_step_is_no_wrong_gradient():
    net = Network((Dense(1), LAYERS["relu"](), Dense(2)), 1)
    params = np.array([1.0, 2e-6, 0.5, -0.5, 0.0, 0.0])  # z = x + 2e-6, a fifth of the step
    found = check_gradients(
        net, LOSSES["softmax-cross-entropy"](), NO_PENALTY, params, np.zeros((1, 1)), np.array([1])
    )
    assert found.arrays[0].by_backpropagation.any() or found.arrays[1].by_backpropagation.any()
    assert found.error < 1e-6


def test_a_wrong_gradient_is_noticed():
    class Wrong(type(LOSSES["quadratic"]())):
        def values(self, logits, labels):
            return 1.01 * super().values(logits, labels)

    assert _check(_layers("sigmoid"), Wrong()).error > 1e-3


@pytest.mark.parametrize("key", list(LAYERS))
def test_working_in_place_changes_nothing(key):
    layer, rng = LAYERS[key](), np.random.default_rng(5)
    shapes = {**layer.param_shapes(6), **layer.state_shapes(6)}
    found = {}
    for in_place in (False, True):
        rng = np.random.default_rng(5)
        x, d_y = rng.standard_normal((7, 6)), rng.standard_normal((7, layer.output_size(6)))
        params = {name: np.abs(rng.standard_normal(shape)) for name, shape in shapes.items()}
        grads = {name: np.zeros(shape) for name, shape in layer.param_shapes(6).items()}
        y = x if in_place and layer.in_place else np.empty_like(d_y)
        d_x = d_y if in_place and layer.in_place else np.empty_like(x)
        site = Site(x, y, d_y, d_x, params, grads, np.random.default_rng(1))
        bound = layer.bind(site)
        bound.forward(True)
        y = y.copy()
        bound.backward()
        found[in_place] = [y, d_x, *grads.values()]
    for one, other in zip(found[False], found[True], strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("key", list(LOSSES))
@pytest.mark.parametrize("scale", [1.0, 0.05, 300.0])
def test_the_gradient_carries_the_factor_it_is_asked_for(key, scale):
    loss, rng = LOSSES[key](), np.random.default_rng(1)
    logits, labels = np.asfortranarray(rng.standard_normal((6, 4))), rng.integers(0, 4, 6)
    plain, scaled = np.empty_like(logits), np.empty_like(logits)
    targets = one_hot(labels, 4, logits.dtype)
    loss.bind(logits, plain).step(targets, 1.0)
    loss.bind(logits, scaled).step(targets, scale)
    np.testing.assert_allclose(scaled, scale * plain, rtol=1e-12)


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
    logits, labels = np.array([[100.0, -100.0, -100.0, 100.0]]), np.array([1])
    assert LOSSES["mean-squared-error"]().values(logits, labels)[0] == pytest.approx(3 / 4)
    assert LOSSES["quadratic"]().values(logits, labels)[0] == pytest.approx(3 / 2)


@pytest.mark.parametrize("key", list(LOSSES))
@pytest.mark.parametrize("size", [1e3, 1e4])
def test_answers_are_probabilities_and_huge_logits_do_no_harm(key, size):
    loss = LOSSES[key]()
    logits = np.asfortranarray(np.array([[size, -size, 0.0], [0.0, 0.0, 0.0]], np.float32))
    found = loss.probabilities(logits)
    assert np.isfinite(found).all()
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=1e-6)
    assert found[0].argmax() == 0
    assert np.isfinite(loss.values(logits, np.array([1, 2]))).all()
    d_logits = np.empty_like(logits)
    loss.bind(logits, d_logits).step(one_hot(np.array([1, 2]), 3, logits.dtype), 1.0)
    assert np.isfinite(d_logits).all()


def test_softmax_cross_entropy_of_an_even_answer_is_the_logarithm_of_the_classes():
    values = LOSSES["softmax-cross-entropy"]().values(np.zeros((4, 10)), np.arange(4))
    np.testing.assert_allclose(values, np.log(10))


def test_costs_of_known_outputs_follow_the_books():
    half, labels = np.zeros((2, 3)), np.array([0, 1])  # sigmoid outputs of one half
    np.testing.assert_allclose(LOSSES["quadratic"]().values(half, labels), 0.5 * 3 * 0.25)
    np.testing.assert_allclose(LOSSES["logistic"]().values(half, labels), 3 * np.log(2))


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


def test_batch_normalization_predicts_by_what_it_has_seen_in_training():
    layer = LAYERS["batch-normalization"](momentum=0.5)
    network = Network((Dense(3), layer, Dense(2)), 4)
    rng = np.random.default_rng(0)
    params = network.init_params(INITIALIZERS["normal"](std=1.0), rng, np.float64)
    state = network.views(params, 1)
    space = Workspace(network, params, 50, np.zeros(network.trained_count))
    space.x[...] = rng.normal(2, 3, space.x.shape)
    for _ in range(60):
        space.forward(True)
    dense = network.views(params, 0)
    sums = space.x @ dense["weights"] + dense["biases"]
    np.testing.assert_allclose(state["running_mean"], sums.mean(axis=0), rtol=1e-9)
    np.testing.assert_allclose(state["running_variance"], sums.var(axis=0), rtol=1e-9)
    trained = space.forward(True).copy()
    np.testing.assert_allclose(space.forward(False), trained, rtol=1e-6)
    alone = Workspace(network, params, 1)
    alone.x[...] = space.x[:1]
    np.testing.assert_allclose(alone.forward(), trained[:1], rtol=1e-6)


def test_batch_normalization_learns_no_variance_from_a_single_image():
    network = Network((Dense(3), LAYERS["batch-normalization"](), Dense(2)), 4)
    params = network.init_params(INITIALIZERS["normal"](std=1.0), np.random.default_rng(0))
    before, space = params.copy(), Workspace(network, params, 1)
    space.x[...] = 5
    np.testing.assert_array_equal(space.forward(True).copy(), space.forward(False))
    np.testing.assert_array_equal(params, before)


def test_nielsens_four_equations_sample_by_sample_equal_the_matrix_form():
    """BP1 to BP4 of Neural Networks and Deep Learning, chapter 2, read literally."""
    rng = np.random.default_rng(7)
    network = Network((Dense(30), LAYERS["sigmoid"](), Dense(10)), 784)
    params = network.init_params(INITIALIZERS["normal"](std=1.0, bias_std=1.0), rng, np.float64)
    x, labels = rng.random((10, 784)), rng.integers(0, 10, 10)
    first, last = network.views(params, 0), network.views(params, 2)
    weights = [first["weights"].T, last["weights"].T]
    biases = [first["biases"], last["biases"]]

    def sigma(z):
        return 1 / (1 + np.exp(-z))

    sums = [np.zeros_like(w) for w in weights], [np.zeros_like(b) for b in biases]
    for image, label in zip(x, labels, strict=True):
        target = np.eye(10)[label]
        z1 = weights[0] @ image + biases[0]
        z2 = weights[1] @ sigma(z1) + biases[1]
        delta2 = (sigma(z2) - target) * sigma(z2) * (1 - sigma(z2))  # BP1
        delta1 = (weights[1].T @ delta2) * sigma(z1) * (1 - sigma(z1))  # BP2
        for index, (delta, activation) in enumerate(((delta1, image), (delta2, sigma(z1)))):
            sums[1][index][...] += delta / 10  # BP3
            sums[0][index][...] += np.outer(delta, activation) / 10  # BP4
    grads = np.zeros(network.trained_count)
    space = Workspace(network, params, 10, grads)
    space.x[...] = x
    space.forward(True)
    quadratic = LOSSES["quadratic"]().bind(space.logits, space.d_logits)
    quadratic.step(one_hot(labels, 10, grads.dtype), 1.0)
    space.backward()
    for index, layer in enumerate((0, 2)):
        found = network.views(grads, layer)
        np.testing.assert_allclose(found["weights"].T, sums[0][index], rtol=0, atol=1e-12)
        np.testing.assert_allclose(found["biases"], sums[1][index], rtol=0, atol=1e-12)
