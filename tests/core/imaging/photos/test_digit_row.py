"""Digits in a row are found, one by one, in the order of reading."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image, ImageDraw

from core.imaging.photos import digit_row
from core.imaging.photos.digit_row import MOST_DIGITS, find_digits
from core.imaging.photos.picture import gray_of
from tests.support.digit_shapes import clear_digits, shape_of
from tests.support.examples import examples
from tests.support.photo_maker import Scene, photograph

_DIGITS = clear_digits(4)


def likeness(image, other):
    return float(np.corrcoef(image.ravel(), other.ravel())[0, 1])


def photo(scene, seed=0):
    shapes = [shape_of(digit) for digit in _DIGITS]
    return gray_of(Image.fromarray(photograph(shapes, scene, np.random.default_rng(seed))))


@pytest.mark.parametrize(
    "scene",
    [
        pytest.param(Scene(width=900, height=400, share=0.4), id="plain"),
        pytest.param(Scene(width=900, height=400, share=0.4, dark=False), id="light on dark"),
        pytest.param(Scene(width=900, height=500, share=0.3, lines="ruled"), id="ruled"),
        pytest.param(Scene(width=900, height=500, share=0.3, lines="squared"), id="squared"),
        pytest.param(Scene(width=900, height=500, share=0.25, table=True), id="on a table"),
        pytest.param(Scene(width=900, height=500, share=0.3, turn=6, shade=0.4), id="climbing"),
    ],
)
def test_each_digit_of_a_row_is_found_from_left_to_right(scene):
    found = find_digits(photo(scene))
    assert len(found) == len(_DIGITS)
    assert [digit.box[0] for digit in found] == sorted(digit.box[0] for digit in found)
    for digit, written in zip(found, _DIGITS, strict=True):
        assert likeness(digit.image, written) > 0.6


def drawn(*lines, size=(500, 200), width=12):
    """Return a drawing of lines, each a list of points."""
    picture = Image.new("L", size, 245)
    pen = ImageDraw.Draw(picture)
    for line in lines:
        pen.line(line, fill=20, width=width, joint="curve")
    return np.asarray(picture, np.float32) / 255


_FIVE = ([(60, 60), (55, 100), (95, 110), (95, 150), (50, 155)], [(75, 48), (115, 48)])
_FOUR = ([(170, 50), (160, 110), (225, 110)], [(205, 70), (205, 160)])
_ONE = ([(300, 45), (300, 160)],)


def test_the_strokes_of_one_digit_stay_together():
    found = find_digits(drawn(*_FIVE, *_FOUR, *_ONE))
    assert len(found) == 3
    left, top, right, bottom = found[0].box
    assert left <= 50
    assert top <= 46
    assert right >= 112
    assert bottom >= 155


def test_boxes_are_in_pixels_of_the_picture():
    small = find_digits(drawn(*_ONE))[0].box
    large = np.kron(drawn(*_ONE), np.ones((6, 6), np.float32))
    for one, other in zip(small, find_digits(large)[0].box, strict=True):
        assert other == pytest.approx(6 * one, abs=25)


def test_lines_are_read_from_the_top_down():
    rows = [[(x, y), (x, y + 60)] for y in (20, 120) for x in (60, 140, 220)]
    found = find_digits(drawn(*rows, size=(300, 220)))
    assert [digit.line for digit in found] == [0, 0, 0, 1, 1, 1]
    assert [digit.box[0] // 60 for digit in found] == [0, 2, 3, 0, 2, 3]


def test_digits_that_touch_are_cut_apart():
    touching = drawn(
        [(60, 50), (60, 150)], [(60, 150), (220, 150)], [(220, 50), (220, 150)], width=10
    )
    assert len(find_digits(touching)) == 2


def test_a_judge_decides_whether_a_wide_piece_is_one_digit():
    wide = drawn([(60, 50), (60, 150), (170, 150), (170, 50)], width=10)

    def likes_wide(images):
        broad = np.array([np.count_nonzero(image.any(axis=0)) > 14 for image in images])
        return np.where(broad, 0.99, 0.2)[:, None]

    def likes_narrow(images):
        return 1.19 - likes_wide(images)

    assert len(find_digits(wide, likes_wide)) == 1
    assert len(find_digits(wide, likes_narrow)) >= 2


def test_specks_are_no_digits():
    page = drawn(*_ONE)
    page[20:24, 40:44] = page[180:183, 420:423] = 0.1
    assert len(find_digits(page)) == 1


@pytest.mark.parametrize(
    "gray",
    [
        np.zeros((1, 1)),
        np.ones((300, 200)),
        np.full((40, 50), np.nan),
        np.full((1, 900), np.inf),
        np.broadcast_to(np.linspace(0.2, 0.9, 300), (200, 300)),
    ],
    ids=["one pixel", "white", "no numbers", "infinite", "shaded"],
)
def test_a_page_without_digits_gives_none(gray):
    assert find_digits(gray) == []


@examples(quick=5)  # each takes half a second
@given(
    gray=hnp.arrays(
        np.float32,
        st.tuples(st.integers(1, 90), st.integers(1, 90)),
        elements=st.floats(width=32),
    )
)
def test_any_numbers_give_boxes_within_the_picture(gray):
    for digit in find_digits(gray):
        left, top, right, bottom = digit.box
        assert -1 <= left < right <= gray.shape[1] + 1
        assert -1 <= top < bottom <= gray.shape[0] + 1
        assert digit.image.shape == (28, 28)


def test_in_12_megapixels_of_noise_nothing_is_found():
    noise = np.random.default_rng(0).random((3000, 4000), dtype=np.float32)
    assert len(find_digits(noise)) <= MOST_DIGITS


@pytest.mark.slow
def test_of_a_page_full_of_strokes_only_so_many_are_framed(monkeypatch):
    """Each that is framed takes the same time, so that their number bounds it."""
    page = np.full((1500, 2000), 0.95, np.float32)
    for top in range(20, 1460, 36):
        for left in range(20, 1970, 20):  # 40 times 98 bars
            page[top : top + 24, left : left + 4] = 0.1
    framed = []

    def framed_ink(ink):
        framed.append(ink.shape)
        return real(ink)

    real = digit_row.framed_ink
    monkeypatch.setattr(digit_row, "framed_ink", framed_ink)
    assert len(find_digits(page)) == MOST_DIGITS
    assert len(framed) <= 2 * MOST_DIGITS
