"""Pictures of digits come out as the digits they show."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from PIL import Image, ImageDraw, ImageFilter

from core.base.errors import ImageError
from core.data.readers import open_dataset
from core.imaging.framing import CENTRE, SIDE
from core.imaging.photos.preprocessing import fit_shape, frame, read_picture
from core.imaging.synthesis import generate
from tests.support.examples import examples

_DIGITS, _LABELS = generate(40, 21)
_THREE = [(60, 50), (140, 40), (120, 120), (150, 170), (110, 230), (50, 215)]


def likeness(image, other):
    """Return the correlation of two images; 1 is the same."""
    return float(np.corrcoef(image.ravel(), other.ravel())[0, 1])


def read(tmp_path, pixels, name="digit.png"):
    path = tmp_path / name
    picture = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels)
    picture.save(path)
    return read_picture(path)


def enlarged(digit, side):
    picture = Image.fromarray(digit).resize((side, side), Image.Resampling.BICUBIC)
    return np.asarray(picture)


def pen_drawing(width, scale=3, ground=240, ink=30):
    """Return a large drawing (900 x 800) of a bent line with a pen so many pixels wide."""
    picture = Image.new("L", (800, 900), ground)
    places = [(x * scale, y * scale) for x, y in _THREE]
    ImageDraw.Draw(picture).line(places, fill=ink, width=width, joint="curve")
    return np.asarray(picture)


# A framed digit stays as it is -----------------------------------------------------------


@pytest.mark.parametrize("inverted", [False, True])
def test_a_framed_digit_comes_out_as_it_is(tmp_path, inverted):
    for digit in _DIGITS[:10]:
        read_back = read(tmp_path, 255 - digit if inverted else digit)
        assert np.abs(read_back.astype(int) - digit).max() <= 1


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("side", [56, 300, pytest.param(1000, marks=pytest.mark.slow)])
def test_an_enlarged_digit_comes_out_nearly_as_it_was(tmp_path, side, inverted):
    likenesses = []
    for digit in _DIGITS[:10]:
        large = enlarged(digit, side)
        read_back = read(tmp_path, 255 - large if inverted else large)
        likenesses.append(likeness(read_back, digit))
    assert min(likenesses) > 0.7  # a faint stroke comes out darker than it was
    assert np.median(likenesses) > 0.9


def test_mnist_digits_survive_the_detour(mnist_small, tmp_path):
    images = open_dataset(mnist_small).test.images[:20]
    likenesses = [likeness(read(tmp_path, 255 - enlarged(i, 300)), i) for i in images]
    assert np.median(likenesses) > 0.95


# Photographs ---------------------------------------------------------------------------


def photo(digit, *, dark=True, side=240, at=(300, 500), noise=6.0, seed=0):
    """Return a photograph (900 x 1200) of a digit on paper in light that falls off."""
    rng = np.random.default_rng(seed)
    ink = np.zeros((900, 1200))
    sharp = np.clip((enlarged(digit, side) / 255 - 0.35) / 0.3, 0, 1)
    ink[at[0] : at[0] + side, at[1] : at[1] + side] = sharp
    light = 190 * (1 - 0.3 * np.linspace(-1, 1, 1200) - 0.1 * np.linspace(-1, 1, 900)[:, None])
    paper, pen = (1.0, 0.3) if dark else (0.3, 1.0)
    seen = light * (paper + (pen - paper) * ink) + rng.normal(0, noise, ink.shape)
    gray = Image.fromarray(seen.clip(0, 255).astype(np.uint8))
    return np.asarray(gray.filter(ImageFilter.GaussianBlur(1)))


@pytest.mark.parametrize(
    ("dark", "noise"),
    [
        (True, 18.0),
        (False, 3.0),
        pytest.param(True, 3.0, marks=pytest.mark.slow),
        pytest.param(False, 18.0, marks=pytest.mark.slow),
    ],
)
def test_uneven_light_and_noise_are_seen_through(tmp_path, dark, noise):
    likenesses = [
        likeness(read(tmp_path, photo(digit, dark=dark, noise=noise), "photo.jpg"), digit)
        for digit in _DIGITS[:3]
    ]
    assert np.median(likenesses) > 0.85


def test_a_small_digit_on_a_large_page_is_found(tmp_path):
    likenesses = [
        likeness(read(tmp_path, photo(digit, side=90, at=(700, 90))), digit)
        for digit in _DIGITS[:5]
    ]
    assert np.median(likenesses) > 0.9


def test_a_digit_cut_out_tightly_is_read(tmp_path):
    likenesses = []
    for digit in _DIGITS[:10]:
        rows, columns = np.nonzero(digit > 60)
        cut = digit[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
        read_back = read(tmp_path, 255 - np.kron(cut, np.ones((9, 9), np.uint8)))
        likenesses.append(likeness(read_back, digit))
    assert np.median(likenesses) > 0.9


def test_specks_and_shadows_at_the_edge_are_left_out(tmp_path):
    clean = pen_drawing(30)
    dirty = clean.copy()
    dirty[40:46, 600:606] = 30  # a speck
    dirty[:, -60:] = 60  # the end of the table
    assert likeness(read(tmp_path, dirty), read(tmp_path, clean)) > 0.98


def test_the_strokes_of_one_digit_are_kept_together(tmp_path):
    picture = Image.new("L", (400, 400), 255)
    pen = ImageDraw.Draw(picture)
    pen.line([(120, 80), (120, 320)], fill=0, width=24)
    pen.line([(280, 80), (280, 320)], fill=0, width=24)
    image = read(tmp_path, picture)
    assert image[14].nonzero()[0].min() < 9
    assert image[14].nonzero()[0].max() > 18


# Line and contrast ---------------------------------------------------------------------


@pytest.mark.parametrize("width", [3, 8, 16])
def test_a_thin_pen_gives_lines_as_wide_as_training_digits(tmp_path, width):
    thin = read(tmp_path, pen_drawing(width))
    usual = read(tmp_path, pen_drawing(70))
    assert thin.max() == 255
    assert likeness(thin, usual) > 0.85
    assert 0.6 < thin.sum(dtype=float) / usual.sum(dtype=float) < 1.2


def test_faint_ink_gets_full_contrast(tmp_path):
    faint = read(tmp_path, pen_drawing(60, ground=200, ink=165))
    assert faint.max() == 255
    assert likeness(faint, read(tmp_path, pen_drawing(60))) > 0.98


def test_colour_makes_no_difference(tmp_path):
    gray = pen_drawing(60)
    blue = np.stack([gray, gray, np.full_like(gray, 240)], axis=-1)
    assert likeness(read(tmp_path, blue), read(tmp_path, gray)) > 0.98


@examples(quick=8)
@given(top=st.integers(0, 300), left=st.integers(0, 300), scale=st.floats(0.5, 3))
def test_place_and_size_on_the_page_make_no_difference(tmp_path_factory, top, left, scale):
    folder = tmp_path_factory.getbasetemp()
    digit = _DIGITS[3]
    side = round(scale * 100)
    page = np.full((620, 620), 250, np.uint8)
    page[top : top + side, left : left + side] -= enlarged(digit, side) // 2
    assert likeness(read(folder, page), digit) > 0.85


# Nothing to read -----------------------------------------------------------------------


def blank_pages():
    rng = np.random.default_rng(0)
    flat = np.full((300, 400), 200, np.uint8)
    yield "white", np.full((300, 400), 255, np.uint8)
    yield "black", np.zeros((28, 28), np.uint8)
    yield "shaded", (flat * np.linspace(0.5, 1, 400)).astype(np.uint8)
    yield "noisy", (flat + rng.normal(0, 15, flat.shape)).clip(0, 255).astype(np.uint8)
    yield "one pixel", np.zeros((1, 1), np.uint8)
    yield "one row", np.full((1, 90), 9, np.uint8)


@pytest.mark.parametrize("page", [pytest.param(page, id=name) for name, page in blank_pages()])
def test_an_empty_page_is_said_to_be_empty(tmp_path, page):
    with pytest.raises(ImageError, match="shows no digit") as caught:
        read(tmp_path, page)
    assert caught.value.hint


@given(
    pixels=hnp.arrays(np.uint8, hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=40))
)
def test_any_pixels_are_a_digit_or_an_image_error(tmp_path_factory, pixels):
    try:
        image = read(tmp_path_factory.getbasetemp(), pixels)
    except ImageError:
        return
    assert image.shape == (SIDE, SIDE)
    assert image.dtype == np.uint8
    assert image.max() > 100


# The frame -----------------------------------------------------------------------------


@given(digit=st.integers(0, 39))
def test_framing_a_framed_digit_changes_little(digit):
    once = frame(_DIGITS[digit] / 255)
    twice = frame(once / 255)
    assert likeness(once, twice) > 0.9


@given(
    shape=st.tuples(st.integers(1, 90), st.integers(1, 90)),
    border=st.tuples(*[st.integers(0, 30)] * 4),
)
def test_the_longer_side_fills_20_pixels_around_pixel_14(shape, border):
    top, bottom, left, right = border
    image = frame(np.pad(np.ones(shape), ((top, bottom), (left, right))))
    rows, columns = np.nonzero(image > 127)
    extents = np.ptp(rows) + 1, np.ptp(columns) + 1
    assert max(extents) == 20
    assert abs(min(extents) - max(1, 20 * min(shape) / max(shape))) <= 1
    for places in (rows, columns):
        assert abs(places.mean() - CENTRE) <= 0.5


def test_faint_ink_is_framed_as_faint_ink():
    faint = frame(np.full((40, 20), 0.1))
    assert faint.max() == 25
    assert np.count_nonzero(faint) == 200


def test_framing_a_blank_page_gives_a_blank_image():
    assert not frame(np.zeros((50, 30))).any()


def test_a_digit_is_fitted_to_what_a_network_reads():
    np.testing.assert_array_equal(fit_shape(_DIGITS[0], (28, 28)), _DIGITS[0])
    small = fit_shape(_DIGITS[0], (8, 10))
    assert small.shape == (8, 10)
    assert not small[:, [0, 9]].any()  # the square stays a square, in the middle
    assert small[:, 1:9].mean() == pytest.approx(_DIGITS[0].mean(), abs=3)
