import numpy as np
import pytest

from gui.features.my_digits.teaching_model import TeachingModel


@pytest.fixture
def model(qapp):
    return TeachingModel()


def image(row=8):
    made = np.zeros((28, 28), np.uint8)
    made[row] = 255
    return made


def test_blank_paper_is_no_drawing(model):
    model.set_drawing((), 10.0, np.zeros((28, 28), np.uint8), None)
    assert not model.has_drawing
    assert model.label(3) is None


def test_a_drawing_gets_its_label_name_and_answer(model):
    answer = np.full(10, 0.02)
    answer[1] = 0.82
    model.set_drawing((), 10.0, image(), answer)
    made = model.label(7)
    assert (made.label, made.name, made.answer) == (7, "7", "1")
    assert made.confidence == np.float32(0.82)  # as the file keeps it


def test_the_classes_are_those_of_the_network(model):
    model.set_class_names(("cat", "dog"))
    model.set_drawing((), 10.0, image(), None)
    assert model.label(1).name == "dog"
    model.set_class_names(())
    assert model.class_names == ("cat", "dog")


def test_what_is_kept_is_forgotten_with_other_ink_only(model):
    model.set_drawing((), 10.0, image(), None)
    model.set_kept(model.label(7))
    model.set_drawing((), 10.0, image(), np.full(10, 0.1))
    assert model.chosen == 7
    model.set_drawing((), 10.0, image(9), None)
    assert model.kept is None


def test_learning_needs_a_kept_drawing_and_nothing_against_it(model):
    model.set_refusal("")
    model.set_drawing((), 10.0, image(), None)
    assert not model.can_learn
    model.set_kept(model.label(7))
    assert model.can_learn
    model.set_share(0.4)
    assert not model.can_learn
    assert model.text == "Learning… 40 %"
    model.set_share(None)
    model.set_refusal("Stop first.")
    assert not model.can_learn
    assert model.learn_tip == "Stop first."


def test_the_words_follow_what_was_done(model):
    assert "Draw" in model.text
    model.set_drawing((), 10.0, image(), None)
    assert "Click" in model.text
    model.set_kept(model.label(8))
    assert model.text == "Kept as an 8"


def test_the_caller_may_use_its_array_again(model):
    ink = image()
    model.set_drawing((), 10.0, ink, None)
    ink[:] = 0
    assert model.label(7).image.any()
