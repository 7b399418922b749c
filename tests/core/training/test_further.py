"""Which digits a network can be trained further on."""

from dataclasses import replace

import numpy as np
import pytest

from core.exchange.portable import Portable, Stage
from core.exchange.run_from_portable import run_from
from core.recipe.recipe import Recipe
from core.training.further import give_data, knows_its_data, trains_on
from core.training.run import Run, split_data
from tests.support.small_data import small_dataset


def imported(shape=(8, 8), names=tuple("0123456789")) -> Run:
    """Return a network of another program that reads such images."""
    rng = np.random.default_rng(1)
    pixels, count = shape[0] * shape[1], len(names)
    arrays = {
        "weights": rng.normal(size=(pixels, count)).astype(np.float32),
        "biases": np.zeros(count, np.float32),
    }
    return run_from(Portable((Stage("dense", arrays=arrays),), "softmax", shape, names, "other"))


@pytest.fixture
def dataset():
    return small_dataset()


@pytest.fixture
def parts(dataset):
    return split_data(Recipe(), dataset)


def test_a_network_of_unknown_digits_trains_on_those_that_fit(dataset, parts):
    run = imported(dataset.image_shape, dataset.class_names)
    assert not knows_its_data(run)
    assert trains_on(run, parts)
    assert give_data(run, dataset)
    assert run.data["fingerprint"] == parts.fingerprint
    assert run.data["name"] == dataset.name
    assert trains_on(run, parts)


def test_it_does_not_train_on_images_of_another_shape(dataset, parts):
    height, width = dataset.image_shape
    for shape in ((height + 1, width), (1, height * width)):  # so many pixels, even
        run = imported(shape, dataset.class_names)
        assert not trains_on(run, parts)
        assert not give_data(run, dataset)
        assert not knows_its_data(run)


@pytest.mark.parametrize("change", ["more", "fewer", "others", "another order"])
def test_it_does_not_train_on_other_classes(dataset, parts, change):
    names = dataset.class_names
    other = {
        "more": (*names, "x"),
        "fewer": names[:-1],
        "others": tuple(f"class {name}" for name in names),
        "another order": (*names[1:], names[0]),
    }[change]
    run = imported(dataset.image_shape, other)
    assert not trains_on(run, parts)
    assert not give_data(run, dataset)


def test_outputs_without_names_take_those_of_the_digits(dataset):
    named = replace(dataset, class_names=tuple(f"class {k}" for k in range(dataset.class_count)))
    run = imported(dataset.image_shape, dataset.class_names)
    assert not give_data(run, named)
    assert give_data(run, named, named=False)
    assert run.class_names == named.class_names


def test_digits_of_more_classes_are_not_given_to_outputs_without_names(dataset):
    run = imported(dataset.image_shape, dataset.class_names[:-1])
    assert not give_data(run, dataset, named=False)
    assert run.class_names == dataset.class_names[:-1]
    assert not knows_its_data(run)


def test_the_same_digits_do_not_help_a_network_of_another_shape(dataset, parts):
    run = imported((1, parts.pixel_count), dataset.class_names)
    run.data = {**run.data, "fingerprint": parts.fingerprint}
    assert not trains_on(run, parts)


def test_a_network_that_knows_its_digits_trains_on_no_others(dataset, parts):
    run = imported(dataset.image_shape, dataset.class_names)
    run.data = {**run.data, "fingerprint": "f" * 64}
    assert not trains_on(run, parts)
