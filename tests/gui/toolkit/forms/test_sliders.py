import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from core.base.fields import Limits
from gui.toolkit.forms.sliders import LabelledSlider

LIMITS = Limits("Slant", -1.0, 1.0, unit=" rad", help="How far the top leans right.")


@pytest.fixture
def slider(qtbot, themes):
    made = LabelledSlider(LIMITS, 0.12)
    qtbot.addWidget(made)
    made.resize(280, 32)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def edits(slider):
    found = []
    slider.edited.connect(lambda value, gesture: found.append((value, gesture)))
    return found


def handle(slider):
    """The middle of the slider's handle."""
    bar = slider.slider
    share = (bar.value() - bar.minimum()) / (bar.maximum() - bar.minimum())
    return QPoint(round(8 + share * (bar.width() - 16)), bar.height() // 2)


def test_the_number_can_be_read(slider):
    assert slider.number.text() == "0.12"
    room = slider.number.lineEdit().width()
    assert room > slider.number.fontMetrics().horizontalAdvance("-0.555")


def test_dragging_is_one_gesture_and_changes_the_number(slider, edits):
    start, left = handle(slider), Qt.MouseButton.LeftButton
    QTest.mousePress(slider.slider, left, pos=start)
    for step in range(1, 6):
        QTest.mouseMove(slider.slider, start + QPoint(3 * step, 0))
    QTest.mouseRelease(slider.slider, left, pos=start + QPoint(15, 0))
    assert len(edits) > 1
    assert len({gesture for _, gesture in edits}) == 1
    assert edits[-1][0] > 0.12
    assert float(slider.number.text()) == pytest.approx(slider.value())


def test_another_drag_is_another_gesture(slider, edits):
    for _ in range(2):
        start, left = handle(slider), Qt.MouseButton.LeftButton
        QTest.mousePress(slider.slider, left, pos=start)
        QTest.mouseMove(slider.slider, start + QPoint(8, 0))
        QTest.mouseRelease(slider.slider, left, pos=start + QPoint(8, 0))
    assert len({gesture for _, gesture in edits}) == 2


def test_arrow_keys_step_within_the_limits(slider, edits):
    slider.slider.setFocus()
    QTest.keyClick(slider.slider, Qt.Key.Key_Right)
    assert edits[-1][0] == pytest.approx(0.13)
    QTest.keyClick(slider.slider, Qt.Key.Key_End)
    assert slider.value() == 1.0
    QTest.keyClick(slider.slider, Qt.Key.Key_Home)
    assert slider.value() == -1.0


def test_a_typed_number_moves_the_slider(slider, edits):
    field = slider.number.lineEdit()
    slider.number.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "0.5")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert [value for value, _ in edits] == [0.5]
    assert slider.slider.value() == 150


def test_a_number_out_of_range_is_not_taken(slider, edits):
    field = slider.number.lineEdit()
    slider.number.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "5")
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert not edits
    assert slider.number.problem


@pytest.mark.parametrize("part", ["slider", "label"])
def test_a_double_click_resets(slider, edits, part):
    slider.show_value(0.8)
    QTest.mouseDClick(getattr(slider, part), Qt.MouseButton.LeftButton)
    assert slider.value() == 0.12
    assert edits[-1][0] == 0.12


def test_the_menu_resets(slider):
    slider.show_value(0.8)
    (action,) = slider.menu().actions()
    assert action.text() == "Reset to 0.12"
    action.trigger()
    assert slider.value() == 0.12
    (action,) = slider.menu().actions()
    assert not action.isEnabled()


def test_showing_a_value_emits_nothing(slider, edits):
    slider.show_value(-0.4)
    assert not edits
    assert slider.number.text() == "-0.4"


def test_the_focus_says_what_is_about_to_change(qtbot, slider):
    for part in (slider.number, slider.slider):
        with qtbot.waitSignal(slider.touched):
            part.setFocus(Qt.FocusReason.TabFocusReason)


def test_screen_readers_hear_name_help_and_limits(slider):
    assert slider.slider.accessibleName() == "Slant"
    words = slider.slider.accessibleDescription()
    assert "leans right" in words
    assert "-1 to 1 rad" in words
