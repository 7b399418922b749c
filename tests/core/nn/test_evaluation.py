"""Measuring a set of images in slices gives what measuring each image gives."""

import numpy as np
import pytest

from core.nn.evaluation import Evaluator
from core.nn.initializer import INITIALIZERS
from core.nn.layers.dense import Dense
from core.nn.layers.relu import Relu
from core.nn.layers.scaling import Scaling
from core.nn.loss import LOSSES
from core.nn.network import Network, Workspace
from core.recipe.recipe import Recipe  # noqa: F401 - fills the registries


def _made(kind):
    network = Network((Scaling(kind), Dense(6), Relu(), Dense(4)), 9)
    rng = np.random.default_rng(0)
    params = network.init_params(INITIALIZERS["normal"](std=0.5, bias_std=0.5), rng)
    if kind != "unit":
        network.views(params, 0)["offset"][...] = rng.uniform(0, 50, 9)
        network.views(params, 0)["factor"][...] = rng.uniform(0.01, 0.1, 9)
    return network, params, LOSSES["softmax-cross-entropy"]()


def _one_by_one(network, params, loss, images, labels):
    space = Workspace(network, params, 1)
    losses, answers = [], []
    for image, label in zip(images.reshape(len(images), -1), labels, strict=True):
        space.x[...] = image
        logits = space.forward()
        losses.append(float(loss.values(logits, np.array([int(label)]))[0]))
        answers.append(int(logits.argmax()))
    return np.mean(losses), np.array(answers)


@pytest.mark.parametrize("kind", ["unit", "mean"])
@pytest.mark.parametrize("count", [1, 499, 500, 501, 1250])
def test_loss_accuracy_and_answers(kind, count):
    network, params, loss = _made(kind)
    rng = np.random.default_rng(count)
    images = rng.integers(0, 256, (count, 3, 3), np.uint8)
    labels = rng.integers(0, 4, count).astype(np.uint8)
    evaluator = Evaluator(network, loss, np.zeros_like(params))
    evaluator.measure(images[:1], labels[:1])
    evaluator.set_params(params)
    found = evaluator.measure(images, labels)
    wanted, answers = _one_by_one(network, params, loss, images, labels)
    assert found.loss == pytest.approx(wanted, rel=1e-4)
    np.testing.assert_array_equal(found.predictions, answers)
    assert found.accuracy == (answers == labels).mean()
    shares = list(evaluator.in_slices(images.reshape(count, -1), labels))
    assert shares == [min(stop, count) / count for stop in range(500, count + 500, 500)]
