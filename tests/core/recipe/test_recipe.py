"""Recipes: presets, text and back, and single settings changed by name."""

from dataclasses import fields, replace
from functools import reduce

import pytest
import tomli_w
from hypothesis import given

from core.base.errors import ConfigError, InklingError, UnknownNameError
from core.nn.initializer import INITIALIZERS
from core.nn.loss import LOSSES
from core.nn.optimizer import OPTIMIZERS
from core.nn.schedule import SCHEDULES
from core.recipe.hidden_layer import HiddenLayer
from core.recipe.override import with_setting
from core.recipe.recipe import UNIONS, Recipe, find_recipe, from_dict, presets, read_toml, to_dict
from core.recipe.training_config import TrainingConfig
from tests.support.any_value import recipes


@given(recipe=recipes())
def test_a_recipe_survives_toml(recipe, tmp_path_factory):
    path = tmp_path_factory.mktemp("recipe") / "mine.toml"
    path.write_bytes(tomli_w.dumps(to_dict(recipe)).encode())
    assert read_toml(path) == recipe
    assert from_dict(to_dict(recipe)) == recipe


def test_the_presets_are_those_of_the_books():
    found = presets()
    assert list(found) == [
        "quick-start", "thorough",
        "best-on-drawings", "two-layer-sigmoid", "relu-adam", "quadratic-sigmoid",
        "conjugate-gradient",
    ]  # fmt: skip
    quick = found["quick-start"]
    assert quick.hidden == (HiddenLayer(256, "relu"),)
    assert quick.optimizer == OPTIMIZERS["nesterov"](learning_rate=0.35)
    assert quick.loss == LOSSES["softmax-cross-entropy"](label_smoothing=0.1)
    assert quick.schedule == SCHEDULES["one-cycle"](rise=0.2, first=0.1)
    assert (quick.training.batch_size, quick.training.duration) == (128, 2)
    thorough = found["thorough"]
    assert [layer.units for layer in thorough.hidden] == [256, 128]
    assert thorough.optimizer == OPTIMIZERS["adam"]()
    assert thorough.initializer == INITIALIZERS["he-normal"]()
    coursera = found["conjugate-gradient"]
    assert coursera.hidden == (HiddenLayer(25, "sigmoid"),)
    assert coursera.penalty.l2 == 1 / 5000
    assert coursera.duration_steps(60_000) == 100
    sigmoid = found["two-layer-sigmoid"]
    assert [(layer.units, layer.activation) for layer in sigmoid.hidden] == [(50, "sigmoid")]
    assert type(sigmoid.optimizer) is OPTIMIZERS["sgd"]
    assert type(sigmoid.loss) is LOSSES["softmax-cross-entropy"]
    assert sigmoid.network(784, 10).param_count == 39_760
    assert (sigmoid.training.duration, sigmoid.training.duration_unit) == (10_000, "iterations")
    assert (sigmoid.training.batch_size, sigmoid.training.sampling) == (100, "replacement")
    assert sigmoid.training.evaluate_every == 600
    assert sigmoid.optimizer.learning_rate == 0.1
    assert sigmoid.initializer == INITIALIZERS["normal"](std=0.01)
    relu = found["relu-adam"]
    assert relu.network(784, 10).param_count == 101_770
    assert relu.optimizer == OPTIMIZERS["adam"](learning_rate=0.001)
    assert relu.hidden == (HiddenLayer(128, "relu"),)
    assert (relu.training.batch_size, relu.training.duration) == (32, 10)
    assert relu.training.validation_split == 0.1
    quadratic = found["quadratic-sigmoid"]
    assert quadratic.network(784, 10).param_count == 23_860
    assert (quadratic.training.batch_size, quadratic.training.duration) == (10, 30)
    assert quadratic.optimizer == OPTIMIZERS["sgd"](learning_rate=3.0)
    assert quadratic.hidden == (HiddenLayer(30, "sigmoid"),)
    assert type(quadratic.loss) is LOSSES["quadratic"]
    assert quadratic.initializer == INITIALIZERS["normal"](std=1.0, bias_std=1.0)
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
        ("schedule", "cosine", lambda r: r.schedule == SCHEDULES["cosine"]()),
        ("l2", 0.5, lambda r: r.penalty.l2 == 0.5),
        ("rotation", 10, lambda r: r.augmentation.rotation == 10.0),
        ("patience", 3, lambda r: r.training.patience == 3),
        ("scaling.kind", "mean", lambda r: r.scaling.kind == "mean"),
        ("hidden.0.normalization", "batch", lambda r: r.hidden[0].normalization == "batch"),
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
    recipe = replace(presets()["thorough"])
    with pytest.raises(InklingError) as caught:
        with_setting(recipe, key, value)
    assert len(caught.value.sentence) > 10


@pytest.mark.parametrize("key", [*UNIONS, *(f"{name}.kind" for name in UNIONS)])
def test_every_member_is_chosen_by_key_label_or_beginning(key):
    registry = UNIONS[key.removesuffix(".kind")]
    for name in registry:
        label = registry[name].label
        for word in (name, name.upper(), name.replace("-", "_"), label, label.lower()):
            changed = with_setting(presets()["quick-start"], key, word)
            assert type(getattr(changed, key.removesuffix(".kind"))) is registry[name]


def _choices():
    recipe = Recipe()
    for part in ("scaling", "training", "augmentation"):
        for item in fields(getattr(recipe, part)):
            yield f"{part}.{item.name}", item.metadata.get("limits")
    for item in fields(HiddenLayer):
        yield f"hidden.0.{item.name}", item.metadata.get("limits")


@pytest.mark.parametrize(
    ("path", "choices"),
    [(path, limits.choices) for path, limits in _choices() if limits and limits.choices],
)
def test_every_choice_is_chosen_by_key_label_or_beginning(path, choices):
    for name, label in choices:
        for word in (name, name.title(), label, label.upper(), f" {label} "):
            changed = to_dict(with_setting(Recipe(), path, word))
            assert reduce(_inside, path.split("."), changed) == name


def _inside(plain, part):
    return plain[int(part)] if isinstance(plain, list) else plain[part]


@pytest.mark.parametrize(
    ("key", "word", "found"),
    [
        ("scaling", "mean", "mean"), ("scaling", "Stand", "standardize"),
        ("loss", "softmax", "softmax-cross-entropy"), ("optimizer", "adam", "adam"),
        ("activation", "sig", "sigmoid"), ("duration_unit", "iter", "iterations"),
    ],
)  # fmt: skip
def test_as_much_of_a_name_as_tells_it_apart_is_enough(key, word, found):
    assert found in str(to_dict(with_setting(presets()["quick-start"], key, word)))
    assert with_setting(presets()["quick-start"], key, word) == with_setting(
        presets()["quick-start"], key, found
    )


@pytest.mark.parametrize(
    ("key", "word", "words"),
    [
        ("optimizer", "ada", ["may mean adagrad, adam, adamw"]),
        ("optimizer", "", ["there is no ''", *OPTIMIZERS]),
        ("loss", "nonsense", [*LOSSES]),
        ("optimizer", "adma", ["Did you mean 'adam'?", *OPTIMIZERS]),
        ("scaling", -1, ["unit, standardize, mean"]),
        ("activation", "-", ["relu", "sigmoid"]),
    ],
)
def test_what_no_choice_is_meant_by_is_answered_with_all_there_are(key, word, words):
    with pytest.raises(UnknownNameError) as caught:
        with_setting(presets()["quick-start"], key, word)
    assert all(each in caught.value.sentence for each in words)


def test_an_ambiguous_setting_is_answered_with_its_full_names():
    with pytest.raises(ConfigError) as caught:
        with_setting(presets()["thorough"], "units", 3)
    assert "hidden.0.units" in caught.value.sentence
    assert "hidden.1.units" in caught.value.sentence


def test_a_misspelt_setting_is_answered_with_the_nearest():
    with pytest.raises(ConfigError) as caught:
        with_setting(presets()["quick-start"], "batch_sizes", 3)
    assert "'batch_size'" in caught.value.sentence


def test_a_number_of_hundreds_of_digits_is_an_error_in_words():
    with pytest.raises(ConfigError, match="too large"):
        with_setting(presets()["quick-start"], "learning_rate", 10**400)


def test_changing_a_recipe_leaves_the_preset_as_it_was():
    before = to_dict(presets()["relu-adam"])
    with_setting(presets()["relu-adam"], "hidden.0.units", 7)
    assert to_dict(presets()["relu-adam"]) == before


def test_the_duration_counts_a_last_small_batch_as_an_iteration():
    recipe = Recipe(training=TrainingConfig(duration=2, batch_size=32))
    assert recipe.steps_per_epoch(64) == 2
    assert recipe.steps_per_epoch(65) == 3
    assert recipe.duration_steps(65) == 6


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("learning_rate", 0.5, True), ("epochs", 50, True), ("label", "Other", True),
        ("hidden", "64", False), ("seed", 1, False), ("batch_size", 7, False),
        ("optimizer", "sgd", False), ("loss", "quadratic", False),
        ("validation_split", 0.2, False), ("sampling", "replacement", False),
    ],
)  # fmt: skip
def test_a_network_goes_on_only_under_a_recipe_that_leaves_its_run_what_it_is(key, value, expected):
    recipe = presets()["relu-adam"]
    assert with_setting(recipe, key, value).continues(recipe) is expected


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
             "optimizer = 3", "[optimizer]\nlearning_rate = 1", "seed = " + "1" * 5000,
             "hidden = " + "[" * 3000, "seed = 0x" + "f" * 5000, f"label = '{'x' * 100_000}'",
             f"description = '{'x' * 100_000}'", f"loss = '{'x' * 100_000}'",
             f"{'x' * 100_000} = 1", f"hidden = '{'x' * 100_000}'", f"seed = '{'x' * 100_000}'",
             "[training]\nduration = 1" + "0" * 18, "[training]\nduration = -1",
             "[optimizer]\nkind = 'sgd'\nlearning_rate = 1e300",
             "[optimizer]\nkind = 'sgd'\nlearning_rate = nan", "a." * 100_000 + "b = 1",
             "label = 'x'\n" + "#" * 300_000]
)  # fmt: skip
def test_a_bad_recipe_file_is_an_error_in_few_words(tmp_path, text):
    path = tmp_path / "bad.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InklingError) as caught:
        read_toml(path)
    assert len(caught.value.sentence) < 400 + len(str(path))


def test_too_many_layers_are_refused():
    with pytest.raises(ConfigError, match="deep"):
        Recipe(hidden=(HiddenLayer(1),) * 17)
