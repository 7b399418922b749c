import numpy as np
import pytest

from gui.features.reliability.model import ReliabilityModel, Strangest, bin_text
from gui.session.phase import Phase, Situation
from tests.support.calibrations import calibration, curve


@pytest.fixture
def model():
    return ReliabilityModel()


def strangest():
    return Strangest(
        np.zeros((2, 28, 28), np.uint8),
        np.array([3, 5], np.uint8),
        np.array([3, 9], np.uint8),
        np.array([1.42, 0.61], np.float32),
    )


@pytest.mark.parametrize(
    ("situation", "title"),
    [
        (Situation(), "Nothing trained yet"),
        (Situation(phase=Phase.RUNNING, has_run=True, has_data=True), "Training is running"),
        (Situation(phase=Phase.PAUSED, has_run=True, has_data=True), "Training is running"),
        (Situation(has_run=True), "No images to measure on"),
        (Situation(has_run=True, has_data=True), "Not measured yet"),
    ],
)
def test_it_says_why_there_is_nothing(model, situation, title):
    model.show_situation(situation)
    assert model.empty_words[0] == title


def test_the_error_and_a_sentence_for_beginners(model, qtbot):
    with qtbot.waitSignal(model.changed):
        model.set_calibration(calibration())
    assert model.error_text == "0.0 %"
    assert model.error_before_text == "12.0 % as trained"
    now, before = model.sentences
    assert now == "When it says 90 %, it is right in 90 of 100 cases."
    assert before == "Before calibration, when it said 90 %: in 78."
    assert "not sure enough" in model.note
    assert "1,980 images" in model.note


def test_a_high_temperature_means_it_was_too_sure(model):
    model.set_calibration(calibration(temperature=1.8))
    assert "too sure of itself" in model.note


def test_without_a_calibration_there_are_no_words(model):
    assert model.error_text == "–"
    assert model.sentences == ("", "")
    assert model.note == ""
    assert len(model.images) == 0


def test_the_strangest_images_tell_what_they_are(model):
    model.set_class_names("abcdefghij")
    model.set_strangest(strangest())
    assert model.captions == ["1.4", "0.6"]
    assert "does not look like any" in model.tooltip(0)
    assert "It is f, and is read as j" in model.tooltip(1)
    assert "not strange" in model.tooltip(1)
    assert model.tooltip(2) == model.tooltip(-1) == ""


def test_a_bin_tells_its_answers():
    assert (
        bin_text("Calibrated", curve(), 13) == "Calibrated: says 90 %, right in 90 % of 300 answers"
    )
    assert bin_text("Calibrated", curve(), 0) == "Calibrated: no answers"
