from dataclasses import replace

import numpy as np
import pytest

from core.nn.initializers.normal import Normal
from core.nn.losses.squared import Quadratic
from core.nn.optimizers.full_batch import Lbfgs
from core.recipe.hidden_layer import HiddenLayer
from core.recipe.recipe import Recipe, presets
from core.recipe.training_config import TrainingConfig
from core.training.estimate import about_text
from gui.features.setup.data_summary import DataSummary
from gui.features.setup.model import SetupModel


def summary(train_count=9000, **changes):
    given = {
        "name": "MNIST",
        "source": "/data/mnist",
        "train_count": train_count,
        "validation_count": 1000,
        "test_count": 0,
        "class_names": tuple("0123456789"),
        "class_counts": np.full(10, train_count // 10),
        "sample_images": np.zeros((20, 28, 28), np.uint8),
        "sample_labels": np.arange(20, dtype=np.uint8) % 10,
    }
    return DataSummary(**{**given, **changes})


@pytest.fixture
def model(qapp):
    return SetupModel()


@pytest.mark.parametrize(
    "change",
    [
        lambda model: model.set_recipe(Recipe()),
        lambda model: model.set_data(summary()),
        lambda model: model.set_loading(0.5, "Reading"),
        lambda model: model.set_data_error("It is damaged."),
        lambda model: model.set_locked(True),
        lambda model: model.set_estimate(2.0),
    ],
)
def test_every_change_is_announced_once(model, qtbot, change):
    seen = []
    model.changed.connect(lambda: seen.append(1))
    change(model)
    assert seen == [1]


def test_the_first_preset_is_there_at_first(model):
    assert model.recipe == next(iter(presets().values()))
    assert model.preset_key == "quick-start"


def test_an_edit_leaves_the_preset_but_remembers_its_name(model):
    model.set_recipe(model.edited(seed=7))
    assert model.recipe.seed == 7
    assert model.preset_key == ""
    assert model.preset_entries[0].label == "Quick start (changed)"
    assert len(model.preset_entries) == len(presets()) + 1


def test_a_recipe_of_the_users_own_keeps_its_name(model):
    model.set_recipe(Recipe(label="Night run"))
    assert model.preset_entries[0].label == "Night run"


def test_parameters_are_counted_for_the_data_in_use(model):
    model.set_recipe(Recipe(hidden=(HiddenLayer(128),)))
    assert model.param_count == 784 * 128 + 128 + 128 * 10 + 10
    model.set_data(summary(image_shape=(8, 8)))
    assert model.param_count == 64 * 128 + 128 + 128 * 10 + 10
    assert model.input_text == "64 pixels (8 × 8)"


def test_size_and_time_are_summed_up_in_a_line(model):
    model.set_recipe(Recipe(hidden=(HiddenLayer(128),)))
    assert model.summary_text == "101,770 parameters"
    model.set_estimate(6.2)
    assert model.summary_text == "101,770 parameters · about 6 s"


def test_a_numerical_gradient_is_compared_with_backpropagation(model):
    model.set_recipe(Recipe(training=TrainingConfig(gradient="numerical")))
    model.set_estimate(260_000)
    assert model.slow_by_choice
    assert model.summary_text == "101,770 parameters · about 3 days with numerical gradients"
    model.set_estimate(260_000, 20)
    assert model.summary_text.endswith("; backpropagation would take about 20 s")
    model.set_recipe(Recipe(optimizer=Lbfgs(), training=TrainingConfig(gradient="numerical")))
    assert not model.slow_by_choice
    assert model.summary_text == "101,770 parameters · about 3 days"


def test_without_a_learning_rate_none_is_said_to_be_open(model):
    model.set_recipe(Recipe())
    assert "learning rate" in model.locked_hint
    model.set_recipe(Recipe(optimizer=Lbfgs()))
    assert model.locked_hint == "Stop training to change these."


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({"validation_count": 0}, "set a validation split"),
        ({"validation_count": 0, "test_count": 100}, "the test images decide"),
        ({"validation_count": 100}, ""),
    ],
)
def test_early_stopping_says_what_it_judges_by(model, counts, words):
    model.set_data(summary(**counts))
    model.set_recipe(Recipe())
    assert "patience" not in model.notes
    model.set_recipe(Recipe(training=TrainingConfig(patience=3)))
    assert words in model.notes.get("patience", "")
    assert ("patience" in model.notes) == bool(words)


def test_the_output_follows_the_loss(model):
    assert model.output_text == "10 classes · softmax"
    model.set_recipe(Recipe(loss=Quadratic()))
    assert model.output_text == "10 classes · sigmoid"


def test_a_change_of_unit_keeps_the_length_of_the_training(model):
    epochs = TrainingConfig(duration=10, batch_size=100)
    model.set_recipe(Recipe(training=epochs))
    model.set_data(summary(train_count=9000))
    iterations = model.edited(training=replace(epochs, duration_unit="iterations"))
    assert iterations.training.duration == 900
    model.set_recipe(iterations)
    back = model.edited(training=replace(iterations.training, duration_unit="epochs"))
    assert back.training.duration == 10


def test_a_change_of_unit_stays_within_limits(model):
    long = TrainingConfig(duration=10_000_000)
    model.set_recipe(Recipe(training=long))
    model.set_data(summary())
    changed = model.edited(training=replace(long, duration_unit="iterations"))
    assert changed.training.duration == 10_000_000


def test_new_data_end_loading_and_error(model):
    model.set_data_error("It is damaged.")
    model.set_loading(0.5, "Reading")
    assert model.data_error == ""
    model.set_data(summary())
    assert model.loading is None


def test_an_error_ends_loading_and_keeps_the_data(model):
    data = summary()
    model.set_data(data)
    model.set_loading(0.5)
    model.set_data_error("It is damaged.")
    assert model.loading is None
    assert model.data is data


@pytest.mark.parametrize(
    ("recipe", "field"),
    [
        (Recipe(training=TrainingConfig(batch_size=10_000)), "batch_size"),
        (Recipe(training=TrainingConfig(evaluate_every=10_000_000)), "evaluate_every"),
        (Recipe(training=TrainingConfig()), "evaluate_every"),
        (Recipe(initializer=Normal(std=0.0)), "std"),
    ],
)
def test_settings_that_may_surprise_are_explained(model, recipe, field):
    model.set_data(summary(train_count=500))
    model.set_recipe(recipe)
    assert model.notes[field].endswith(".")


def test_data_with_their_own_validation_images_say_so(model):
    model.set_data(summary(validation_note="These data bring validation images."))
    assert model.notes["validation_split"] == "These data bring validation images."


def test_parts_without_images_are_not_mentioned():
    assert summary().counts_text == "9,000 training · 1,000 validation images"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.2, "under 1 s"),
        (6.2, "about 6 s"),
        (99.4, "about 99 s"),
        (150, "about 2 min"),
        (4200, "about 70 min"),
        (7200, "about 2 h"),
        (8400, "about 2 h 20 min"),
        (400_000, "about 5 days"),
        (60_000_000, "about 694 days"),
        (3e9, "about 95 years"),
        (3e12, "about 95,064 years"),
    ],
)
def test_times_are_rounded_as_people_say_them(seconds, text):
    assert about_text(seconds) == text
