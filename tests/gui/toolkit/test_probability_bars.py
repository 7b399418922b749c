"""Bars that say how sure the network is."""

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from gui.style.theme import Themes
from gui.toolkit.probability_bars import ProbabilityBars, percent


@pytest.fixture
def bars(qtbot, themes: Themes) -> ProbabilityBars:
    made = ProbabilityBars(themes)
    qtbot.addWidget(made)
    made.resize(300, 220)
    made.show()
    qtbot.waitExposed(made)
    return made


def amount(image: QImage, row: int, colour: str) -> int:
    """Dots of `colour` along the middle of a row of 22."""
    return sum(image.pixelColor(x, row * 22 + 11) == QColor(colour) for x in range(300))


def test_bars_are_as_long_as_the_probabilities_and_the_winner_stands_out(bars, themes):
    values = np.zeros(10)
    values[7], values[2] = 0.75, 0.25
    bars.show_values(values)
    image, theme = bars.grab().toImage(), themes.current
    winner = amount(image, 7, theme.accent)
    other = amount(image, 2, theme.border_strong)
    assert winner > 60
    assert winner / other == pytest.approx(3, rel=0.1)
    assert amount(image, 2, theme.accent) == amount(image, 0, theme.border_strong) == 0


def test_without_an_answer_all_tracks_are_empty(bars, themes):
    bars.show_values(np.full(10, 0.1))
    bars.show_values(None)
    image = bars.grab().toImage()
    for row in range(10):
        assert amount(image, row, themes.current.accent) == 0
        assert amount(image, row, themes.current.pressed) > 60
    assert bars.accessibleDescription() == "No answer yet."


def test_values_that_are_no_numbers_are_no_answer(bars):
    bars.show_values(np.full(10, np.nan))
    assert bars.accessibleDescription() == "No answer yet."
    assert not bars.grab().isNull()


def test_a_screen_reader_hears_the_answer(bars):
    bars.show_values(np.array([0.02, 0.98]), ["cat", "dog"])
    assert bars.accessibleDescription() == "The answer is dog, 98.0 %."


def test_tracks_do_not_move_when_values_change(bars, themes):
    lefts = set()
    for top in (0.11, 1.0, 0.0001):
        values = np.full(10, 0.1)
        values[3] = top
        bars.show_values(values)
        image = bars.grab().toImage()
        row = [image.pixelColor(x, 9 * 22 + 11) for x in range(300)]
        track = [x for x, dot in enumerate(row) if dot == QColor(themes.current.pressed)]
        lefts.add(track[-1])
    assert len(lefts) == 1


def test_ten_rows_fit_into_220_pixels(bars):
    assert bars.sizeHint().height() <= 220


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.0, "0.0 %"),
        (1.0, "100.0 %"),
        (0.973, "97.3 %"),
        (0.0001, "< 0.1 %"),
        (0.99999, "> 99.9 %"),
        (None, "–"),
    ],
)
def test_a_percentage_never_rounds_a_doubt_away(value, words):
    assert percent(value) == words
