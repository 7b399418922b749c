"""What layers and optimizers keep beside their arrays is found by looking, to the byte."""

import pytest

from core.nn.layer import LAYERS
from core.nn.layers.dense import Dense
from core.nn.layers.dropout import Dropout
from core.nn.optimizer import OPTIMIZERS
from core.recipe.recipe import Recipe  # noqa: F401 - fills the registries
from core.training.layer_memory import kept_by_layer, kept_by_rule

# Of each output value, in bytes: float32 arrays of that size 4, masks 1, and for 64 images one
# number an image or unit 4 / 64.
_LAYERS = {
    "relu": (4 + 1, 4 + 1),
    "linear": (0, 0),
    "sigmoid": (4 + 8 / 64**2, 4 + 8 / 64**2),  # and two single numbers
    "tanh": (4 + 4 / 64**2, 4 + 4 / 64**2),
    "softmax": (4 + 8 / 64, 4 + 8 / 64),
    "batch-normalization": (8 + 12 / 64 + 0, 8 + 12 / 64),
}


@pytest.mark.parametrize("key", list(_LAYERS))
@pytest.mark.parametrize("backward", [False, True])
def test_layers(key, backward):
    wanted = _LAYERS[key][backward]
    assert kept_by_layer(LAYERS[key](), backward) == pytest.approx(wanted, abs=20 / 64**2)


@pytest.mark.parametrize(("units", "wanted"), [(64, 4 / 64), (16, 4 / 16), (128, 4 / 128)])
def test_what_a_dense_layer_keeps_does_not_grow_with_its_units(units, wanted):
    assert kept_by_layer(Dense(units), True) == pytest.approx(wanted)


def test_settings_do_not_change_it():
    assert kept_by_layer(Dropout(0.1), True) == kept_by_layer(Dropout(0.9), True) > 5


def test_rules_that_work_in_pieces_keep_little_or_one_vector():
    found = {key: kept_by_rule(OPTIMIZERS[key]()) for key in ("sgd", "momentum", "adam")}
    assert found["sgd"] == 0
    assert all(0 <= kept <= 12 for kept in found.values())
