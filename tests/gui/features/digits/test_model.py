import numpy as np
import pytest

from core.base.events import (
    Evaluated,
    Evaluation,
    RunFinished,
    RunStarted,
    WeightsSeen,
)
from gui.features.digits.model import TILES, DigitsModel
from tests.support.small_networks import (
    NAMES,
    blind_network,
    predictor,
    row_digits,
    template_network,
)


@pytest.fixture
def model(qapp):
    return DigitsModel(seed=1)


@pytest.fixture
def reader():
    return predictor(*template_network())


def evaluated(predictions, step=10):
    row = Evaluation(step, 1.0, 0.1, 0.9, 0.1, 0.9, 1.0, 0.01)
    return Evaluated(row, np.asarray(predictions, np.uint8))


def settle(qtbot, model):
    """Wait until the whole set has been read."""
    qtbot.waitUntil(lambda: "accuracy" in model.counts or not model.count)


def training(model, reader, image_set):
    """Put the model in the middle of a training that has not been measured yet."""
    model.show_images(image_set, NAMES, "Validation")
    model.set_predictor(reader)
    model.accept([RunStarted(0, 100, 10, 64)])


def test_without_images_there_is_nothing_to_show(model):
    assert not model.has_images
    assert model.count == 0
    assert model.counts == ""
    assert model.focused is None


def test_a_random_sample_of_the_images_is_shown(model):
    digits = row_digits(1000)
    model.show_images(digits, NAMES, "Validation")
    assert model.count == TILES
    indices = [model.reading(tile).index for tile in range(TILES)]
    assert len(set(indices)) == TILES
    assert indices != sorted(indices)
    np.testing.assert_array_equal(model.images, digits.images[indices])


def test_the_seed_fixes_the_sample(qapp):
    def captions(seed):
        model = DigitsModel(seed)
        model.show_images(row_digits(1000), NAMES, "Validation")
        return model.captions

    assert captions(1) == captions(1)
    assert captions(1) != captions(2)


def test_before_training_only_the_true_digits_are_told(model):
    model.show_images(row_digits(10), NAMES, "Validation")
    assert sorted(model.captions) == list(NAMES)
    assert model.marks == [None] * 10
    assert model.counts == "10 of 10 images shown"


def test_right_and_wrong_answers_are_marked(model, reader):
    model.show_images(row_digits(20, mislabelled=5), NAMES, "Validation")
    model.set_predictor(reader)
    assert model.marks.count("wrong") == 5
    assert model.marks.count("right") == 15
    for tile, mark in enumerate(model.marks):
        shown = model.reading(tile).index % 10
        wrong = f"{(shown + 1) % 10} → {shown}"
        assert model.captions[tile] == (wrong if mark == "wrong" else str(shown))


def test_a_network_is_measured_on_all_images_although_no_training_runs(model, reader, qtbot):
    model.show_images(row_digits(2000, mislabelled=84), NAMES, "Test")
    model.set_predictor(reader)
    settle(qtbot, model)
    assert model.counts == "100 of 2,000 images shown · accuracy on 2,000 test images 95.8 %"


def test_mistakes_only_shows_all_mistakes_when_there_are_few(model, reader, qtbot):
    model.show_images(row_digits(2000, mislabelled=84), NAMES, "Validation")
    model.set_predictor(reader)
    settle(qtbot, model)
    model.set_kind("mistakes")
    assert model.marks == ["wrong"] * 84
    assert model.counts == ("84 of 84 mistakes shown · accuracy on 2,000 validation images 95.8 %")


def test_right_only_shows_no_mistakes(model, reader, qtbot):
    model.show_images(row_digits(200, mislabelled=150), NAMES, "Validation")
    model.set_predictor(reader)
    settle(qtbot, model)
    model.set_kind("right")
    assert model.marks == ["right"] * 50


@pytest.mark.parametrize("label", range(10))
def test_a_class_shows_only_its_own_digits(model, label):
    model.show_images(row_digits(500), NAMES, "Validation")
    model.set_label(label)
    assert model.captions == [str(label)] * 50


def test_the_counts_name_the_class(model, reader, qtbot):
    model.show_images(row_digits(100, mislabelled=10), NAMES, "Validation")
    model.set_predictor(reader)
    settle(qtbot, model)
    model.set_label(8)
    model.set_kind("mistakes")
    assert model.counts.startswith("1 of 1 mistake on an 8 shown")


def test_reshuffle_shows_others(model):
    model.show_images(row_digits(1000), NAMES, "Validation")
    before = model.images
    model.reshuffle()
    assert (model.images != before).any()


def test_tiles_stay_while_their_answers_change(model):
    reader = predictor(*blind_network())
    training(model, reader, row_digits(500))
    before, marks = model.images, model.marks
    reader.set_params(template_network()[1])
    model.accept([WeightsSeen(5, reader.params)])
    np.testing.assert_array_equal(model.images, before)
    assert "wrong" in marks
    assert model.marks == ["right"] * TILES


def test_mistakes_that_are_mended_stay_and_are_ticked(model):
    reader = predictor(*blind_network())
    digits = row_digits(50)
    training(model, reader, digits)
    model.accept([evaluated(np.full(50, 3))])
    model.set_kind("mistakes")
    before = model.images
    reader.set_params(template_network()[1])
    model.accept([WeightsSeen(20, reader.params), evaluated(digits.labels, step=20)])
    np.testing.assert_array_equal(model.images, before)
    assert model.marks == ["right"] * 45
    assert model.counts.startswith("0 of 0 mistakes shown")


def test_mistakes_appear_with_the_first_measurement(model, reader):
    digits = row_digits(30, mislabelled=3)
    training(model, reader, digits)
    model.set_kind("mistakes")
    assert model.count == 0
    assert "not read all" in model.empty_text
    model.accept([evaluated(reader.probabilities(digits.images).argmax(axis=1))])
    assert model.count == 3


def test_a_measurement_of_other_images_is_left_alone(model, reader):
    training(model, reader, row_digits(30))
    model.accept([evaluated(np.zeros(7))])
    assert "accuracy" not in model.counts


def test_after_an_early_stop_all_images_are_read_again(model, reader, qtbot):
    training(model, reader, row_digits(100))
    model.accept([evaluated(np.full(100, 3))])
    assert "10.0 %" in model.counts
    model.accept([WeightsSeen(15, reader.params), RunFinished(15, stopped_early=True)])
    qtbot.waitUntil(lambda: "100.0 %" in model.counts)


def test_a_second_training_on_the_same_images_keeps_the_tiles(model, reader):
    model.show_images(row_digits(500), NAMES, "Validation")
    before = model.images
    model.show_images(row_digits(500), NAMES, "Validation")
    model.set_predictor(reader)
    np.testing.assert_array_equal(model.images, before)


def test_without_mistakes_the_network_is_praised(model, reader, qtbot):
    model.show_images(row_digits(40), NAMES, "Validation")
    model.set_predictor(reader)
    settle(qtbot, model)
    model.set_kind("mistakes")
    assert model.empty_text == "No mistakes among these 40 images: well done."


def test_without_a_network_the_filter_says_what_to_do(model):
    model.show_images(row_digits(40), NAMES, "Validation")
    model.set_kind("mistakes")
    assert model.count == 0
    assert "Train one" in model.empty_text


def test_a_class_without_images_is_named(model):
    model.show_images(row_digits(5), NAMES, "Validation")
    model.set_label(8)
    assert model.empty_text.startswith("There are no images of an 8")


def test_a_network_for_other_images_does_not_answer(model, reader):
    image_set = row_digits(20)
    small = type(image_set)(image_set.images[:, :8, :8], image_set.labels)
    model.set_predictor(reader)
    model.show_images(small, NAMES, "Validation")
    assert model.answers is None
    assert model.marks == [None] * 20


def test_a_tooltip_tells_the_answer_and_the_runner_up(model):
    network, params = blind_network()
    network.views(params, 0)["biases"][1] = 3.0
    model.show_images(row_digits(1), NAMES, "Validation")
    model.set_predictor(predictor(network, params))
    assert model.tooltip(0) == "Image 1: a 0, read as 3 (66 %), then 1 (24 %)"
    assert model.tooltip(1) == ""


def test_the_tile_in_focus_is_told_in_full(model, reader, qtbot):
    model.show_images(row_digits(10, mislabelled=10), NAMES, "Validation")
    model.set_predictor(reader)
    with qtbot.waitSignal(model.changed):
        model.focus(4)
    reading = model.focused
    assert reading.index == model.reading(4).index
    shown = reading.index
    assert reading.mark == "wrong"
    assert reading.verdict.endswith("read as an 8" if shown == 8 else f"read as a {shown}")


def test_focus_outside_the_tiles_changes_nothing(model, qtbot):
    model.show_images(row_digits(10), NAMES, "Validation")
    with qtbot.assertNotEmitted(model.changed):
        model.focus(-1)
        model.focus(10)
