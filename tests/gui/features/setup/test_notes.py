from dataclasses import replace

import pytest

from core.nn.initializers.normal import Normal
from core.nn.initializers.zeros import Zeros
from core.nn.layers.scaling import Scaling
from core.nn.optimizers.adam import Adam, AdamW
from core.nn.optimizers.full_batch import ConjugateGradient, Lbfgs
from core.nn.penalty import Penalty
from core.nn.schedules.one_cycle import OneCycle
from core.recipe.augmentation import Augmentation
from core.recipe.hidden_layer import HiddenLayer
from core.recipe.recipe import Recipe, presets
from core.recipe.training_config import TrainingConfig
from gui.features.setup.notes import group_summaries, ignored_by, layer_notes, notes_on

RARE = ("beta_1", "beta_2", "epsilon", "memory")
FULL_BATCH = (ConjugateGradient(), Lbfgs())
NORMALIZED = (HiddenLayer(normalization="batch"),)


def test_defaults_need_no_summary():
    assert set(group_summaries(Recipe(), RARE).values()) == {""}


def test_summaries_name_what_is_not_at_its_default():
    recipe = Recipe(
        penalty=Penalty(l2=0.0001),
        optimizer=Adam(beta_1=0.8),
        schedule=OneCycle(),
        augmentation=Augmentation(rotation=10, elastic=1, smoothness=6),
        training=TrainingConfig(warmup=100_000, patience=3, gradient="numerical", threads=2),
    )
    assert group_summaries(recipe, RARE) == {
        "schedule": "One-cycle, warm-up 100,000 iterations",
        "regularization": "L2 0.0001, early stopping 3 measurements",
        "augmentation": "rotation 10°, elastic 1 px, smoothness 6 px",
        "more": "beta 1 = 0.8, numerical differences, threads 2",
    }


@pytest.mark.parametrize("optimizer", FULL_BATCH)
def test_summaries_say_what_the_optimizer_does_not_use(optimizer):
    training = TrainingConfig(warmup=5, clip_norm=1.0, patience=2, gradient="numerical")
    recipe = Recipe(optimizer=optimizer, schedule=OneCycle(), training=training)
    assert group_summaries(recipe, RARE) == {
        "schedule": f"not used by {optimizer.label}",
        "regularization": "early stopping 2 measurements",
        "augmentation": f"not used by {optimizer.label}",
        "more": "",
    }


@pytest.mark.parametrize("optimizer", FULL_BATCH)
def test_settings_that_the_optimizer_ignores_are_said_to_be(optimizer):
    notes = notes_on(Recipe(optimizer=optimizer), 54_000)
    assert "all 54,000 images" in notes["optimizer"]
    assert notes["duration_unit"] == f"With {optimizer.label} one iteration is one epoch."
    for name in ("sampling", "clip_norm", "gradient"):
        assert notes[name].startswith(optimizer.label)
    assert ignored_by(Recipe(optimizer=optimizer)) >= {"batch_size", "warmup", "clip_norm"}
    assert ignored_by(Recipe()) == frozenset()


@pytest.mark.parametrize(
    ("recipe", "field"),
    [
        (Recipe(initializer=Zeros()), "initializer"),
        (Recipe(initializer=Normal(std=0.0)), "std"),
        (Recipe(training=TrainingConfig(gradient="numerical")), "gradient"),
        (Recipe(training=TrainingConfig(batch_size=1), hidden=NORMALIZED), "batch_size"),
        (Recipe(optimizer=AdamW(), penalty=Penalty(l2=0.01)), "l2"),
        (Recipe(scaling=Scaling("standardize"), augmentation=Augmentation(noise=0.1)), "noise"),
        (Recipe(training=TrainingConfig(warmup=9999)), "warmup"),
    ],
)
def test_settings_that_may_surprise_are_explained(recipe, field):
    assert notes_on(recipe, 1000)[field].endswith(".")


@pytest.mark.parametrize(
    ("recipe", "field"),
    [
        (Recipe(initializer=Zeros(), hidden=()), "initializer"),  # it has one best answer
        (Recipe(training=TrainingConfig(batch_size=1)), "batch_size"),
        (Recipe(training=TrainingConfig(batch_size=2), hidden=NORMALIZED), "batch_size"),
        (Recipe(optimizer=AdamW(weight_decay=0.0), penalty=Penalty(l2=0.01)), "l2"),
        (Recipe(penalty=Penalty(l2=0.01)), "l2"),
        (Recipe(augmentation=Augmentation(noise=0.1)), "noise"),
        (Recipe(training=TrainingConfig(warmup=100)), "warmup"),
        (Recipe(optimizer=Lbfgs(), training=TrainingConfig(warmup=9999)), "warmup"),
    ],
)
def test_settings_without_surprise_are_left_alone(recipe, field):
    assert field not in notes_on(recipe, 1000)


@pytest.mark.parametrize("key", list(presets()))
def test_no_preset_needs_a_warning(key):
    recipe = presets()[key]
    said = set(notes_on(recipe, 54_000)) - {"evaluate_every"}
    assert said <= ({"optimizer", "duration_unit", *ignored_by(recipe)})


def test_a_hidden_softmax_is_explained_under_its_own_layer():
    first, second = layer_notes(Recipe(hidden=(HiddenLayer(), HiddenLayer(8, "softmax"))))
    assert first == ""
    assert "learns slowly" in second
    assert layer_notes(replace(Recipe(), hidden=())) == ()


def test_images_that_cannot_be_written_anew_are_said_to_stay():
    recipe = Recipe(augmentation=Augmentation(images="fresh"))
    assert "stay the same" in notes_on(recipe, 100, rewritable=False)["images"]
    assert "images" not in notes_on(recipe, 100)
    assert "images" not in notes_on(Recipe(), 100, rewritable=False)
