import numpy as np
import pytest

from core.imaging.lens.lens import ALL, LensStages
from core.imaging.lens.lens_map import (
    AFTER,
    BEFORE,
    DOWN,
    MAPS,
    PEN,
    RIGHT,
    SIZE,
    TURN,
    AnswerMap,
    Span,
)
from gui.features.lens.words import axis_title, cell_answer, cell_words, summary, tick

NAMES = tuple("0123456789")


def a_map(kind, *spans, answer=7):
    across, down = MAPS[kind]
    size = len(down.values), len(across.values)
    probabilities = np.zeros((*size, 10))
    probabilities[:, :, answer] = 1
    return AnswerMap(across, down, np.zeros((*size, 28, 28), np.uint8), probabilities, spans)


def told(kind, *spans, stages=ALL, where=AFTER, answer=7):
    return summary(a_map(kind, *spans, answer=answer), NAMES, stages, where)


def test_a_span_of_turns_and_sizes():
    spans = Span(TURN, -25.4, 31.2, False, False), Span(SIZE, 0.7, 1.5, False, True)
    assert told("turn", *spans) == (
        "It stays a 7 for turns from −25° to 31°, and for sizes from 0.70 to 1.50 of its own."
    )


def test_a_span_of_shifts():
    spans = Span(RIGHT, -2, 3, False, False), Span(DOWN, 0, 1, False, False)
    assert told("shift", *spans, answer=8) == (
        "It stays an 8 for shifts from 2 left to 3 right, and for shifts from 0 to 1 down."
    )


def test_no_shift_and_any_pen():
    spans = Span(RIGHT, 0, 0, False, False), Span(DOWN, -6, 6, True, True)
    assert "for no shift left or right, and for any shift up or down shown here." in told(
        "shift", *spans
    )
    spans = Span(TURN, -60, 60, True, True), Span(PEN, 0.4, 2.03, True, False)
    assert told("pen", *spans) == (
        "It stays a 7 for any turn shown here, and for pens from 0.4 to 2.0 times as wide."
    )


@pytest.mark.parametrize(
    ("kind", "stages", "where", "reason"),
    [
        ("shift", ALL, BEFORE, True),
        ("turn", ALL, BEFORE, True),
        ("shift", ALL, AFTER, False),
        ("shift", LensStages(box=False), BEFORE, False),
        ("turn", LensStages(scale=False), BEFORE, False),
        ("pen", ALL, BEFORE, False),
    ],
)
def test_it_is_told_which_step_undoes_the_changes(kind, stages, where, reason):
    across, down = MAPS[kind]
    spans = (
        Span(across, min(across.values), max(across.values), True, True),
        Span(down, min(down.values), max(down.values), True, True),
    )
    assert ("undoes every" in told(kind, *spans, stages=stages, where=where)) is reason


@pytest.mark.parametrize(
    ("kind", "move", "words"),
    [
        ("shift", (0, 0), "As it is"),
        ("shift", (-1, 3), "3 pixels right, 1 pixel up"),
        ("shift", (2, -1), "1 pixel left, 2 pixels down"),
        ("turn", (0, -5), "Turned by −30°"),
        ("turn", (-2, 1), "Turned by 6°, 1.10 times as large"),
        ("pen", (-5, 0), "Pen 2.0 times as wide"),
    ],
)
def test_what_was_done_in_a_cell(kind, move, words):
    found = a_map(kind)
    cell = found.present[0] + move[0], found.present[1] + move[1]
    assert cell_words(found, cell) == words


def test_what_a_cell_is_read_as():
    assert cell_answer(np.eye(10)[7] * 0.6 + 0.04, NAMES) == "Probably a 7, 64 %"


def test_axes_have_titles_and_short_numbers():
    assert axis_title(SIZE) == "Size (times its own)"
    assert [tick(TURN, -60.0), tick(SIZE, 0.85), tick(PEN, 1.0), tick(RIGHT, -2.0)] == [
        "−60",
        "0.85",
        "1.0",
        "−2",
    ]
