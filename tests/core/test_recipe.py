"""Recipes: presets, text and back, and single settings changed by name."""

from dataclasses import replace

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ConfigError, InklingError, UnknownNameError
from core.initializer import INITIALIZERS
from core.loss import LOSSES
from core.optimizer import OPTIMIZERS
from core.override import with_setting
from core.recipe import (
    HiddenLayer,
    Recipe,
    TrainingConfig,
    find_recipe,
    from_dict,
    presets,
    read_toml,
    to_dict,
)

_LAYERS = st.builds(
    HiddenLayer,
    units=st.integers(1, 4096),
    activation=st.sampled_from(["relu", "sigmoid", "tanh", "linear"]),
    dropout=st.floats(0, 0.9),
)
_RECIPES = st.builds(
    Recipe,
    label=st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=20),
    hidden=st.lists(_LAYERS, max_size=4).map(tuple),
    initializer=st.sampled_from([INITIALIZERS[key]() for key in INITIALIZERS]),
    loss=st.sampled_from([LOSSES[key]() for key in LOSSES]),
    optimizer=st.sampled_from([OPTIMIZERS[key]() for key in OPTIMIZERS]),
    training=st.builds(TrainingConfig, duration=st.integers(1, 100), batch_size=st.integers(1, 99)),
    seed=st.integers(0, 2**31 - 1),
)


@given(recipe=_RECIPES)
def test_a_recipe_survives_toml(recipe, tmp_path_factory):
    path = tmp_path_factory.mktemp("recipe") / "mine.toml"
    path.write_text(tomli_w.dumps(to_dict(recipe)), encoding="utf-8")
    assert read_toml(path) == recipe
    assert from_dict(to_dict(recipe)) == recipe


def test_the_presets_are_those_of_the_books():
    found = presets()
    assert list(found) == ["quick-start", "two-layer-sigmoid", "relu-adam", "quadratic-sigmoid"]
    sigmoid = found["two-layer-sigmoid"]
    assert sigmoid.network(784, 10).param_count == 39_760
    assert (sigmoid.training.duration, sigmoid.training.duration_unit) == (10_000, "iterations")
    assert (sigmoid.training.batch_size, sigmoid.training.sampling) == (100, "replacement")
    assert sigmoid.training.evaluate_every == 600
    assert sigmoid.optimizer.learning_rate == 0.1
    assert sigmoid.initializer == INITIALIZERS["normal"](std=0.01)
    relu = found["relu-adam"]
    assert relu.network(784, 10).param_count == 101_770
    assert (relu.training.batch_size, relu.training.duration) == (32, 10)
    assert relu.training.validation_split == 0.1
    quadratic = found["quadratic-sigmoid"]
    assert quadratic.network(784, 10).param_count == 23_860
    assert (quadratic.training.batch_size, quadratic.training.duration) == (10, 30)
    assert quadratic.optimizer.learning_rate == 3.0
    assert all(recipe.key == key and recipe.description for key, recipe in found.items())


@pytest.mark.parametrize(
    ("key", "value", "check"),
    [
        ("epochs", 3, lambda r: r.training.duration == 3 and r.training.duration_unit == "epochs"),
        ("iterations", 70, lambda r: r.duration_steps(10**6) == 70),
        ("hidden", "50,30", lambda r: [layer.units for layer in r.hidden] == [50, 30]),
        ("learning_rate", 0.5, lambda r: r.optimizer.learning_rate == 0.5),
        ("optimizer", "sgd", lambda r: r.optimizer == OPTIMIZERS["sgd"]()),
        ("optimizer.learning_rate", 2, lambda r: r.optimizer.learning_rate == 2.0),
        ("hidden.0.units", 7, lambda r: r.hidden[0].units == 7),
        ("batch_size", 9, lambda r: r.training.batch_size == 9),
        ("seed", 5, lambda r: r.seed == 5),
        ("loss", "quadratic", lambda r: r.loss == LOSSES["quadratic"]()),
    ],
)
def test_one_setting_is_changed_by_name(key, value, check):
    changed = with_setting(presets()["relu-adam"], key, value)
    assert check(changed)
    assert changed.key == ""


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("no_such_thing", 1), ("learning_rate", -1), ("learning_rate", "fast"), ("epochs", 0),
        ("hidden", "a,b"), ("optimizer", "adma"), ("units", 3), ("batch_size", 1.5),
        ("optimizer.momentun", 0.5), ("hidden.x.units", 3), ("hidden.9.units", 3),
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_is_an_error_in_words(key, value):
    recipe = replace(presets()["quick-start"])
    with pytest.raises(InklingError) as caught:
        with_setting(recipe, key, value)
    assert len(caught.value.sentence) > 10


def test_a_recipe_is_found_by_key_and_by_file_and_else_named(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('label = "Mine"\nloss = "quadratic"\n', encoding="utf-8")
    assert find_recipe(str(path)).label == "Mine"
    assert find_recipe("relu-adam") is presets()["relu-adam"]
    with pytest.raises(UnknownNameError) as caught:
        find_recipe("relu-adm")
    assert "'relu-adam'" in caught.value.sentence


@pytest.mark.parametrize(
    "text", ["[", "label = 3", "hidden = 5", "hidden = [3]", "unknown = 1", "seed = -1",
             "optimizer = 3", "[optimizer]\nlearning_rate = 1"]
)  # fmt: skip
def test_a_bad_recipe_file_is_an_error_in_words(tmp_path, text):
    path = tmp_path / "bad.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InklingError):
        read_toml(path)


def test_too_many_layers_are_refused():
    with pytest.raises(ConfigError, match="deep"):
        Recipe(hidden=(HiddenLayer(1),) * 17)
