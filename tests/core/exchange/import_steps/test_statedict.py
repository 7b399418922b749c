"""Weights without a description are put in order by their names and shapes."""

from pathlib import Path

import numpy as np
import pytest

from core.base.errors import ModelFileError
from core.exchange.import_steps.statedict import network_of_weights
from core.exchange.import_steps.weightnames import taken_apart
from core.exchange.importer import UNKNOWN

PATH = Path("weights.pt")


def ones(*shape):
    return np.ones(shape, np.float32)


def linear(name, inputs, outputs):
    return {f"{name}.weight": ones(outputs, inputs), f"{name}.bias": ones(outputs)}


def norm(name, units):
    words = ("weight", "bias", "running_mean", "running_var")
    return {
        **{f"{name}.{word}": ones(units) for word in words},
        f"{name}.num_batches_tracked": ones(),
    }


def kinds(arrays):
    """Return the stages in letters: d(ense), n(ormalization), ? (a function)."""
    stages = network_of_weights(PATH, arrays).stages
    return "".join("?" if stage is UNKNOWN else stage.kind[0].replace("b", "n") for stage in stages)


def widths(arrays):
    stages = network_of_weights(PATH, arrays).stages
    return [stage.arrays["weights"].shape for stage in stages if stage.kind == "dense"]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("fc1.weight", ("fc1", "w")),
        ("W2", ("2", "w")),
        ("b2", ("2", "b")),
        ("Theta1", ("1", "w")),
        ("dense_1/dense_1/kernel", ("dense_1/dense_1", "w")),
        ("layers/dense_1/vars/1", ("layers/dense_1", "b")),
        ("layers/batch_normalization/vars/2", ("layers/batch_normalization", "mean")),
        ("net.3.running_var", ("net.3", "variance")),
        ("hidden_weights_1", ("hidden1", "w")),
        ("lstm.weight_ih_l0", ("lstm.weight_ih0", "")),
    ],
)
def test_names_are_taken_apart(name, parts):
    assert taken_apart(name) == parts


def test_layers_are_put_in_order_by_number_or_shape():
    shuffled = {**linear("fc10", 20, 10), **linear("fc2", 30, 20), **linear("fc1", 64, 30)}
    assert widths(shuffled) == [(64, 30), (30, 20), (20, 10)]
    words = {**linear("output", 20, 10), **linear("input", 64, 30), **linear("middle", 30, 20)}
    assert widths(words) == [(64, 30), (30, 20), (20, 10)]


def test_a_function_stands_between_layers_and_after_their_normalization():
    plain = {**linear("0", 64, 30), **linear("2", 30, 10)}
    assert kinds(plain) == "d?d"
    after = {**linear("0", 64, 30), **norm("1", 30), **linear("3", 30, 10)}
    assert kinds(after) == "dn?d"
    before = {**linear("0", 64, 30), **norm("2", 30), **linear("3", 30, 10)}
    assert kinds(before) == "d?nd"


def test_a_normalization_whose_name_says_no_place_goes_where_it_fits():
    arrays = {**norm("bn", 20), **linear("fc1", 64, 30), **linear("fc2", 30, 20)}
    arrays |= linear("fc3", 20, 10)
    assert kinds(arrays) == "d?dn?d"


def test_a_square_layer_stands_as_the_others_do():
    rng = np.random.default_rng(0)
    square = rng.normal(size=(30, 30)).astype(np.float32)
    arrays = {**linear("0", 64, 30), "2.weight": square, **linear("4", 30, 10)}
    second = [stage for stage in network_of_weights(PATH, arrays).stages if stage.kind == "dense"][
        1
    ]
    np.testing.assert_array_equal(second.arrays["weights"], square.T)
    usual = {"W1": ones(64, 30), "W2": square, "W3": ones(30, 10)}
    second = [stage for stage in network_of_weights(PATH, usual).stages if stage.kind == "dense"][1]
    np.testing.assert_array_equal(second.arrays["weights"], square)


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({}, "no weights"),
        ({"0.bias": ones(3)}, "no weights"),
        ({**linear("0", 64, 10), "0.weight_g": ones(10)}, "weight_g"),
        ({**linear("0", 64, 10), "1.weight": ones(10), "1.bias": ones(10)}, "“1”"),
        ({**linear("0", 64, 30), **linear("2", 30, 10), **linear("3", 30, 10)}, "fit in a row"),
        ({"lstm.weight_ih_l0": ones(40, 64)}, "weight_ih_l0"),
        ({"conv.weight": ones(2, 1, 3, 3)}, "a convolution (“conv.weight”, 2×1×3×3)"),
        ({**linear("0", 64, 10), **{f"{k}.weight": ones(10, 10) for k in range(1, 30)}}, "hidden"),
    ],
)
def test_what_is_no_row_of_layers_is_refused(arrays, words):
    with pytest.raises(ModelFileError) as caught:
        network_of_weights(PATH, arrays)
    assert words in caught.value.message
