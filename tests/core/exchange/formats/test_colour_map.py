"""Numbers to colours."""

import numpy as np
import pytest

from core.exchange.formats.colour_map import (
    diverging,
    diverging_table,
    sequential,
    sequential_table,
)

BOTH = pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])


def lightness(table: np.ndarray) -> np.ndarray:
    return table.astype(float) @ [0.2126, 0.7152, 0.0722]


@BOTH
def test_zero_is_the_colour_of_the_ground(dark):
    (zero,) = diverging(np.zeros((1, 1, 1)), 1.0, dark)[0]
    assert (zero.max() < 30) if dark else (zero.min() == 255)


@BOTH
def test_negative_is_blue_and_positive_is_orange(dark):
    blue, orange = diverging(np.array([[[-0.6, 0.6]]]), 1.0, dark)[0, 0].astype(int)
    assert blue[2] > blue[0] + 50
    assert orange[0] > orange[2] + 50


@BOTH
def test_the_further_from_zero_the_further_from_the_ground_on_both_sides(dark):
    steps = np.diff(lightness(diverging_table(dark)))
    towards = -1 if dark else 1
    assert (steps[:128] * towards > 0).all()
    assert (steps[128:] * towards < 0).all()


@BOTH
def test_both_sides_are_equally_strong(dark):
    shades = lightness(diverging_table(dark))
    np.testing.assert_allclose(shades[:128], shades[:128:-1], atol=30)


def test_numbers_beyond_the_limit_get_its_colour():
    made = diverging(np.array([[[-9.0, -1.0, 1.0, 9.0, np.inf, -np.inf]]]), 1.0, False)[0, 0]
    np.testing.assert_array_equal(made[[0, 2, 2, 1]], made[[1, 3, 4, 5]])


def test_each_image_can_have_a_limit_of_its_own():
    values = np.array([0.5, 5.0]).reshape(2, 1, 1)
    made = diverging(values, np.array([0.5, 5.0]), False)
    np.testing.assert_array_equal(made[0], made[1])
    np.testing.assert_array_equal(made[0, 0, 0], diverging_table(False)[-1])


@pytest.mark.parametrize("limit", [0.0, np.zeros(2), 1e-40])
def test_a_vanishing_limit_shows_zero_without_a_warning(limit):
    made = diverging(np.zeros((2, 3, 3)), limit, False)
    assert made.min() == 255


def test_no_number_is_shown_as_zero():
    assert diverging(np.full((1, 1, 1), np.nan), 1.0, False).min() == 255


def test_the_answer_has_the_shape_and_type_of_images():
    made = diverging(np.zeros((4, 5, 6), np.float32), 1.0, True)
    assert (made.shape, made.dtype) == ((4, 5, 6, 3), np.uint8)


def test_the_argument_is_left_alone():
    values = np.ones((1, 2, 2), np.float32)
    diverging(values, 2.0, False)
    np.testing.assert_array_equal(values, 1)


@BOTH
def test_amounts_grow_away_from_the_ground(dark):
    steps = np.diff(lightness(sequential_table(dark))[::4])
    assert ((steps > 0) if dark else (steps < 0)).all()
    ends = sequential(np.array([0.0, 2.0, 7.0]), 2.0, dark)
    np.testing.assert_array_equal(ends[0], sequential_table(dark)[0])
    np.testing.assert_array_equal(ends[1], ends[2])
