"""The drawing at hand: framed and read with each stroke, and with each set of weights."""

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
from gui.session.drawing_at_hand import DrawingAtHand
from tests.support.calibrations import calibration
from tests.support.small_networks import NAMES, SHAPE, blind_network, predictor, template_network

LINE = np.array([[60, 60, 1], [60, 200, 1], [180, 140, 1]], np.float32)


@pytest.fixture
def drawing():
    return DrawingAtHand()


def test_a_stroke_becomes_the_image_the_network_sees(drawing, qtbot):
    with qtbot.waitSignal(drawing.changed):
        drawing.set_strokes([LINE], 9.0)
    assert drawing.image.shape == SHAPE
    assert drawing.image.max() == 255
    assert not drawing.empty


def test_a_stroke_is_read_at_once_and_told_before(drawing):
    told = []
    drawing.redrawn.connect(lambda: told.append((len(drawing.strokes), drawing.pen_radius)))
    drawing.changed.connect(lambda: told.append("changed"))
    drawing.set_predictor(predictor(*blind_network()), NAMES, SHAPE)
    assert told == ["changed"]
    drawing.set_strokes([LINE], 9.0)
    assert told == ["changed", (1, 9.0), "changed"]
    assert drawing.probabilities.argmax() == 3


def test_what_is_erased_has_no_answer(drawing):
    drawing.set_predictor(predictor(*blind_network()), NAMES, SHAPE)
    drawing.set_strokes([LINE], 9.0)
    drawing.set_strokes([], 9.0)
    assert drawing.empty
    assert drawing.probabilities is None


def test_steps_that_are_left_out_change_what_is_read(drawing):
    drawing.set_predictor(predictor(*blind_network()), NAMES, SHAPE)
    drawing.set_strokes([LINE], 9.0)
    framed = drawing.image.copy()
    drawing.set_stages(LensStages(box=False, scale=False, centre=False))
    assert (drawing.image != framed).any()
    assert drawing.probabilities is not None
    drawing.set_stages(ALL)
    np.testing.assert_array_equal(drawing.image, framed)


def test_the_answer_follows_the_training(drawing):
    reader = predictor(*blind_network())
    drawing.set_predictor(reader, NAMES, SHAPE)
    drawing.set_strokes([LINE], 9.0)
    before = drawing.probabilities
    reader.set_params(template_network()[1])
    drawing.accept([WeightsSeen(5, reader.params)])
    assert (drawing.probabilities != before).any()
    np.testing.assert_array_equal(
        drawing.probabilities, reader.probabilities(drawing.image[None])[0]
    )


def test_a_network_for_small_images_gets_a_small_image(drawing):
    network = Network((Dense(10),), 64)
    drawing.set_predictor(
        predictor(network, np.zeros(network.param_count, np.float32)), NAMES, (8, 8)
    )
    drawing.set_strokes([LINE], 9.0)
    assert drawing.image.shape == (8, 8)
    assert drawing.image.max() > 100
    assert drawing.probabilities.shape == (10,)


@given(height=st.integers(1, 64), width=st.integers(1, 64))
def test_an_image_fits_every_network(height, width):
    image = np.full(SHAPE, 200, np.uint8)
    made = fit_shape(image, (height, width))
    assert made.shape == (height, width)
    assert made.dtype == np.uint8
    assert np.count_nonzero(made == 200) == min(height, width) ** 2


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


def test_other_weights_are_not_judged_by_an_old_calibration(drawing):
    reader = judged(drawing, offset=2.0)
    reader.set_params(template_network()[1])
    drawing.accept([WeightsSeen(5, reader.params)])
    assert not drawing.strange
    drawing.set_calibration(None)
    assert drawing.strangeness is None
