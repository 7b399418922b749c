"""A picture with boxes: clicks and keys choose one."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from gui.features.picture.view import PictureView
from gui.style.theme import LIGHT

_BOXES = [(20, 30, 60, 90), (90, 30, 130, 90), (150, 30, 190, 90)]
_CAPTIONS = [("7", "98 %"), ("1", "60 %"), ("0", "> 99 %")]


@pytest.fixture
def view(qtbot, themes):
    view = PictureView(themes)
    qtbot.addWidget(view)
    view.resize(500, 400)
    view.set_picture(np.full((150, 220, 3), 200, np.uint8))
    view.set_boxes(_BOXES, _CAPTIONS, 0)
    view.show()
    qtbot.waitExposed(view)
    return view


def chosen(view):
    got = []
    view.chosen.connect(got.append)
    return got


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_click_chooses_the_box_under_it(view, number):
    got = chosen(view)
    middle = view.box_on_screen(number).center().toPoint()
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=middle)
    assert got == [number]


def test_a_click_beside_all_boxes_chooses_none(view):
    got = chosen(view)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.rect().bottomRight() * 0.98)
    assert got == []


@pytest.mark.parametrize(
    ("key", "number"),
    [
        (Qt.Key.Key_Right, 2),
        (Qt.Key.Key_Left, 0),
        (Qt.Key.Key_Down, 2),
        (Qt.Key.Key_Up, 0),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_End, 2),
    ],
)
def test_arrow_keys_step_from_box_to_box(view, key, number):
    view.set_boxes(_BOXES, _CAPTIONS, 1)
    got = chosen(view)
    QTest.keyClick(view, key)
    assert got == [number]


def test_keys_stop_at_the_ends(view):
    got = chosen(view)
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert got == [0]


def test_boxes_lie_on_what_they_mark(view):
    first, last = view.box_on_screen(0), view.box_on_screen(2)
    scale = first.width() / 40
    assert last.left() - first.left() == pytest.approx(130 * scale)
    assert first.height() == pytest.approx(60 * scale)


def test_of_boxes_within_each_other_the_smaller_is_meant(view):
    view.set_boxes([(0, 0, 220, 150), (90, 30, 130, 90)], [("8", ""), ("1", "")], 0)
    assert view.box_at(view.box_on_screen(1).center()) == 1
    assert view.box_at(view.box_on_screen(0).topLeft() + QPointF(9, 9)) == 0


def test_the_chosen_box_is_drawn_in_the_accent_colour(view):
    image = view.grab().toImage()
    ratio = view.devicePixelRatio()
    accent = QColor(LIGHT.accent)

    def has_accent(number):
        box = view.box_on_screen(number).adjusted(-2, -2, 2, 2)
        x, y = box.left() * ratio, box.center().y() * ratio
        near = [image.pixelColor(int(x) + step, int(y)) for step in (-1, 0, 1)]
        return any(abs(each.hue() - accent.hue()) < 6 for each in near)

    assert has_accent(0)
    assert not has_accent(1)


def test_readings_are_told_to_screen_readers(view):
    assert view.accessibleDescription() == "7 98 %, 1 60 %, 0 > 99 %"


def test_without_a_picture_nothing_is_drawn_and_nothing_chosen(view):
    view.set_picture(None)
    got = chosen(view)
    view.grab()
    QTest.keyClick(view, Qt.Key.Key_Right)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.rect().center())
    assert got == []
