"""Small real networks and digits for the tests of view models and panels."""

import numpy as np

from core.base.arrays import FloatArray
from core.data.dataset import ImageSet
from core.nn.layers.dense import Dense
from core.nn.layers.relu import Relu
from core.nn.losses.softmax_cross_entropy import SoftmaxCrossEntropy
from core.nn.network import Network
from core.nn.predictor import Predictor

NAMES = tuple("0123456789")
SHAPE = (28, 28)
PIXELS = 28 * 28


def hidden_network(units: int, seed: int = 0) -> tuple[Network, FloatArray]:
    """Return a network with one hidden layer and random weights (P,) around 0.1."""
    network = Network((Dense(units), Relu(), Dense(10)), PIXELS)
    params = np.random.default_rng(seed).normal(0, 0.1, network.param_count)
    return network, params.astype(np.float32)


def template_network() -> tuple[Network, FloatArray]:
    """Return a network that reads row 2k of ink as class k: see `row_digits`."""
    network = Network((Dense(10),), PIXELS)
    params = np.zeros(network.param_count, np.float32)
    weights = network.views(params, 0)["weights"].reshape(28, 28, 10)
    for digit in range(10):
        weights[2 * digit, :, digit] = 1.0
    return network, params


def blind_network() -> tuple[Network, FloatArray]:
    """Return a network that takes everything for a 3."""
    network = Network((Dense(10),), PIXELS)
    params = np.zeros(network.param_count, np.float32)
    network.views(params, 0)["biases"][3] = 4.0
    return network, params


def predictor(network: Network, params: FloatArray) -> Predictor:
    """Return a predictor with softmax."""
    return Predictor(network, SoftmaxCrossEntropy(), params)


def row_digits(count: int, mislabelled: int = 0) -> ImageSet:
    """Return `count` images, image i with ink in row 2 (i mod 10) and that label.

    The last `mislabelled` images have the label that follows, so a template network
    reads them wrong.
    """
    shown = np.arange(count) % 10
    images = np.zeros((count, *SHAPE), np.uint8)
    images[np.arange(count), 2 * shown] = 255
    labels = shown.copy()
    labels[count - mislabelled :] = (labels[count - mislabelled :] + 1) % 10
    return ImageSet(images, labels.astype(np.uint8))
