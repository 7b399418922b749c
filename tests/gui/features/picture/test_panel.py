"""The picture panel shows its model and passes on what is asked for."""

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt
from PySide6.QtGui import QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton

from gui.features.picture.model import PictureModel
from gui.features.picture.panel import PicturePanel
from gui.toolkit.images.pixel_view import PixelView
from tests.support.bar_pictures import bars, read
from tests.support.small_networks import NAMES, SHAPE, blind_network, predictor


@pytest.fixture
def model():
    return PictureModel()


@pytest.fixture
def panel(qtbot, model, themes):
    panel = PicturePanel(model, themes)
    qtbot.addWidget(panel)
    panel.resize(1000, 700)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


def press(panel, name):
    for kind in (QPushButton, QToolButton):
        for each in panel.findChildren(kind):
            words = each.text() if kind is QPushButton else each.accessibleName()
            if words == name and each.isVisible():
                QTest.mouseClick(each, Qt.MouseButton.LeftButton)
                return
    raise AssertionError(f"no button {name}")


def words(panel):
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]


def test_the_empty_page_says_what_to_do_and_offers_it(panel, qtbot):
    assert "Read a picture" in words(panel)
    with qtbot.waitSignal(panel.open_wanted):
        press(panel, "Open picture…")


def test_a_picture_is_shown_with_its_number_and_the_first_digit(panel, model):
    model.set_predictor(predictor(*blind_network()), NAMES, SHAPE)
    model.show(read(bars(80, 200, 320)))
    shown = words(panel)
    assert "333" in shown
    assert "Digit 1 of 3" in shown
    assert panel.view.accessibleDescription().startswith("3 ")
    assert panel.findChild(PixelView).grab().toImage().pixelColor(56, 56).lightness() > 100


def test_clicking_a_box_looks_closer_at_that_digit(panel, model):
    model.show(read(bars(80, 200, 320)))
    place = panel.view.box_on_screen(2).center().toPoint()
    QTest.mouseClick(panel.view, Qt.MouseButton.LeftButton, pos=place)
    assert model.selected == 2
    assert "Digit 3 of 3" in words(panel)


def test_buttons_step_from_digit_to_digit(panel, model):
    model.show(read(bars(80, 200)))
    press(panel, "Next digit")
    assert model.selected == 1
    press(panel, "Digit before")
    assert model.selected == 0


@pytest.mark.parametrize(("name", "quarters"), [("Turn left", -1), ("Turn right", 1)])
def test_turning_is_asked_for(panel, model, qtbot, name, quarters):
    model.show(read(bars(80)))
    with qtbot.waitSignal(panel.turn_wanted) as asked:
        press(panel, name)
    assert asked.args == [quarters]


def test_reading_can_be_cancelled_while_it_goes_on(panel, model, qtbot):
    model.wait_for("large.jpg")
    with qtbot.waitSignal(panel.cancel_wanted):
        press(panel, "Cancel")


def test_what_is_dropped_is_passed_on(panel, qtbot):
    data = QMimeData()
    data.setImageData(QImage(8, 8, QImage.Format.Format_RGB32))
    event = QDropEvent(
        QPointF(50, 50),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    with qtbot.waitSignal(panel.dropped):
        panel.dropEvent(event)
    assert event.isAccepted()


def test_a_problem_is_shown_in_words(panel, model):
    model.fail("It is damaged.")
    assert "It is damaged." in words(panel)
