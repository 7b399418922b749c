"""The ink of one digit is found in photographs of all kinds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image

from core.imaging.photos.picture import gray_of
from core.imaging.photos.preprocessing import framed_ink, image_of
from core.imaging.photos.segmentation import DIGIT, find_ink
from tests.support.digit_shapes import clear_digits, shape_of
from tests.support.photo_maker import Scene, photograph

_DIGITS = clear_digits(8)

SCENES = {
    "plain": Scene(),
    "light on dark": Scene(dark=False),
    "small": Scene(width=1000, height=800, share=0.1),
    "shaded": Scene(shade=0.7, noise=6),
    "shadow": Scene(width=800, height=600, share=0.4, shade=0.2, shadow=0.4),
    "table": Scene(width=600, height=450, share=0.35, table=True, turn=5),
    "dark sheet": Scene(width=600, height=450, share=0.35, table=True, dark=False),
    "ruled": Scene(width=600, height=500, lines="ruled", turn=2),
    "ruled with a margin": Scene(width=600, height=500, lines="margin", line_gap=0.8),
    "squared": Scene(width=700, height=500, lines="squared", line_gap=0.4),
    "pencil": Scene(width=600, height=450, contrast=0.25, shade=0.3),
    "chalk": Scene(dark=False, contrast=0.5, paper=(0.12, 0.22, 0.18), grain=10),
    "blurred": Scene(blur=8, noise=8, jpeg=40),
    "noisy": Scene(noise=20, contrast=0.5),
    "moire": Scene(width=600, height=450, moire=0.2),
    "cut out tightly": Scene(share=0.97, noise=2),
}


def likeness(image, other):
    return float(np.corrcoef(image.ravel(), other.ravel())[0, 1])


def seen(scene, index):
    """Return what the network receives of a photograph of one digit."""
    rng = np.random.default_rng(index)
    pixels = photograph([shape_of(_DIGITS[index], scene.pen)], scene, rng)
    return image_of(gray_of(Image.fromarray(pixels)))


_QUICK = ("plain", "light on dark", "shadow", "table", "ruled", "squared", "pencil", "blurred")


@pytest.mark.parametrize(
    ("name", "chosen"),
    [
        *(pytest.param(name, (0, 4, 6), id=f"{name}, three") for name in _QUICK),
        *(
            pytest.param(name, range(len(_DIGITS)), marks=pytest.mark.slow, id=name)
            for name in SCENES
        ),
    ],
)
def test_the_digit_is_found_in_photographs_of_all_kinds(name, chosen):
    likenesses = []
    for index in chosen:
        image = seen(SCENES[name], index)
        likenesses.append(0.0 if image is None else likeness(image, _DIGITS[index]))
    assert np.median(likenesses) > 0.85
    assert sum(value > 0.6 for value in likenesses) >= len(likenesses) - 1


def upright_bar(height, width, left, thick, top=0, bottom=None):
    gray = np.full((height, width), 0.95, np.float32)
    gray[top : bottom or height, left : left + thick] = 0.1
    return gray


@pytest.mark.parametrize(
    "gray",
    [
        pytest.param(upright_bar(200, 150, 70, 8, 20, 180), id="a bar"),
        pytest.param(upright_bar(200, 150, 70, 8), id="from edge to edge"),
        pytest.param(upright_bar(300, 60, 25, 12), id="cut out tightly"),
        pytest.param(upright_bar(28, 28, 13, 2, 3, 25), id="small"),
    ],
)
def test_an_upright_bar_is_a_1_and_no_margin_line(gray):
    image = framed_ink(find_ink(gray))
    rows, columns = np.nonzero(image > 127)
    assert np.ptp(rows) + 1 >= 18
    assert np.ptp(columns) + 1 <= 5


def test_the_ink_comes_out_at_one_size():
    for side in (60, 240, 900):
        gray = np.ones((side, side), np.float32)
        gray[side // 4 : side // 4 * 3, side // 3 : side // 2] = 0.1
        ink = find_ink(gray)
        rows = np.flatnonzero((ink > 0.5).any(axis=1))
        assert abs(np.ptp(rows) + 1 - DIGIT) < 0.12 * DIGIT


@given(
    gray=hnp.arrays(
        np.float32,
        st.tuples(st.integers(1, 120), st.integers(1, 120)),
        elements=st.floats(0, 1, width=32),
    )
)
def test_any_picture_gives_ink_or_none(gray):
    ink = find_ink(gray)
    if ink is not None:
        assert 0 <= ink.min() <= ink.max() <= 1
        assert max(ink.shape) < 10 * DIGIT
