"""What every saved file may hold: the limits of each number, and what it is if nobody says."""

from dataclasses import fields

import pytest

import core.recipe.recipe  # noqa: F401 - fills the registries
from core.base.fields import limits_of
from core.nn.initializer import INITIALIZERS
from core.nn.layer import LAYERS
from core.nn.loss import LOSSES
from core.nn.optimizer import OPTIMIZERS
from core.nn.penalty import Penalty
from core.nn.schedule import SCHEDULES

_RATE = (1e-6, 100.0)
_EPSILON = (1e-12, 1.0, 1e-7)
_BETAS = {"beta_1": (0.0, 0.9999, 0.9), "beta_2": (0.0, 0.99999, 0.999), "epsilon": _EPSILON}

# The lowest, the highest and the usual value. Limits may be widened, never narrowed: files
# that were saved hold any value between them.
_NUMBERS = {
    ("layer", "leaky-relu"): {"slope": (0.0, 0.99, 0.01)},
    ("layer", "elu"): {"alpha": (0.0, 10.0, 1.0)},
    ("layer", "batch-normalization"): {
        "momentum": (0.0, 0.9999, 0.9), "epsilon": (1e-12, 1.0, 1e-5)
    },
    ("layer", "dense"): {"units": (1, 4096, 64)},
    ("layer", "dropout"): {"rate": (0.0, 0.95, 0.2)},
    ("loss", "softmax-cross-entropy"): {"label_smoothing": (0.0, 0.9, 0.0)},
    ("optimizer", "sgd"): {"learning_rate": (*_RATE, 0.1)},
    ("optimizer", "momentum"): {"learning_rate": (*_RATE, 0.05), "momentum": (0.0, 0.999, 0.9)},
    ("optimizer", "nesterov"): {"learning_rate": (*_RATE, 0.05), "momentum": (0.0, 0.999, 0.9)},
    ("optimizer", "adagrad"): {"learning_rate": (*_RATE, 0.01), "epsilon": _EPSILON},
    ("optimizer", "rmsprop"): {
        "learning_rate": (*_RATE, 0.001), "decay": (0.0, 0.9999, 0.9), "epsilon": _EPSILON
    },
    ("optimizer", "adam"): {"learning_rate": (*_RATE, 0.001), **_BETAS},
    ("optimizer", "adamw"): {
        "learning_rate": (*_RATE, 0.001), "weight_decay": (0.0, 1.0, 0.01), **_BETAS
    },
    ("optimizer", "l-bfgs"): {"memory": (1, 1000, 50)},
    ("schedule", "step"): {"every": (1, 10_000, 5), "gamma": (0.0001, 1.0, 0.5)},
    ("schedule", "exponential"): {"gamma": (0.0001, 1.0, 0.9)},
    ("schedule", "cosine"): {"last": (0.0, 1.0, 0.0)},
    ("schedule", "one-cycle"): {
        "rise": (0.0, 1.0, 0.25), "first": (0.0, 1.0, 0.1), "last": (0.0, 1.0, 0.0)
    },
    ("schedule", "plateau"): {
        "patience": (1, 1000, 3), "gamma": (0.0001, 1.0, 0.5),
        "min_delta": (0.0, 10.0, 0.0001), "lowest": (0.0, 1.0, 0.001),
    },
    ("initializer", "normal"): {"std": (0.0, 10.0, 0.01), "bias_std": (0.0, 10.0, 0.0)},
}  # fmt: skip
_REGISTRIES = (LAYERS, LOSSES, OPTIMIZERS, SCHEDULES, INITIALIZERS)


def _found(kind):
    """Return (low, high, default) of each number of a kind."""
    limits = {item.name: (limits_of(kind, item.name), item.default) for item in fields(kind)}
    return {
        name: (found.low, found.high, default)
        for name, (found, default) in limits.items()
        if not found.choices
    }


@pytest.mark.parametrize("registry", _REGISTRIES, ids=lambda registry: registry.kind)
def test_numbers_have_the_limits_that_files_rely_on(registry):
    found = {(registry.kind, key): _found(registry[key]) for key in registry}
    wanted = {name: limits for name, limits in _NUMBERS.items() if name[0] == registry.kind}
    assert {name: limits for name, limits in found.items() if limits} == wanted


def test_penalties_too():
    assert _found(Penalty) == {"l2": (0.0, 10.0, 0.0), "l1": (0.0, 10.0, 0.0)}


def test_the_kinds_of_scaling_are_those_in_files():
    keys = [key for key, _ in limits_of(LAYERS["scaling"], "kind").choices]
    assert keys == ["unit", "standardize", "mean"]
    assert LAYERS["scaling"]().kind == "unit"


@pytest.mark.parametrize("key", list(SCHEDULES))
def test_schedules_that_follow_iterations_say_so(key):
    assert SCHEDULES[key].by_iteration is (key not in ("constant", "plateau"))


@pytest.mark.parametrize("key", list(LAYERS))
def test_layers_say_what_they_are(key):
    kind = LAYERS[key]
    others = ("batch-normalization", "dense", "dropout", "scaling")
    assert kind.activation is (key not in others)
    # GELU goes back by its input; the images and what a product reads must stay, too.
    assert kind.in_place is (key not in ("dense", "scaling", "gelu"))
    assert kind.needs_output is (key in ("sigmoid", "tanh", "softmax", "elu"))
