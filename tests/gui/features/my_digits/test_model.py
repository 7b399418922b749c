import itertools
import math
from dataclasses import replace

import numpy as np
import pytest

from core.data.drawings.drawings import new_drawing
from core.teaching.scorebook import Score
from gui.features.my_digits.model import MyDigitsModel
from tests.support.small_networks import NAMES, SHAPE, predictor, template_network

_TIMES = itertools.count(1_795_000_000_000)  # ms; each later than the one before


def drawn(shown, label=None, **changes):
    """Return a drawing with ink in row 2 `shown`, named `label`."""
    image = np.zeros(SHAPE, np.uint8)
    image[2 * shown] = 255
    label = shown if label is None else label
    made = new_drawing((), 1.0, label, changes.pop("name", str(label)), image=image, **changes)
    return replace(made, time_ms=next(_TIMES))


@pytest.fixture
def model(qapp):
    made = MyDigitsModel()
    made.set_drawings([drawn(7), drawn(1, label=7), drawn(3), drawn(5, label=2)], "Keep a 2")
    return made


@pytest.fixture
def read(model):
    model.set_predictor(predictor(*template_network()), NAMES, SHAPE)
    return model


def test_without_a_network_drawings_have_no_marks(model):
    assert model.marks == [None] * 4
    assert model.captions == ["2", "3", "7", "7"]
    assert model.score_text.startswith("4 drawings")


def test_a_network_marks_each_drawing(read):
    assert read.captions == ["2 → 5", "3", "7", "7 → 1"]
    assert read.marks == ["wrong", "right", "right", "wrong"]
    assert len(read.wrong) == 2


def test_the_scores_stand_side_by_side(read):
    read.set_state(refusal="", can_undo_lesson=False, held_out=(0.973, "Validation"), scores=[])
    assert read.score_text == "Your handwriting 50 % (2 of 4) · Validation 97.3 %"
    assert read.learn_text == "Learn from the 2 wrong ones"


@pytest.mark.parametrize(
    ("name", "kind", "captions"),
    [("7", "all", ["7", "7 → 1"]), (None, "wrong", ["2 → 5", "7 → 1"]), ("7", "right", ["7"])],
)
def test_the_filter_chooses(read, name, kind, captions):
    read.set_filter(name, kind)
    assert read.captions == captions
    assert len(read.images) == len(captions)


def test_a_class_the_network_does_not_know_has_no_mark(read):
    read.set_drawings([drawn(7), drawn(1, name="A")], "")
    assert read.marks == ["right", None]
    assert "does not know" in read.verdict(read.shown[1])
    assert read.own_accuracy == (1.0, 1, 1)
    read.set_filter("A", "all")
    assert read.captions == ["A"]


def test_the_focus_stays_with_its_drawing(read):
    read.focus(2)
    key = read.focused.key
    read.set_drawings([drawn(0), *read.shown], "")
    assert read.focused.key == key
    assert read.focused_tile == 3


def test_after_a_deletion_the_focus_is_where_that_drawing_was(read):
    read.focus(2)
    left = [one for one in read.shown if one is not read.focused]
    read.set_drawings(left, "")
    assert read.focused_tile == 2
    read.set_drawings([], "")
    assert read.focused is None
    assert read.empty


def test_it_says_when_a_drawing_was_kept_and_what_it_was_read_as(model):
    one = drawn(7, answer="1", confidence=0.62)
    assert "read then as a 1 (62 %)" in model.then_text(one)
    assert "read then" not in model.then_text(drawn(7))


def test_tooltips_are_sentences(read):
    assert read.tooltip(0).startswith("A 2, read as a 5. Kept on")
    assert read.tooltip(-1) == read.tooltip(99) == ""


def test_a_network_of_another_image_size_reads_them_too(model):
    from core.nn.layers.dense import Dense
    from core.nn.network import Network

    network = Network((Dense(10),), 64)
    model.set_predictor(
        predictor(network, np.zeros(network.param_count, np.float32)), NAMES, (8, 8)
    )
    assert len(model.marks) == 4
    assert None not in model.marks


def test_other_weights_are_read_with_when_asked(read):
    network, params = template_network()
    network.views(params, 0)["biases"][9] = 1e6
    read._predictor.set_params(params)
    read.read_again()
    assert read.marks == ["wrong"] * 4


def test_scores_are_kept_for_the_plot(read):
    score = Score(1.0, "Quick start", "MNIST", 0.5, 4, math.nan, "")
    read.set_state(refusal="x", can_undo_lesson=True, held_out=(math.nan, ""), scores=[score])
    assert read.scores == [score]
    assert read.score_text == "Your handwriting 50 % (2 of 4)"
