"""What the window says about a network of another program."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import core.exchange.importers  # noqa: F401 - fills IMPORTERS
from core.base.errors import ConfigError
from core.exchange.importer import ImportOptions, read_network
from gui.features.network_import.model import ModelImport, Trial, read_digits

FOREIGN = Path(__file__).parents[3] / "data" / "foreign"
with np.load(FOREIGN / "images.npz") as stored:
    TRIAL = Trial(stored["images"], stored["labels"], "validation digits")
NONE = Trial(TRIAL.images[:0], TRIAL.labels[:0], "no digits are loaded")


@pytest.fixture
def imported():
    return read_network(FOREIGN / "torch_plain.pt")


def shown(imported, answers=None, trial=TRIAL):
    model = ModelImport(
        "torch_plain.pt", "PyTorch weights", imported, answers or imported.guess, trial
    )
    model.show_reading(read_digits(imported, model.answers, trial))
    return model


def test_how_well_it_reads_is_told_in_numbers_and_pictures(imported):
    model = shown(imported)
    right = model.marks.count("right")
    share = f"{100 * right / 30:.1f} %"
    assert model.result == f"Reads {right} of 30 validation digits right ({share})"
    assert model.good
    assert len(model.images) == len(model.captions) == 30


def test_a_network_that_reads_badly_asks_for_other_answers(imported):
    model = shown(imported, replace(imported.guess, classes="one-based"))
    assert not model.good
    assert "other answers" in model.hint


def test_a_network_without_questions_that_reads_badly_learned_something_else(imported):
    known = replace(imported, asks=frozenset(), guess=replace(imported.guess, classes="one-based"))
    model = shown(known)
    assert model.questions == ()
    assert "learned other images" in model.hint


def test_what_was_found_out_is_told_at_its_field(imported):
    found = replace(imported.guess, scaling="signed")
    model = shown(imported, found)
    assert model.notes == {"scaling": "Found out by trying: −1 to 1"}
    model.ask(ImportOptions(height=28, width=28, scaling="byte"))
    assert model.notes == {"scaling": "Found out by trying: −1 to 1"}


def test_without_digits_nothing_is_claimed(imported):
    model = shown(imported, trial=NONE)
    assert model.result == "It was not tried: no digits are loaded."
    assert model.good is None
    assert (model.hint, model.notes, model.captions, model.marks) == ("", {}, [], [])


def test_a_problem_takes_the_place_of_the_reading(imported):
    model = shown(imported)
    model.show_problem(ConfigError("height", "They do not fit.", "Change them."))
    assert model.problem == "They do not fit. Change them."
    assert model.reading is None
    assert model.layers == []
    assert set(model.captions) == {"–"}
