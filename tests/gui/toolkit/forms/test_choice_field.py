import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QWidget

from gui.toolkit.forms.choice_field import ChoiceField

CHOICES = (("a", "First"), ("b", "Second"), ("c", "Third"))


@pytest.fixture
def field(qtbot):
    bench = QWidget()
    qtbot.addWidget(bench)
    field = ChoiceField(CHOICES)
    field.neighbour, field.edits = QLineEdit(), []
    field.edited.connect(lambda *edit: field.edits.append(edit))
    layout = QHBoxLayout(bench)
    layout.addWidget(field)
    layout.addWidget(field.neighbour)
    bench.show()
    bench.activateWindow()
    qtbot.waitUntil(bench.isActiveWindow)
    field.bench = bench
    return field


def turn_wheel_down(widget):
    place = QPointF(widget.rect().center())
    event = QWheelEvent(
        place,
        widget.mapToGlobal(place),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def test_arrow_keys_choose(field, qtbot):
    qtbot.keyClick(field, Qt.Key.Key_Down)
    assert [key for key, _ in field.edits] == ["b"]
    assert field.value() == "b"


def test_quick_arrow_keys_are_one_gesture(field, qtbot):
    for _ in range(2):
        qtbot.keyClick(field, Qt.Key.Key_Down)
    assert len({gesture for _, gesture in field.edits}) == 1


def test_show_value_emits_nothing(field):
    field.show_value("c")
    assert field.currentText() == "Third"
    assert field.edits == []


def test_the_wheel_turns_a_focused_field_only(field):
    field.neighbour.setFocus()
    turn_wheel_down(field)
    assert field.edits == []
    field.setFocus()
    turn_wheel_down(field)
    assert [key for key, _ in field.edits] == ["b"]


def test_two_long_names_look_alike_where_both_end_in_an_ellipsis(field):
    field.setFixedWidth(80)
    pictures = []
    for ending in ("i", "W"):
        field.set_choices([("x", f"A very long name, {ending}" + 40 * ending, "")])
        pictures.append(field.grab().toImage())
    field.set_choices([("x", "A ve", "")])
    assert pictures[0] == pictures[1]
    assert field.grab().toImage() != pictures[0]
