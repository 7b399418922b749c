"""The numbers of the Coursera exercise; `make test-slow` tries its own digits and weights."""

import numpy as np
import pytest
import scipy.io

from core.data.dataset import Dataset, ImageSet
from core.differentiation.gradient_check import check_gradients
from core.nn.layer import LAYERS, Site
from core.nn.layers.dense import Dense
from core.nn.layers.scaling import Scaling
from core.nn.loss import LOSSES
from core.nn.network import Network, Workspace
from core.nn.optimizer import OPTIMIZERS
from core.nn.penalty import Penalty
from core.recipe.hidden_layer import HiddenLayer
from core.recipe.recipe import Recipe
from core.recipe.training_config import TrainingConfig
from core.training.run import new_run, split_data
from core.training.train import train

NAMES = tuple("0123456789")


@pytest.fixture(scope="module")
def folder(shared_data):
    return shared_data("coursera")


def _digits(folder):
    found = scipy.io.loadmat(folder / "ex4data1_8bit.mat")
    images = np.rint(found["X"] * 255).astype(np.uint8)  # columns of 20 x 20 pixels
    return images, (found["y"].ravel() % 10).astype(np.uint8)


def _dataset(folder):
    images, labels = _digits(folder)
    upright = np.ascontiguousarray(images.reshape(-1, 20, 20).transpose(0, 2, 1))
    return Dataset("mat", "Coursera", "", ImageSet(upright, labels), None, None, NAMES)


def _given(folder):
    """Return the course's network, its weights and its digits."""
    images, labels = _digits(folder)
    network = Network((Dense(25), LAYERS["sigmoid"](), Dense(10)), 400)
    params = np.zeros(network.param_count)
    found = scipy.io.loadmat(folder / "ex4weights.mat")
    for layer, name in ((0, "Theta1"), (2, "Theta2")):
        theta = found[name]
        if layer == 2:
            theta = np.roll(theta, 1, axis=0)  # the course counts the digit 0 as 10
        views = network.views(params, layer)
        views["biases"][...] = theta[:, 0]
        views["weights"][...] = theta[:, 1:].T
    return network, params, images / 255, labels


@pytest.mark.slow
def test_the_given_weights_have_the_given_cost_penalty_and_accuracy(folder):
    network, params, images, labels = _given(folder)
    space = Workspace(network, params, len(images))
    space.x[...] = images
    logits = space.forward()
    cost = LOSSES["logistic"]().values(logits, labels.astype(np.intp)).mean()
    assert cost == pytest.approx(0.2926, abs=5e-5)
    assert (logits.argmax(axis=1) == labels).mean() == pytest.approx(0.9758)
    penalty = Penalty(l2=1 / len(images)).value(network.weight_views(params))
    assert penalty == pytest.approx(0.0961, abs=5e-5)


def test_the_slope_of_the_sigmoid_at_zero_is_a_quarter():
    zero, found = np.zeros((1, 1)), np.zeros((1, 1))
    bound = LAYERS["sigmoid"]().bind(Site(zero, np.zeros((1, 1)), np.ones((1, 1)), found, {}, {}))
    bound.forward(True)
    bound.backward()
    assert found[0, 0] == 0.25


@pytest.mark.parametrize("regularization", [0.0, 3.0])
def test_the_small_networks_gradient_check_agrees_to_nine_digits(regularization):
    """`checkNNGradients`: 3-5-3, five examples, weights from sines."""
    network = Network((Dense(5), LAYERS["sigmoid"](), Dense(3)), 3)
    params = np.zeros(network.param_count)
    for spec in network.specs:
        size = spec.stop - spec.start
        params[spec.start : spec.stop] = np.sin(np.arange(1, size + 1)) / 10
    x = np.sin(np.arange(1, 16)).reshape(3, 5).T / 10
    labels = 1 + np.arange(1, 6) % 3 - 1
    penalty = Penalty(l2=regularization / 5)
    found = check_gradients(network, LOSSES["logistic"](), penalty, params, x, labels)
    assert found.error < 1e-9
    assert [each.name for each in found.arrays] == ["weights", "biases"] * 2


@pytest.mark.slow
@pytest.mark.parametrize("scaling", ["unit", "standardize", "mean"])
@pytest.mark.parametrize("optimizer", ["conjugate-gradient", "l-bfgs"])
def test_a_hundred_iterations_learn_the_digits(optimizer, scaling, folder):
    recipe = Recipe(
        scaling=Scaling(scaling),
        hidden=(HiddenLayer(25, "sigmoid"),),
        loss=LOSSES["logistic"](),
        penalty=Penalty(l2=1 / 5000),
        optimizer=OPTIMIZERS[optimizer](),
        training=TrainingConfig(
            duration=100, duration_unit="iterations", validation_split=0.0, evaluate_every=50
        ),
    )
    data = _dataset(folder)
    parts = split_data(recipe, data)
    run = new_run(recipe, data, parts)
    for _ in train(run, parts):
        pass
    assert run.history.evaluations[-1].train_accuracy > 0.95
    assert run.history.evaluations[-1].penalty > 0.01
