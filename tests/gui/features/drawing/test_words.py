"""What is said of the drawing at hand."""

from dataclasses import replace

import numpy as np
import pytest

from core.certainty.calibration import weights_sum
from core.certainty.describing import description_groups
from core.certainty.novelty import Novelty
from gui.features.drawing.words import answer, answer_text, doubt_text
from gui.session.answer_words import sentence, spell
from gui.session.drawing_at_hand import DrawingAtHand
from tests.support.calibrations import calibration
from tests.support.small_networks import NAMES, SHAPE, blind_network, predictor

LINE = np.array([[60, 60, 1], [60, 200, 1], [180, 140, 1]], np.float32)


@pytest.fixture
def drawing():
    return DrawingAtHand()


def probabilities(**shares):
    values = np.full(10, 1e-6, np.float32)
    for name, share in shares.items():
        values[int(name[1:])] = share
    return values


def test_a_stroke_is_read_at_once(drawing):
    drawing.set_predictor(predictor(*blind_network()), NAMES, SHAPE)
    drawing.set_strokes([LINE], 9.0)
    assert drawing.probabilities.argmax() == 3
    assert answer_text(drawing) == "Probably a 3"


def test_an_empty_canvas_has_no_answer(drawing):
    drawing.set_predictor(predictor(*blind_network()), NAMES, SHAPE)
    drawing.set_strokes([LINE], 9.0)
    drawing.set_strokes([], 9.0)
    assert drawing.empty
    assert drawing.probabilities is None
    assert answer(drawing).names == ""
    assert "Draw a digit" in answer_text(drawing)


def test_without_a_network_the_reader_is_told_what_to_do(drawing):
    drawing.set_strokes([LINE], 9.0)
    assert drawing.probabilities is None
    assert answer_text(drawing) == "Train a network first: then it reads what you draw."


def test_the_answer_uses_the_names_of_the_classes(drawing):
    drawing.set_predictor(predictor(*blind_network()), tuple("abcdefghij"), SHAPE)
    drawing.set_strokes([LINE], 9.0)
    assert answer(drawing).names == "d"


@pytest.mark.parametrize(
    ("shares", "text"),
    [
        ({"_7": 0.97, "_1": 0.02}, "It is a 7"),
        ({"_8": 0.93}, "It is an 8"),
        ({"_7": 0.7, "_1": 0.3}, "Probably a 7"),
        ({"_7": 0.45, "_1": 0.4}, "Perhaps a 7 or a 1"),
        ({"_8": 0.45, "_3": 0.4}, "Perhaps an 8 or a 3"),
    ],
)
def test_the_surer_the_plainer(shares, text):
    assert sentence(probabilities(**shares), NAMES) == text


def test_an_unsure_answer_tells_both_probabilities():
    answer = spell(probabilities(_7=0.45, _1=0.4), NAMES)
    assert (answer.lead, answer.names, answer.note) == ("Perhaps a", "7 or 1", "45 % and 40 %")


def judged(drawing, offset, temperature=1.0):
    """Let the blind network read, with a calibration that finds everything equally strange."""
    network, params = blind_network()
    size = description_groups(network)[-1][1]
    made = replace(
        calibration(temperature),
        novelty=Novelty(np.zeros(size, np.float32), offset, 0.5),
        weights_sum=weights_sum(params),
    )
    reader = predictor(network, params)
    drawing.set_predictor(reader, NAMES, SHAPE)
    drawing.set_strokes([LINE], 9.0)
    drawing.set_calibration(made)
    return reader


def test_a_strange_drawing_gets_no_confident_answer(drawing):
    judged(drawing, offset=1.3)
    assert drawing.strange
    assert answer(drawing).names == "Does not look like any digit I know"
    assert answer(drawing).note == "Closest: 3"
    assert answer_text(drawing) == "Does not look like any digit I know (closest: 3)"
    assert "Strangeness 1.3" in doubt_text(drawing)


def test_a_usual_drawing_is_answered_with_calibrated_certainty(drawing):
    reader = judged(drawing, offset=0.2, temperature=0.5)
    assert not drawing.strange
    assert doubt_text(drawing) == ""
    assert drawing.probabilities[3] > reader.probabilities(drawing.image[None])[0, 3]
    assert answer_text(drawing) == "It is a 3"


def test_classes_that_are_no_digits_are_not_called_so(drawing):
    reader = judged(drawing, offset=2.0)
    drawing.set_predictor(reader, tuple("abcdefghij"), SHAPE)
    assert answer(drawing).names == "Does not look like anything I know"
