import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolTip

from gui.features.reliability.plot import Bins, ReliabilityPlot
from gui.style.theme import DARK, LIGHT


def bins(accuracy):
    counts = np.r_[np.zeros(5), np.full(10, 20.0)]
    confidence = np.where(counts > 0, (np.arange(15) + 0.5) / 15, np.nan)
    return Bins(counts, confidence, np.where(counts > 0, accuracy, np.nan))


@pytest.fixture
def plot(qtbot, themes):
    plot = ReliabilityPlot(themes)
    qtbot.addWidget(plot)
    plot.resize(360, 420)
    plot.show()
    qtbot.waitExposed(plot)
    return plot


def has_colour(plot, colour):
    image = plot.grab().toImage()
    wanted = QColor(colour).rgb()
    return any(
        image.pixel(x, y) == wanted
        for x in range(0, image.width())
        for y in range(0, image.height())
    )


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_calibrated_curve_has_the_accent(plot, themes, theme):
    themes.choose(theme.name)
    assert not has_colour(plot, theme.accent)
    plot.show_curves(bins(0.5), bins(0.9), lambda _: "")
    assert has_colour(plot, theme.accent)


def test_other_curves_look_otherwise(plot):
    plot.show_curves(bins(0.5), bins(0.9), lambda _: "")
    before = plot.grab().toImage()
    plot.show_curves(bins(0.5), bins(0.6), lambda _: "")
    assert plot.grab().toImage() != before


def test_the_bin_under_the_mouse_is_told(plot, qtbot):
    asked = []
    plot.show_curves(bins(0.5), bins(0.9), lambda index: asked.append(index) or f"bin {index}")
    for x in (80, 200, 330):
        QTest.mouseMove(plot, QPoint(x, 200))
    qtbot.waitUntil(lambda: QToolTip.text().startswith("bin"))
    assert asked == sorted(asked)
    assert asked[0] < 3
    assert asked[-1] > 12
