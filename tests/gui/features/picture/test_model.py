"""The picture's view model: boxes, readings, and the digit looked at."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from gui.features.picture.model import PictureModel, read_digits
from tests.support.bar_pictures import bars, read
from tests.support.small_networks import NAMES, SHAPE, blind_network, predictor, template_network


@pytest.fixture
def model():
    model = PictureModel()
    model.show(read(bars(80, 200, 320)))
    return model


def test_each_digit_gets_a_box_in_the_order_of_reading(model):
    assert [round(box[0], -1) for box in model.boxes] == [70, 190, 310]
    assert model.selected == 0
    assert model.place == "Digit 1 of 3"


def test_without_a_network_it_says_to_train_one(model):
    assert model.probabilities is None
    assert model.reading == ""
    assert model.captions == [("", "")] * 3
    assert "Train a network first" in model.note


def test_a_network_reads_all_digits_at_once(model):
    model.set_predictor(predictor(*blind_network()), NAMES, SHAPE)
    assert model.reading == "333"
    assert [word for word, _ in model.captions] == ["3", "3", "3"]
    assert model.probabilities.shape == (3, 10)
    assert "3 digits found" in model.note


def test_new_weights_give_another_reading(model):
    reader = predictor(*blind_network())
    model.set_predictor(reader, NAMES, SHAPE)
    before = model.reading
    network, params = blind_network()
    network.views(params, 0)["biases"][7] = 9.0
    reader.set_params(params)
    model.refresh()
    assert (before, model.reading) == ("333", "777")


def test_long_names_of_classes_are_kept_apart(model):
    names = [f"sign {letter}" for letter in "ABCDEFGHIJ"]
    model.set_predictor(predictor(*blind_network()), names, SHAPE)
    assert model.reading == "sign D sign D sign D"


def test_a_network_of_another_size_gets_images_of_its_size(model):
    network, params = blind_network()
    del network, params
    model.set_predictor(None, NAMES, (14, 14))
    assert model.image.shape == (14, 14)


def test_selecting_goes_no_further_than_the_ends(model):
    model.select(9)
    assert model.selected == 2
    model.select(-4)
    assert model.selected == 0


def test_closer_is_the_digit_with_a_little_around_it(model):
    model.select(1)
    left, top, right, bottom = model.digit.box
    height, width, channels = model.closer.shape
    assert channels == 3
    assert bottom - top < height < 1.6 * (bottom - top)
    assert right - left < width


def test_an_empty_page_has_no_digit(model):
    model.show(read(bars()))
    assert model.digit is None
    assert model.image is None
    assert model.closer is None
    assert "No digit stands out" in model.note


def test_a_problem_leaves_the_picture_as_it_is(model):
    model.wait_for("other.png")
    assert "Reading other.png" in model.note
    model.fail("It is damaged.")
    assert model.note == "It is damaged."
    assert len(model.boxes) == 3


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "I;16", "1", "CMYK"])
def test_pictures_in_every_mode_are_shown_in_colour(mode):
    if mode == "I;16":
        gray = np.asarray(bars(100).convert("L")).astype(np.uint16) * 257
        picture = Image.fromarray(gray)
    else:
        picture = bars(100).convert(mode)
    shown = read(picture)
    assert shown.shown.shape == (200, 400, 3)
    assert shown.shown[10, 10].min() > 200
    assert len(shown.digits) == 1


def test_behind_transparent_parts_is_what_the_ink_stands_out_from():
    picture = Image.new("RGBA", (200, 200))
    ImageDraw.Draw(picture).line([(100, 40), (100, 160)], fill=(255, 255, 255, 255), width=14)
    shown = read(picture)
    assert shown.shown[5, 5].max() == 0
    assert len(shown.digits) == 1


def test_a_large_picture_is_made_smaller_for_the_screen_and_boxes_fit_it():
    large = bars(80, 200, 320).resize((6000, 3000))
    picture = read(large)
    assert max(picture.shown.shape) <= 1600
    assert picture.digits[0].box[0] == pytest.approx(74 * picture.shown.shape[1] / 400, abs=12)


def test_reading_can_be_given_up():
    class GivenUp(Exception):
        pass

    def report(share):
        if share > 0.2:
            raise GivenUp

    with pytest.raises(GivenUp):
        read_digits(bars(80), "x", report)


def test_the_judge_has_weights_of_its_own(model):
    assert model.judge() is None
    reader = predictor(*template_network())
    model.set_predictor(reader, NAMES, SHAPE)
    judge = model.judge()
    image = np.zeros((1, 28, 28), np.uint8)
    image[0, 8] = 255
    reader.set_params(np.zeros_like(reader.params))
    assert judge(image).argmax() == 4
