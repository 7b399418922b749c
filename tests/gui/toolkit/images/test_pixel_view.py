"""One small picture shown large."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF
from PySide6.QtGui import QHelpEvent, QImage
from PySide6.QtWidgets import QApplication, QToolTip

from gui.toolkit.images.pixel_view import PixelView


@pytest.fixture
def view(qtbot) -> PixelView:
    made = PixelView()
    qtbot.addWidget(made)
    made.resize(150, 140)  # five dots to a pixel, five dots left and right
    made.show()
    qtbot.waitExposed(made)
    return made


def shot(view: PixelView) -> QImage:
    return view.grab().toImage()


def test_each_pixel_is_a_sharp_square(view):
    image = np.zeros((28, 28), np.uint8)
    image[3, 5] = 240
    view.set_image(image)
    shown = shot(view)
    left, top = 5 + 5 * 5, 3 * 5
    square = [shown.pixelColor(left + x, top + y).red() for x in range(5) for y in range(5)]
    assert set(square) == {240}
    around = [shown.pixelColor(left + x, top + 2).red() for x in (-1, 5)]
    assert max(around) < 20


def test_no_image_is_blank_paper(view):
    view.set_image(np.full((28, 28), 255, np.uint8))
    view.set_image(None)
    assert shot(view).pixelColor(75, 70).lightness() < 20


def test_the_grid_is_drawn_only_when_asked_for(view):
    bare = shot(view)
    view.set_grid(True)
    lines = shot(view)
    assert lines.pixelColor(5 + 50, 12).lightness() > bare.pixelColor(5 + 50, 12).lightness()
    assert lines.pixelColor(5 + 52, 12) == bare.pixelColor(5 + 52, 12)


def test_pointing_names_row_column_and_value(view):
    image = np.zeros((28, 28), np.uint8)
    image[2, 4] = 240
    view.set_image(image)
    place = QPoint(5 + 4 * 5 + 2, 2 * 5 + 2)
    event = QHelpEvent(QEvent.Type.ToolTip, place, view.mapToGlobal(place))
    QApplication.sendEvent(view, event)
    assert QToolTip.text() == "row 3, column 5: 240"
    QToolTip.hideText()


def test_beside_the_image_there_is_no_pixel(view):
    assert view.pixel_at(QPointF(2, 50)) is None
    assert view.pixel_at(QPointF(144.9, 139.9)) == (27, 27)


def test_an_image_of_another_shape_keeps_its_shape(view):
    view.set_image(np.zeros((10, 20), np.uint8))
    assert view.heightForWidth(100) == 50
    assert view.sizeHint().width() == 2 * view.sizeHint().height()
