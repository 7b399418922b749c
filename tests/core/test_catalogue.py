"""The registries are complete, and what they hold refuses bad settings."""

import math
import pkgutil
from dataclasses import fields, replace

import numpy as np
import pytest

import core.cli.commands
import core.data.readers
import core.exchange.exporters
import core.exchange.importers
import core.lessons.pages
import core.nn.initializers
import core.nn.layers
import core.nn.losses
import core.nn.optimizers
import core.nn.schedules
from core.base.errors import ConfigError, UnknownNameError
from core.base.registry import Registry
from core.cli.command import COMMANDS
from core.data.reader import READERS
from core.exchange.exporter import EXPORTERS, REPORTS
from core.exchange.importer import IMPORTERS
from core.lessons.lesson import LESSONS
from core.nn.initializer import INITIALIZERS
from core.nn.layer import LAYERS, Site, activation_choices
from core.nn.loss import LOSSES
from core.nn.optimizer import OPTIMIZERS
from core.nn.penalty import Penalty
from core.nn.schedule import SCHEDULES
from core.recipe.augmentation import Augmentation
from core.recipe.hidden_layer import HiddenLayer
from core.recipe.recipe import Recipe
from core.recipe.training_config import TrainingConfig

_MEMBERS = (
    (LAYERS, core.nn.layers),
    (LOSSES, core.nn.losses),
    (OPTIMIZERS, core.nn.optimizers),
    (INITIALIZERS, core.nn.initializers),
    (SCHEDULES, core.nn.schedules),
)
_KINDS = [registry[key] for registry, _ in _MEMBERS for key in registry]


@pytest.mark.parametrize(("registry", "package"), _MEMBERS, ids=lambda v: getattr(v, "kind", ""))
def test_every_file_is_registered(registry, package):
    files = {f"{package.__name__}.{m.name}" for m in pkgutil.iter_modules(package.__path__)}
    assert {registry[key].__module__ for key in registry} == files


def _modules(registry):
    entries = [registry[key] for key in registry]
    return {getattr(entry, "run", type(entry)).__module__ for entry in entries}


@pytest.mark.parametrize(
    ("registries", "package", "helpers"),
    [
        ((COMMANDS,), core.cli.commands, set()),
        ((EXPORTERS, REPORTS), core.exchange.exporters, set()),
        ((IMPORTERS,), core.exchange.importers, set()),
        ((LESSONS,), core.lessons.pages, set()),
        ((READERS,), core.data.readers, {"child", "common", "opening"}),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_every_file_of_a_folder_of_members_is_registered(registries, package, helpers):
    files = {m.name for m in pkgutil.iter_modules(package.__path__)} - helpers
    registered = set().union(*map(_modules, registries))
    assert registered == {f"{package.__name__}.{name}" for name in files}


def test_commands_and_readers_are_there():
    assert list(COMMANDS) == [
        *("train", "evaluate", "predict", "check", "download", "export", "import")
    ]
    # Keys are in saved files and are never renamed; the first that recognises a file reads it.
    assert [key for key in READERS if key not in ("builtin", "handwriting")] == [
        *("idx", "npz", "pickle", "matlab", "userdata", "hdf5", "csv", "folder")
    ]
    assert all(READERS[key].label for key in READERS)


@pytest.mark.parametrize(
    "kind", [*_KINDS, HiddenLayer, TrainingConfig, Penalty, Augmentation, Recipe]
)
def test_every_described_field_refuses_what_it_cannot_use(kind):
    for item in fields(kind):
        limits = item.metadata.get("limits")
        if limits is None:
            continue
        bad = ["no such choice"] if limits.choices else [
            limits.low - 1, limits.high + 1, float("nan"), "text", True, None
        ]  # fmt: skip
        for value in bad:
            with pytest.raises(ConfigError) as caught:
                replace(kind(), **{item.name: value})
            assert caught.value.field == item.name
            assert limits.label in caught.value.sentence
        assert limits.help or kind in _KINDS, f"{kind.__name__}.{item.name} explains itself"


# A gradient check cannot tell that a layer is another function, differentiated rightly.
_PUBLISHED = [
    ("relu", {}, [-2.0, 3.0], [0.0, 3.0]),
    ("leaky-relu", {}, [-2.0, 3.0], [-0.02, 3.0]),
    ("leaky-relu", {"slope": 0.3}, [-2.0, 3.0], [-0.6, 3.0]),
    ("elu", {}, [-1.0, -100.0, 3.0], [math.exp(-1) - 1, -1.0, 3.0]),
    ("elu", {"alpha": 2.0}, [-1.0, 1e4, 3.0], [2 * math.exp(-1) - 2, 1e4, 3.0]),
    ("gelu", {}, [-1.0, 0.0, 2.0], [-0.15865525393145707, 0.0, 1.9544997361036416]),
    ("sigmoid", {}, [7.0, -1e4], [0.9990889488055994, 0.0]),
    ("tanh", {}, [1.0, -1e4], [0.7615941559557649, -1.0]),
    ("softmax", {}, [0.0, math.log(2), math.log(5)], [0.125, 0.25, 0.625]),
    ("softmax", {}, [1e4, -1e4, 1e4], [0.5, 0.0, 0.5]),
    ("linear", {}, [-2.0, 3.0], [-2.0, 3.0]),
]


@pytest.mark.parametrize(("key", "changes", "x", "wanted"), _PUBLISHED)
@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_activations_are_the_published_functions(key, changes, x, wanted, kind):
    inputs = np.array([x], kind)
    site = Site(inputs, np.empty_like(inputs), np.empty_like(inputs), None, {}, {})
    LAYERS[key](**changes).bind(site).forward(True)
    np.testing.assert_allclose(
        site.y[0], wanted, rtol=4 * np.finfo(kind).eps, atol=1e-7 * (kind == np.float32)
    )


def test_no_activation_lacks_a_published_value():
    assert {key for key, *_ in _PUBLISHED} == {key for key, _ in activation_choices()}


def test_an_unknown_name_is_answered_with_the_nearest():
    with pytest.raises(UnknownNameError) as caught:
        OPTIMIZERS["adma"]
    assert "'adam'" in caught.value.sentence


def test_a_key_cannot_be_taken_twice():
    registry: Registry[int] = Registry("thing")
    registry.add("one", 1)
    with pytest.raises(ValueError, match="twice"):
        registry.add("one", 2)
