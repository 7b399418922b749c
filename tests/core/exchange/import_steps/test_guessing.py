"""Which answers are right is found out by trying them on digits."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import core.exchange.importers  # noqa: F401 - fills IMPORTERS
from core.exchange.import_steps.guessing import best_answers
from core.exchange.import_steps.resolving import resolve
from core.exchange.import_steps.words import answer_words, layer_rows, summary
from core.exchange.importer import ImportedNetwork, ImportOptions, read_network
from core.exchange.portable import Stage, accuracy, portable_of
from core.recipe.hidden_layer import HiddenLayer
from tests.support.trained import longer, trained

FOREIGN = Path(__file__).parents[3] / "data" / "foreign"


@cache
def plain():
    return trained(longer(hidden=(HiddenLayer(units=16),)))


@pytest.fixture(scope="module")
def digits():
    run, parts = plain()
    return parts.held_out.images.reshape(-1, *run.image_shape), parts.held_out.labels


def draft_as_if(answers):
    """Return a well-trained network as a file would hold it that was made under these answers."""
    portable = portable_of(plain()[0])
    first, hidden, last = (stage for stage in portable.stages if stage.kind != "scale")
    height, width = portable.image_shape
    weights, biases = first.arrays["weights"], first.arrays["biases"]
    if answers.order == "columns":
        places = np.arange(height * width).reshape(height, width).T.ravel()
        weights = weights[places]
    factor = {"byte": 1 / 255, "unit": 1.0, "signed": 0.5}[answers.scaling]
    shift = 0.5 if answers.scaling == "signed" else 0.0
    biases = biases + shift * weights.sum(axis=0)
    weights = weights * np.float32(factor)
    if answers.polarity == "low":
        biases = biases + weights.sum(axis=0) * np.float32(255 if answers.scaling == "byte" else 1)
        weights = -weights
    second = dict(last.arrays)
    if answers.classes == "one-based":
        second = {name: np.roll(array, -1, axis=-1) for name, array in second.items()}
    stages = (
        Stage("dense", arrays={"weights": weights, "biases": biases}),
        Stage("activation", hidden.name, settings=hidden.settings),
        Stage("dense", arrays=second),
    )
    guess = ImportOptions(height=height, width=width, activation=hidden.name)
    asks = frozenset(("scaling", "polarity", "order", "classes"))
    return ImportedNetwork("made", stages, guess, asks)


@pytest.mark.parametrize(
    "answers",
    [
        {"scaling": "byte"},
        {"scaling": "signed"},
        {"order": "columns"},
        {"classes": "one-based"},
        {"polarity": "low"},
        {"scaling": "byte", "order": "columns", "classes": "one-based"},
    ],
)
def test_the_right_answers_are_found(digits, answers):
    right = replace(ImportOptions(), **answers)
    imported = draft_as_if(right)
    images, labels = digits
    found = best_answers(imported, images, labels)
    wanted = accuracy(resolve(imported, replace(imported.guess, **answers)), images, labels)
    assert accuracy(resolve(imported, found), images, labels) > wanted - 0.05
    if answers != {"scaling": "signed"}:
        assert all(getattr(found, name) == value for name, value in answers.items())


def test_a_right_guess_is_kept(digits):
    imported = draft_as_if(ImportOptions())
    assert best_answers(imported, *digits) == imported.guess


def test_nothing_is_guessed_from_digits_that_are_read_by_chance(digits):
    imported = draft_as_if(ImportOptions())
    images, labels = digits
    assert (
        best_answers(imported, images, np.random.default_rng(0).permutation(labels))
        == imported.guess
    )


def test_nothing_is_guessed_without_digits_of_its_size(digits):
    imported = draft_as_if(ImportOptions(scaling="byte"))
    assert best_answers(imported, np.zeros((9, 5, 5), np.uint8), np.zeros(9, int)) == imported.guess
    assert best_answers(imported, *(each[:0] for each in digits)) == imported.guess


def test_progress_is_told_and_may_give_up(digits):
    told = []
    best_answers(draft_as_if(ImportOptions()), *digits, told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0

    def give_up(_share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        best_answers(draft_as_if(ImportOptions()), *digits, give_up)


def test_layers_and_answers_are_told_in_words():
    imported = read_network(FOREIGN / "keras3_many.keras")
    rows = dict(layer_rows(resolve(imported, imported.guess)))
    assert rows["Input"] == "28 × 28 pixels"
    assert rows["ELU"] == "alpha 0.7"
    assert rows["Output"] == "10 classes · sigmoid"
    assert summary(imported) == "784 → 12 → 9 → 8 → 7 → 10"
    assert answer_words("scaling", ImportOptions()) == ("Pixels", "0 to 1")
    assert answer_words("height", ImportOptions()) == ("Height", "28 pixels")
    other = read_network(FOREIGN / "torch_plain.pt")
    signed = resolve(other, replace(other.guess, scaling="signed"))
    assert layer_rows(signed)[1] == ("Input scaling", "(x − 127.5) ÷ 127.5")
