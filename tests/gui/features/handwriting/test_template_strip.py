import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.features.handwriting.template_strip import TemplateStrip
from gui.features.handwriting.template_tile import StripItem

LINE = np.array([(0.0, -1.0), (0.0, 1.0)])


def item(own=False, faded=False):
    return StripItem((LINE,), LINE, "7", "A way to write a 7.", own, faded)


@pytest.fixture
def strip(qtbot, themes):
    made = TemplateStrip(themes)
    qtbot.addWidget(made)
    made.resize(300, made.sizeHint().height())
    made.show()
    qtbot.waitExposed(made)
    made.set_items([item(own=True), *[item() for _ in range(9)]])
    return made


@pytest.fixture
def deleted(strip):
    found = []
    strip.delete_wanted.connect(found.append)
    return found


def press(strip, place):
    QTest.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton, pos=place.toPoint())


def test_the_cross_of_an_own_template_asks_for_it_to_go(strip, deleted):
    press(strip, strip.delete_rect(0).center())
    assert deleted == [0]


def test_a_built_in_template_has_no_cross(strip, deleted):
    press(strip, strip.delete_rect(1).center())
    assert not deleted
    assert strip.current == 1


def test_keys_walk_along_and_delete(strip, deleted):
    strip.setFocus(Qt.FocusReason.TabFocusReason)
    assert strip.current == 0
    for key, current in (("Right", 1), ("End", 9), ("Right", 9), ("Left", 8), ("Home", 0)):
        QTest.keyClick(strip, getattr(Qt.Key, f"Key_{key}"))
        assert strip.current == current
    QTest.keyClick(strip, Qt.Key.Key_Delete)
    assert deleted == [0]
    QTest.keyClick(strip, Qt.Key.Key_Right)
    QTest.keyClick(strip, Qt.Key.Key_Delete)
    assert deleted == [0]


def test_the_current_template_is_scrolled_into_sight(strip):
    strip.set_current(9)
    assert strip.tile_rect(9).right() <= strip.viewport().width() + 1
    strip.set_current(0)
    assert strip.tile_rect(0).left() == 0


def test_the_wheel_turns_the_row(strip):
    place = QPointF(20, 20)
    wheel = QWheelEvent(
        place, strip.mapToGlobal(place), QPoint(), QPoint(0, -120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(strip.viewport(), wheel)
    assert strip.horizontalScrollBar().value() > 0


def test_curves_and_own_frames_are_painted_in_both_themes(strip, themes):
    for theme in ("light", "dark"):
        themes.choose(theme)
        picture = strip.viewport().grab().toImage()
        middle = strip.tile_rect(1).center().toPoint()
        assert picture.pixelColor(middle).name() != themes.current.raised
        edge = strip.tile_rect(0)
        at = QPoint(round(edge.left()) + 1, round(edge.center().y()))
        assert picture.pixelColor(at).name() != picture.pixelColor(at + QPoint(80, 0)).name()


def test_no_templates_are_no_trouble(strip, deleted):
    strip.set_items([])
    strip.setFocus(Qt.FocusReason.TabFocusReason)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_End, Qt.Key.Key_Delete):
        QTest.keyClick(strip, key)
    strip.viewport().grab()
    assert strip.current == -1
    assert not deleted
