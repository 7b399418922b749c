"""Each step from strokes to the network's picture, taken or left out."""

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.imaging.framing import CENTRE, SIDE
from core.imaging.ink import draw
from core.imaging.lens.lens import ALL, LensStages, look
from core.imaging.lens.placement import AS_DRAWN

PAPER = 280.0
SEVEN = [np.array([[60, 60], [160, 66], [110, 200]], np.float32)]
DOTS_IN_A_CORNER = [np.array([[0, 1, 1]], np.float32), np.array([[1, 0, 1]], np.float32)]
STEPS = ["painted", "box", "scale", "widen", "centre", "contrast"]

_COORDINATES = st.floats(0, PAPER, width=32)
_POINTS = st.tuples(_COORDINATES, _COORDINATES, st.floats(0, 1, width=32))
_STROKES = st.lists(
    st.lists(_POINTS, min_size=1, max_size=12).map(lambda points: np.array(points, np.float32)),
    min_size=1,
    max_size=4,
)
_STAGES = st.builds(LensStages, *[st.booleans()] * 5)


def without(**left_out):
    return LensStages(**left_out)


def step(lens, key):
    return next(step for step in lens.steps if step.key == key)


def ink_box(image):
    rows, columns = np.nonzero(image > 127)
    return columns.min(), rows.min(), columns.max(), rows.max()


def centre_of_mass(image):
    places = np.arange(SIDE)
    return [float(image.sum(axis=axis) @ places / image.sum(dtype=float)) for axis in (0, 1)]


@given(strokes=_STROKES, radius=st.floats(0.1, 40))
def test_with_all_steps_it_is_what_is_drawn_for_the_network(strokes, radius):
    np.testing.assert_array_equal(look(strokes, radius, ALL, PAPER).image, draw(strokes, radius))


@given(strokes=_STROKES, radius=st.floats(0.1, 40), stages=_STAGES)
@example(strokes=DOTS_IN_A_CORNER, radius=0.1, stages=replace(AS_DRAWN, scale=True))
def test_any_choice_of_steps_gives_six_pictures_and_sentences(strokes, radius, stages):
    lens = look(strokes, radius, stages, PAPER)
    assert [step.key for step in lens.steps] == STEPS
    assert all(step.image.shape == (SIDE, SIDE) for step in lens.steps)
    assert all(step.image.dtype == np.uint8 for step in lens.steps)
    assert all(step.sentence.endswith(".") for step in lens.steps)
    assert [step.taken for step in lens.steps[1:]] == [
        getattr(stages, each.name) for each in fields(stages)
    ]


@given(strokes=_STROKES, radius=st.floats(0.1, 40), stages=_STAGES)
def test_a_step_left_out_changes_nothing(strokes, radius, stages):
    lens = look(strokes, radius, stages, PAPER)
    for before, after in zip(lens.steps, lens.steps[1:], strict=False):
        if not after.taken:
            np.testing.assert_array_equal(after.image, before.image)


@given(strokes=_STROKES, stages=_STAGES)
def test_later_steps_do_not_change_earlier_pictures(strokes, stages):
    full, some = look(strokes, 9, ALL, PAPER), look(strokes, 9, stages, PAPER)
    for key in STEPS:
        if key != "painted" and not step(some, key).taken:
            break
        if key == "centre" and not stages.contrast:
            continue  # with faint ink the shift may round otherwise
        np.testing.assert_array_equal(step(full, key).image, step(some, key).image)


def test_ink_is_painted_where_it_was_drawn():
    painted = look([np.array([[65.0, 65.0], [65.0, 205.0]])], 10, ALL, PAPER).steps[0].image
    left, top, right, bottom = ink_box(painted)
    assert left == right == 6
    assert (top, bottom) == pytest.approx((6, 20), abs=1)


@pytest.mark.parametrize("contrast", [False, True])
def test_of_ink_that_has_left_the_picture_nothing_is_claimed(contrast):
    """Grown but not moved, dots beside a corner are pushed out of the picture, both of them."""
    stages = replace(AS_DRAWN, scale=True, contrast=contrast)
    lens = look(DOTS_IN_A_CORNER, 0.1, stages, PAPER)
    assert not step(lens, "contrast").image.any()
    assert step(lens, "centre").sentence.startswith("No ink is to be seen")
    assert step(lens, "contrast").sentence == "There is no ink in the picture."


def test_without_box_and_scale_a_digit_stays_as_it_was_drawn():
    stages = without(box=False, scale=False, centre=False, contrast=False)
    lens = look(SEVEN, 9, stages, PAPER)
    np.testing.assert_array_equal(lens.image, lens.steps[0].image)


def test_the_box_moves_to_the_middle_without_growing():
    lens = look(SEVEN, 9, ALL, PAPER)
    painted, boxed = ink_box(lens.steps[0].image), ink_box(step(lens, "box").image)
    assert np.ptp(painted[::2]) == pytest.approx(np.ptp(boxed[::2]), abs=1)
    assert (boxed[1] + boxed[3]) / 2 == pytest.approx((SIDE - 1) / 2, abs=0.6)


def test_without_the_box_a_digit_grows_where_it_is():
    lens = look(SEVEN, 9, without(box=False, centre=False), PAPER)
    left, top, right, bottom = step(lens, "painted").box
    grown = step(lens, "scale").box
    assert (grown[0] + grown[2]) / 2 == pytest.approx((left + right) / 2)
    assert (grown[1] + grown[3]) / 2 == pytest.approx((top + bottom) / 2)
    assert max(grown[2] - grown[0], grown[3] - grown[1]) == pytest.approx(20)


def test_a_thin_pen_stays_thin_where_it_is_not_widened():
    thin = look(SEVEN, 1, without(widen=False, contrast=False), PAPER).image
    wide = look(SEVEN, 1, without(contrast=False), PAPER).image
    assert thin.sum(dtype=int) < 0.8 * wide.sum(dtype=int)


def test_any_drawing_can_be_centred_without_a_box_and_a_scale():
    corner = [np.array([[20.0, 20.0], [60.0, 20.0], [40.0, 70.0]])]
    lens = look(corner, 9, without(box=False, scale=False), PAPER)
    for centre in centre_of_mass(lens.image):
        assert centre == pytest.approx(CENTRE, abs=0.55)


def test_faint_ink_stays_faint_without_the_contrast():
    line = [np.array([[40.0, 60.0], [180.0, 200.0]])]
    assert look(line, 1, without(widen=False, contrast=False), PAPER).image.max() < 200
    assert look(line, 1, without(widen=False), PAPER).image.max() == 255


def test_the_boxes_and_centres_told_lie_around_the_ink():
    for each in look(SEVEN, 9, ALL, PAPER).steps:
        left, top, right, bottom = each.box
        seen = ink_box(each.image)
        assert (left, top) == pytest.approx(seen[:2], abs=1.5)
        assert (right, bottom) == pytest.approx(np.add(seen[2:], 1), abs=1.5)
        assert each.mass == pytest.approx(centre_of_mass(each.image))


def test_nothing_drawn_is_blank_and_says_nothing():
    lens = look([], 9, replace(ALL, box=False), PAPER)
    assert lens.empty
    assert not lens.image.any()
    assert [step.sentence for step in lens.steps] == [""] * 6
    assert [step.taken for step in lens.steps] == [True, False, True, True, True, True]


@pytest.mark.parametrize(
    ("key", "radius", "words"),
    [
        ("painted", 9, "280 units become 28 pixels"),
        ("box", 9, "The box is 118 × 158 of 280. It moves to the middle: 3.0 pixels right"),
        ("scale", 9, "its longer side becomes 20 pixels, 1.27 times as long"),
        ("widen", 9, "wide enough to be read"),
        ("widen", 1, "is widened to 1.2"),
        ("centre", 9, "The centre of mass is 15.2 across and 10.3 down."),
        ("contrast", 9, "255 already"),
    ],
)
def test_each_step_is_told_in_numbers(key, radius, words):
    assert words in step(look(SEVEN, radius, ALL, PAPER), key).sentence


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("box", "stays where it was drawn"),
        ("scale", "as large as it was drawn: 15.8 of 28"),
        ("widen", "its ink is faint"),
        ("centre", "stays there"),
        ("contrast", "stays 1"),
    ],
)
def test_what_a_missing_step_leaves_is_told(key, words):
    nothing = LensStages(False, False, False, False, False)
    assert words in step(look(SEVEN, 1 if key != "scale" else 9, nothing, PAPER), key).sentence
