"""Maps of answers: what is changed, by how much, and where the answer changes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.imaging.lens.lens import ALL, LensStages, look
from core.imaging.lens.lens_map import (
    AFTER,
    BEFORE,
    DOWN,
    MAPS,
    PEN,
    RIGHT,
    SIZE,
    TURN,
    map_answers,
)

PAPER = 280.0
LINE = [np.array([[140, 60], [140, 220]], np.float32)]  # upright
SEVEN = [np.array([[60, 60], [160, 66], [110, 200]], np.float32)]
AS_DRAWN = LensStages(False, False, False, False, False)


def sizes(images):
    """Say "one" of pictures with much ink, "zero" of others: depends on size and pen."""
    return split(images.reshape(len(images), -1).mean(axis=1) - 25)


def places(images):
    """Tell ink in the left half from ink in the right half."""
    halves = images.sum(axis=1, dtype=float)
    return split(halves[:, 14:].sum(axis=1) - halves[:, :14].sum(axis=1))


def lean(images):
    """Tell lines that lean right from lines that lean left."""
    rows, columns = np.mgrid[:28, :28] - 13.5
    return split((images * (rows * columns)).sum(axis=(1, 2)) / 1e3)


def split(score):
    second = 1 / (1 + np.exp(-np.clip(score, -20, 20)))
    return np.stack([1 - second, second], axis=1)


def ink_box(image):
    rows, columns = np.nonzero(image > 100)
    return np.array([columns.min(), rows.min(), columns.max(), rows.max()])


def mapped(kind, where=AFTER, strokes=SEVEN, stages=ALL, predict=places):
    return map_answers(kind, strokes, 9, stages, PAPER, predict, where)


@pytest.mark.parametrize("kind", list(MAPS))
@pytest.mark.parametrize("where", [BEFORE, AFTER])
@pytest.mark.parametrize("stages", [ALL, AS_DRAWN])
def test_in_its_present_place_a_map_shows_the_drawing_as_it_is(kind, where, stages):
    found = mapped(kind, where, stages=stages)
    image = look(SEVEN, 9, stages, PAPER).image
    gaps = np.abs(found.images[found.present].astype(int) - image)
    assert gaps.max() <= 6
    assert gaps.mean() < 0.2


@pytest.mark.parametrize("kind", list(MAPS))
def test_a_map_has_a_cell_for_each_pair_of_values(kind):
    found = mapped(kind)
    assert (found.across, found.down) == MAPS[kind]
    assert found.answers.shape == (len(found.down.values), len(found.across.values))
    assert found.probabilities.shape == (*found.answers.shape, 2)
    assert (found.shares >= 0.5).all()


def test_a_picture_is_shifted_by_whole_pixels():
    found = mapped("shift")
    row, column = found.present
    here, there = found.images[row, column], found.images[row + 2, column + 3]
    moved = np.abs(there[2:, 3:].astype(int) - here[:-2, :-3])
    assert moved.max() <= 2
    assert (found.across, found.down) == (RIGHT, DOWN)


def test_a_shift_before_the_steps_is_undone_by_them():
    found = mapped("shift", BEFORE)
    assert np.abs(found.images.astype(int) - found.images[0, 0]).max() <= 2
    assert np.ptp(found.answers) == 0


def test_a_shift_before_the_steps_stays_where_there_is_no_box():
    found = mapped("shift", BEFORE, stages=AS_DRAWN)
    row, column = found.present
    before, after = ink_box(found.images[row, column]), ink_box(found.images[row, column + 4])
    np.testing.assert_array_equal(after - before, [4, 0, 4, 0])


def test_a_size_before_the_steps_is_undone_by_them():
    found = mapped("turn", BEFORE)
    upright = found.images[:, found.present[1]].astype(int)
    assert np.abs(upright - upright[0]).max() <= 3


@pytest.mark.parametrize(("where", "stages"), [(AFTER, ALL), (BEFORE, AS_DRAWN), (AFTER, AS_DRAWN)])
def test_a_picture_grows_and_shrinks(where, stages):
    found = mapped("turn", where, stages=stages)
    column = found.present[1]
    largest, smallest = (ink_box(found.images[row, column]) for row in (5, -1))
    assert SIZE.values[5] / SIZE.values[-1] == 2.5
    ratio = (largest[3] - largest[1] + 1) / (smallest[3] - smallest[1] + 1)
    assert ratio == pytest.approx(2.5, abs=0.7)


@pytest.mark.parametrize("where", [BEFORE, AFTER])
def test_a_picture_turns_clockwise(where):
    found = mapped("turn", where, LINE, predict=lean)
    row = found.present[0]
    right = found.images[row, TURN.values.index(30)]
    # Clockwise, the upper end goes to the right.
    upper, lower = (np.average(np.arange(28), weights=right[y]) for y in (7, 20))
    assert upper > lower + 4
    assert found.answers[row, TURN.values.index(30)] == 0
    assert found.answers[row, TURN.values.index(-30)] == 1


def test_a_wider_pen_leaves_more_ink():
    found = mapped("pen", predict=sizes)
    ink = found.images[:, found.present[1]].sum(axis=(1, 2), dtype=int)
    assert PEN.values[0] > PEN.values[-1]
    assert (np.diff(ink) <= 0).all()
    assert ink[0] > 2 * ink[-1]


def test_how_far_an_answer_holds_is_found_between_the_cells():
    found = mapped("turn", AFTER, LINE, predict=lean)
    span = found.spans[0]
    assert span.axis is TURN
    # The line is upright: the least turn one way changes the answer.
    assert min(abs(span.low), abs(span.high)) < 1
    assert span.open_low != span.open_high


def test_whole_pixels_are_not_divided():
    span = mapped("shift").spans[0]
    assert span.low in RIGHT.values
    assert span.high in RIGHT.values
    assert span.low <= 0 <= span.high


def test_an_answer_that_never_changes_holds_everywhere():
    found = mapped("turn", predict=lambda images: np.tile([0.2, 0.8], (len(images), 1)))
    assert [(span.low, span.high) for span in found.spans] == [(-60, 60), (0.5, 1.5)]
    assert all(span.open_low and span.open_high for span in found.spans)


@given(limit=st.floats(0.5, 1.5))
def test_the_answer_is_the_same_at_both_ends_of_a_span(limit):
    def predict(images):
        return split(limit * 40 - images.reshape(len(images), -1).mean(axis=1))

    found = mapped("turn", predict=predict)
    span = found.spans[1]
    inside = [span.low <= size <= span.high for size in SIZE.values]
    same = found.answers[:, found.present[1]] == found.answers[found.present]
    for within, alike in zip(inside, same, strict=True):
        assert alike or not within


def test_nothing_drawn_has_no_map():
    assert mapped("shift", strokes=[]) is None


def test_a_dot_and_a_long_scribble_have_maps():
    dot = mapped("turn", strokes=[np.array([[50.0, 50.0]])])
    assert dot.images.max() == 255
    noise = np.random.default_rng(0).uniform(0, 280, (5000, 2))
    assert mapped("turn", strokes=[noise]).images.max() == 255
    scribble = mapped("turn", strokes=[noise[:40]])
    image = look([noise[:40]], 9, ALL, PAPER).image
    assert np.abs(scribble.images[scribble.present].astype(int) - image).mean() < 3


@pytest.mark.parametrize("kind", list(MAPS))
@pytest.mark.parametrize("where", [BEFORE, AFTER])
def test_a_map_asks_a_few_times_about_a_few_hundred_pictures(kind, where):
    """Asking is what takes time, the more so with a large network."""
    asked: list[int] = []

    def predict(images):
        asked.append(len(images))
        return places(images)

    across, down = MAPS[kind]
    mapped(kind, where, predict=predict)
    assert len(asked) <= 5  # for all cells at once, and for the two ends of two spans
    assert asked[0] == len(across.values) * len(down.values)
    assert sum(asked[1:]) <= 4 * 8
