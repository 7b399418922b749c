import math

import pytest
from PySide6.QtGui import QColor

from gui.features.my_digits.trend_plot import TrendPlot


@pytest.fixture
def plot(qtbot, themes):
    made = TrendPlot(themes)
    qtbot.addWidget(made)
    made.resize(400, 96)
    made.show()
    qtbot.waitExposed(made)
    return made


def colours(plot):
    image = plot.grab().toImage()
    return {image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}


def test_both_lines_are_painted_in_their_colours(plot, themes):
    blank = colours(plot)
    plot.show_lines((("Own", [0.6, 0.8, 0.84]), ("Validation", [0.95, 0.96, 0.97])))
    painted = colours(plot) - blank
    assert {QColor(themes.current.link).rgb(), QColor(themes.current.validation).rgb()} <= painted


def test_a_screen_reader_hears_the_ends(plot):
    plot.show_lines((("Own", [0.6, math.nan, 0.84]), ("Validation", [math.nan] * 3)))
    assert plot.accessibleDescription() == "Own: 60.0 % at first, 84.0 % now"


@pytest.mark.parametrize(
    "lines",
    [
        (),
        (("Own", []), ("Validation", [])),
        (("Own", [math.nan]), ("Validation", [math.nan])),
        (("Own", [1.0]), ("Validation", [1.0])),
        (("Own", [0.0]), ("Validation", [0.0])),
        (("Own", [0.5] * 500), ("Validation", [math.nan] * 500)),
    ],
)
def test_nothing_one_value_and_hundreds_are_painted(plot, lines):
    plot.show_lines(lines)
    assert not plot.grab().isNull()
