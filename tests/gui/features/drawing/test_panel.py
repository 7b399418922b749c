from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QSlider, QToolButton

from core.base.events import WeightsSeen
from core.certainty.calibration import weights_sum
from core.certainty.describing import description_groups
from core.certainty.novelty import Novelty
from gui.features.drawing.panel import DrawPanel
from gui.features.drawing.words import answer
from gui.session.drawing_at_hand import DrawingAtHand
from gui.toolkit.images.pixel_view import PixelView
from gui.toolkit.probability_bars import ProbabilityBars
from tests.support.calibrations import calibration
from tests.support.small_networks import NAMES, SHAPE, blind_network, predictor, template_network


@pytest.fixture
def drawing():
    return DrawingAtHand()


@pytest.fixture
def panel(qtbot, drawing, themes):
    panel = DrawPanel(drawing, themes)
    qtbot.addWidget(panel)
    panel.resize(300, 660)
    panel.show()
    qtbot.waitExposed(panel)
    drawing.set_predictor(predictor(*blind_network()), NAMES, SHAPE)
    return panel


def button(panel, name):
    return next(
        each
        for each in panel.findChildren(QToolButton)
        if each.accessibleName().split(":")[0] == name
    )


def click(panel, name):
    QTest.mouseClick(button(panel, name), Qt.MouseButton.LeftButton)


def draw(panel, *places, release=True):
    """Drag over the canvas; places in logical pixels."""
    first, *others = [QPoint(*place) for place in places]
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(panel.canvas, left, pos=first)
    for place in others:
        QTest.mouseMove(panel.canvas, place)
    if release:
        QTest.mouseRelease(panel.canvas, left, pos=QPoint(*places[-1]))


def words(panel):
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]


STROKE = ((60, 60), (60, 120), (60, 180), (140, 150))


def test_an_empty_canvas_shows_no_answer(panel):
    assert "3" not in words(panel)
    assert panel.findChild(ProbabilityBars).accessibleDescription() == "No answer yet."
    assert not button(panel, "Clear").isEnabled()


def test_a_drawn_line_is_read_at_once(panel, drawing):
    draw(panel, *STROKE)
    assert "3" in words(panel)
    assert "Probably a" in words(panel)
    assert panel.findChild(ProbabilityBars).accessibleDescription().startswith("The answer is 3")
    assert drawing.image.max() == 255


def test_a_line_is_read_while_it_is_drawn(panel):
    draw(panel, *STROKE, release=False)
    assert "3" in words(panel)


def test_what_the_network_sees_is_painted(panel):
    before = panel.findChild(PixelView).grab().toImage()
    draw(panel, *STROKE)
    assert panel.findChild(PixelView).grab().toImage() != before


def test_the_answer_follows_the_training(panel, drawing):
    network, params = blind_network()
    reader = predictor(network, params)
    drawing.set_predictor(reader, NAMES, SHAPE)
    draw(panel, *STROKE)
    other = params.copy()
    network.views(other, 0)["biases"][:] = np.eye(10, dtype=np.float32)[8] * 9
    reader.set_params(other)
    drawing.accept([WeightsSeen(5, other)])
    assert "It is an" in words(panel)
    assert "8" in words(panel)


def test_nothing_moves_when_the_answer_appears(panel):
    parts = [panel.canvas, panel.findChild(PixelView), panel.findChild(ProbabilityBars)]
    before = [part.geometry() for part in parts]
    draw(panel, *STROKE)
    assert [part.geometry() for part in parts] == before


def test_without_a_network_it_says_what_to_do(panel, drawing):
    drawing.set_predictor(None)
    draw(panel, *STROKE)
    assert "Train a network first: then it reads what you draw." in words(panel)


def test_undo_redo_and_clear(panel, drawing):
    draw(panel, *STROKE)
    click(panel, "Undo")
    assert drawing.empty
    assert not button(panel, "Undo").isEnabled()
    click(panel, "Redo")
    assert not drawing.empty
    click(panel, "Clear")
    assert drawing.empty
    assert button(panel, "Undo").isEnabled()
    assert not button(panel, "Clear").isEnabled()


def test_the_eraser_rubs_out(panel, drawing):
    draw(panel, (60, 60), (60, 180))
    click(panel, "Eraser")
    assert not button(panel, "Pen").isChecked()
    draw(panel, (60, 50), (60, 120), (60, 190))
    assert drawing.empty


def test_keys_change_the_tool(panel, qtbot):
    panel.activateWindow()
    panel.canvas.setFocus()
    qtbot.waitUntil(panel.canvas.hasFocus)
    QTest.keyClick(panel.canvas, Qt.Key.Key_E)
    assert panel.canvas.tool == "eraser"
    QTest.keyClick(panel.canvas, Qt.Key.Key_P)
    assert panel.canvas.tool == "pen"
    assert button(panel, "Pen").isChecked()


def test_the_grid_is_switched_by_a_button_and_by_a_key(panel, qtbot):
    heard = []
    panel.grid_toggled.connect(heard.append)
    click(panel, "Grid of the network’s 28 × 28 pixels")
    assert panel.canvas.grid
    panel.activateWindow()
    panel.canvas.setFocus()
    qtbot.waitUntil(panel.canvas.hasFocus)
    QTest.keyClick(panel.canvas, Qt.Key.Key_G)
    assert not panel.canvas.grid
    assert heard == [True, False]
    panel.set_grid(True)
    assert panel.canvas.grid
    assert heard == [True, False]


def test_the_slider_follows_the_keys_of_the_pen(panel):
    slider = panel.findChild(QSlider)
    QTest.keyClick(panel.canvas, Qt.Key.Key_Plus)
    assert slider.value() == panel.canvas.pen_width == 20


def test_a_wider_pen_gives_more_ink(panel, drawing):
    draw(panel, *STROKE)
    before = int(drawing.image.sum(dtype=np.int64))
    slider = panel.findChild(QSlider)
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_End)
    assert panel.canvas.pen_width == 40
    assert int(drawing.image.sum(dtype=np.int64)) > before


@pytest.mark.parametrize("size", [(280, 640), (300, 660), (340, 900), (520, 660)])
def test_everything_fits_and_the_canvas_is_square(panel, qtbot, size):
    panel.resize(*size)
    qtbot.waitUntil(lambda: panel.width() == size[0])
    bars = panel.findChild(ProbabilityBars)
    assert bars.height() >= bars.minimumSizeHint().height()
    assert panel.rect().contains(bars.mapTo(panel, bars.rect().bottomRight()))
    assert panel.canvas.height() <= panel.canvas.width()
    assert panel.canvas.height() >= min(panel.canvas.width(), 240)


def test_the_size_of_the_answer_outlives_another_theme(panel, themes):
    draw(panel, *STROKE)
    large = next(label for label in panel.findChildren(QLabel) if label.text() == "3")
    before = large.sizeHint()
    themes.choose("dark")
    assert large.sizeHint() == before


def test_a_template_is_recognised(panel, drawing):
    """Ink in the middle rows speaks for the classes of these rows."""
    drawing.set_predictor(predictor(*template_network()), NAMES, SHAPE)
    draw(panel, (60, 140), (120, 140), (220, 140))
    assert answer(drawing).names == "7"


def test_a_strange_drawing_dims_the_bars_and_tells_why(panel, drawing):
    network, params = blind_network()
    strange = Novelty(np.zeros(description_groups(network)[-1][1], np.float32), 1.5, 0.5)
    draw(panel, *STROKE)
    bars, why = panel.findChild(ProbabilityBars), button(panel, "Why?")
    answered = bars.grab().toImage()
    places = [part.geometry() for part in (panel.canvas, panel.findChild(PixelView), bars)]
    assert not why.isVisible()
    drawing.set_calibration(
        replace(calibration(1.0), novelty=strange, weights_sum=weights_sum(params))
    )
    assert "Does not look like any digit I know" in words(panel)
    assert "Closest: 3" in words(panel)
    assert why.isVisible()
    assert "Strangeness 1.5" in why.toolTip()
    assert bars.grab().toImage() != answered
    after = [part.geometry() for part in (panel.canvas, panel.findChild(PixelView), bars)]
    assert after == places
    drawing.set_calibration(None)
    assert not why.isVisible()
    assert bars.grab().toImage() == answered
