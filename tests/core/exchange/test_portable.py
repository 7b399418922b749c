"""The plain arithmetic of a network equals the network, for every layer there is."""

import numpy as np
import pytest

from core.exchange.portable import (
    accuracy,
    logits,
    outputs,
    portable_of,
    probabilities,
    quantized,
    rounded,
)
from core.nn.layer import activation_choices
from core.nn.layers.scaling import Scaling
from core.nn.loss import LOSSES
from core.nn.predictor import Predictor
from core.recipe.hidden_layer import HiddenLayer
from core.training.run import new_run, split_data
from core.training.train import train
from tests.support.small_data import small_dataset, small_recipe

DATA = small_dataset()


def _trained(**changes):
    recipe = small_recipe(**changes)
    parts = split_data(recipe, DATA)
    run = new_run(recipe, DATA, parts)
    for _ in train(run, parts):
        pass
    return run


@pytest.mark.parametrize("activation", [key for key, _ in activation_choices()])
@pytest.mark.parametrize("normalization", ["none", "batch"])
def test_every_layer_computes_the_same(activation, normalization):
    run = _trained(hidden=(HiddenLayer(9, activation, 0.1, normalization), HiddenLayer(7)))
    found = logits(portable_of(run), DATA.train.images)
    expected = Predictor(run.network, run.loss, run.params).logits(DATA.train.images)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("loss", list(LOSSES))
@pytest.mark.parametrize("kind", ["unit", "standardize", "mean"])
def test_every_loss_and_scaling_answers_the_same(loss, kind):
    run = _trained(loss=LOSSES[loss](), scaling=Scaling(kind))
    carried = portable_of(run)
    found = probabilities(carried, DATA.train.images)
    expected = Predictor(run.network, run.loss, run.params).probabilities(DATA.train.images)
    np.testing.assert_allclose(found, expected, rtol=1e-3, atol=1e-5)
    if carried.output == "sigmoid":
        assert not np.allclose(outputs(carried, DATA.train.images).sum(axis=1), 1)


def test_it_says_where_it_comes_from_and_has_weights_of_its_own():
    run = _trained()
    carried = portable_of(run)
    assert carried.facts["trained on"] == DATA.name
    assert float(carried.facts["held-out accuracy"]) > 0.2
    before = logits(carried, DATA.train.images[:5])
    run.params[:] = 0
    np.testing.assert_array_equal(logits(carried, DATA.train.images[:5]), before)


def test_fewer_bits_change_little_and_only_the_weights():
    carried = portable_of(_trained())
    exact = accuracy(carried, DATA.train.images, DATA.train.labels)
    assert rounded(carried, "float32") is carried
    for precision, worst in (("float16", 1e-3), ("int8", 1 / 127)):
        shorter = rounded(carried, precision)
        for one, other in zip(carried.dense, shorter.dense, strict=True):
            largest = np.abs(one.arrays["weights"]).max(axis=0)
            off = np.abs(one.arrays["weights"] - other.arrays["weights"])
            assert (off <= worst * largest + 1e-9).all()
            assert off.any()
            np.testing.assert_array_equal(one.arrays["biases"], other.arrays["biases"])
        assert abs(accuracy(shorter, DATA.train.images, DATA.train.labels) - exact) < 0.05


def test_a_column_of_zeros_stays_zeros():
    whole, factors = quantized(np.zeros((3, 2), np.float32))
    assert not whole.any()
    assert (factors == 1).all()


def test_no_images_no_answers():
    found = logits(portable_of(_trained()), DATA.train.images[:0])
    assert found.shape == (0, len(DATA.class_names))
