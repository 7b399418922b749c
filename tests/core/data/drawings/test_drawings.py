import numpy as np
import pytest

from core.data.drawings.drawings import as_images, new_drawing
from core.imaging.ink import draw
from tests.support.own_drawings import drawing

LINE = np.array([[100, 40, 1], [110, 240, 1]], np.float32)


def test_the_image_is_made_of_the_strokes():
    made = new_drawing([LINE], 10.0, 1, "1")
    np.testing.assert_array_equal(made.image, draw([LINE], 10.0))
    assert (made.label, made.name, made.answer) == (1, "1", "")


def test_a_picture_without_strokes_keeps_its_image():
    image = np.zeros((28, 28), np.uint8)
    image[4:24, 13:16] = 200
    made = new_drawing([], 1.0, 1, "1", image=image)
    np.testing.assert_array_equal(made.image, image)
    image[:] = 9
    assert made.image.max() == 200


def test_images_of_another_size_are_framed_anew():
    assert new_drawing([], 1.0, 1, "1", image=np.ones((8, 8), np.uint8)).image.shape == (28, 28)


def test_points_without_pressure_press_fully_and_numbers_that_are_none_are_left_out():
    stroke = np.array([[100, 40], [np.nan, 4], [110, 240]], np.float32)
    made = new_drawing([stroke, stroke[1:2]], 10.0, 1, "1")
    (kept,) = made.strokes
    np.testing.assert_array_equal(kept, [[100, 40, 1], [110, 240, 1]])


def test_a_scribble_without_end_is_kept_as_an_image_only():
    scribble = np.random.default_rng(0).uniform(0, 280, (30_000, 3)).astype(np.float32)
    made = new_drawing([scribble], 10.0, 1, "1")
    assert made.strokes == ()
    assert made.image.any()


def test_no_two_drawings_have_the_same_key():
    assert len({drawing().key for _ in range(100)}) == 100


def test_labels_follow_the_names_of_the_network():
    drawings = [drawing(7), drawing(2), drawing(0, name="A")]
    found, known = as_images(drawings, ("2", "7"), (20, 20))
    assert found.labels.tolist() == [1, 0]
    assert found.images.shape == (2, 20, 20)
    assert known == drawings[:2]


def test_no_drawings_are_an_empty_set():
    found, known = as_images([], ("0", "1"))
    assert (len(found), known) == (0, [])
    assert found.images.shape == (0, 28, 28)


@pytest.mark.parametrize("confidence", [float("nan"), float("inf")])
def test_a_confidence_that_is_no_number_is_kept_as_none(confidence):
    assert drawing(confidence=confidence).confidence == 0.0
