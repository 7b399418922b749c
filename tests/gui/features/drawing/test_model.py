from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.base.events import WeightsSeen
from core.certainty.calibration import weights_sum
from core.certainty.describing import description_groups
from core.certainty.novelty import Novelty
from core.imaging.lens.lens import ALL, LensStages
from core.imaging.photos.preprocessing import fit_shape
from core.nn.layers.dense import Dense
from core.nn.network import Network
from gui.features.drawing.model import DrawingModel
from gui.session.answer_words import sentence, spell
from tests.support.calibrations import calibration
from tests.support.small_networks import NAMES, SHAPE, blind_network, predictor, template_network

LINE = np.array([[60, 60, 1], [60, 200, 1], [180, 140, 1]], np.float32)


@pytest.fixture
def model():
    return DrawingModel()


def probabilities(**shares):
    values = np.full(10, 1e-6, np.float32)
    for name, share in shares.items():
        values[int(name[1:])] = share
    return values


def test_a_stroke_becomes_the_image_the_network_sees(model, qtbot):
    with qtbot.waitSignal(model.changed):
        model.set_strokes([LINE], 9.0)
    assert model.image.shape == SHAPE
    assert model.image.max() == 255
    assert not model.empty


def test_a_stroke_is_read_at_once(model):
    model.set_predictor(predictor(*blind_network()), NAMES, SHAPE)
    model.set_strokes([LINE], 9.0)
    assert model.probabilities.argmax() == 3
    assert model.answer_text == "Probably a 3"


def test_steps_that_are_left_out_change_what_is_read(model):
    model.set_predictor(predictor(*blind_network()), NAMES, SHAPE)
    model.set_strokes([LINE], 9.0)
    framed = model.image.copy()
    model.set_stages(LensStages(box=False, scale=False, centre=False))
    assert (model.image != framed).any()
    assert model.probabilities is not None
    model.set_stages(ALL)
    np.testing.assert_array_equal(model.image, framed)


def test_an_empty_canvas_has_no_answer(model):
    model.set_predictor(predictor(*blind_network()), NAMES, SHAPE)
    model.set_strokes([LINE], 9.0)
    model.set_strokes([], 9.0)
    assert model.empty
    assert model.probabilities is None
    assert model.answer.names == ""
    assert "Draw a digit" in model.answer_text


def test_without_a_network_the_reader_is_told_what_to_do(model):
    model.set_strokes([LINE], 9.0)
    assert model.probabilities is None
    assert model.answer_text == "Train a network first: then it reads what you draw."


def test_the_answer_follows_the_training(model):
    reader = predictor(*blind_network())
    model.set_predictor(reader, NAMES, SHAPE)
    model.set_strokes([LINE], 9.0)
    before = model.probabilities
    reader.set_params(template_network()[1])
    model.accept([WeightsSeen(5, reader.params)])
    assert (model.probabilities != before).any()
    np.testing.assert_array_equal(model.probabilities, reader.probabilities(model.image[None])[0])


def test_the_answer_uses_the_names_of_the_classes(model):
    model.set_predictor(predictor(*blind_network()), tuple("abcdefghij"), SHAPE)
    model.set_strokes([LINE], 9.0)
    assert model.answer.names == "d"


def test_a_network_for_small_images_gets_a_small_image(model):
    network = Network((Dense(10),), 64)
    model.set_predictor(
        predictor(network, np.zeros(network.param_count, np.float32)), NAMES, (8, 8)
    )
    model.set_strokes([LINE], 9.0)
    assert model.image.shape == (8, 8)
    assert model.image.max() > 100
    assert model.probabilities.shape == (10,)


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


@given(height=st.integers(1, 64), width=st.integers(1, 64))
def test_an_image_fits_every_network(height, width):
    image = np.full(SHAPE, 200, np.uint8)
    made = fit_shape(image, (height, width))
    assert made.shape == (height, width)
    assert made.dtype == np.uint8
    assert np.count_nonzero(made == 200) == min(height, width) ** 2


def judged(model, offset, temperature=1.0):
    """Let the blind network read, with a calibration that finds everything equally strange."""
    network, params = blind_network()
    size = description_groups(network)[-1][1]
    made = replace(
        calibration(temperature),
        novelty=Novelty(np.zeros(size, np.float32), offset, 0.5),
        weights_sum=weights_sum(params),
    )
    reader = predictor(network, params)
    model.set_predictor(reader, NAMES, SHAPE)
    model.set_strokes([LINE], 9.0)
    model.set_calibration(made)
    return reader


def test_a_strange_drawing_gets_no_confident_answer(model):
    judged(model, offset=1.3)
    assert model.strange
    assert model.answer.names == "Does not look like any digit I know"
    assert model.answer.note == "Closest: 3"
    assert model.answer_text == "Does not look like any digit I know (closest: 3)"
    assert "Strangeness 1.3" in model.doubt_text


def test_a_usual_drawing_is_answered_with_calibrated_certainty(model):
    reader = judged(model, offset=0.2, temperature=0.5)
    assert not model.strange
    assert model.doubt_text == ""
    assert model.probabilities[3] > reader.probabilities(model.image[None])[0, 3]
    assert model.answer_text == "It is a 3"


def test_classes_that_are_no_digits_are_not_called_so(model):
    reader = judged(model, offset=2.0)
    model.set_predictor(reader, tuple("abcdefghij"), SHAPE)
    assert model.answer.names == "Does not look like anything I know"


def test_other_weights_are_not_judged_by_an_old_calibration(model):
    reader = judged(model, offset=2.0)
    reader.set_params(template_network()[1])
    model.accept([WeightsSeen(5, reader.params)])
    assert not model.strange
    model.set_calibration(None)
    assert model.strangeness is None
