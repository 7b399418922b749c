import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from gui.features.my_digits.label_row import LabelRow
from gui.toolkit.class_buttons import ClassButtons

LEFT = Qt.MouseButton.LeftButton
DIGITS = tuple("0123456789")


@pytest.fixture
def row(qtbot, themes):
    made = LabelRow()
    made.set_classes(DIGITS)
    made.show_state(text="", drawn=True, kept=False, chosen=None)
    qtbot.addWidget(made)
    made.resize(276, made.sizeHint().height())
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def buttons(qtbot, themes):
    made = ClassButtons()
    qtbot.addWidget(made)
    made.resize(276, 100)
    made.show()
    qtbot.waitExposed(made)
    return made


def test_ten_digits_fit_one_line_of_a_narrow_panel(row):
    assert len({button.y() for button in row.classes.buttons}) == 1
    assert row.minimumSizeHint().width() <= 276


def test_a_click_tells_the_class(row, qtbot):
    with qtbot.waitSignal(row.chosen) as caught:
        QTest.mouseClick(row.classes.buttons[7], LEFT)
    assert caught.args == [7]


def test_the_digit_keys_press_the_buttons(row, qtbot):
    row.classes.buttons[0].setFocus()
    with qtbot.waitSignal(row.chosen) as caught:
        QTest.keyClick(row.classes.buttons[0], Qt.Key.Key_5)
    assert caught.args == [5]


def test_keys_count_where_the_row_listens_and_nowhere_else(qtbot, themes):
    window, scope, other = QWidget(), QWidget(), QLineEdit()
    row = LabelRow()
    row.set_classes(DIGITS)
    row.show_state(text="", drawn=True, kept=True, chosen=3)
    row.show_learning(enabled=True, tip="")
    field = QWidget(scope)
    field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    for parent, parts in ((scope, (field, row)), (window, (scope, other))):
        column = QVBoxLayout(parent)
        for part in parts:
            column.addWidget(part)
    row.listen_on(scope)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitExposed(window)
    chosen, learned = [], []
    row.chosen.connect(chosen.append)
    row.learn_wanted.connect(lambda: learned.append(True))
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    QTest.keyClick(field, Qt.Key.Key_7)
    QTest.keyClick(field, Qt.Key.Key_L)
    assert (chosen, learned) == ([7], [True])
    other.setFocus()
    QTest.keyClick(other, Qt.Key.Key_7)
    assert chosen == [7]
    assert other.text() == "7"


def test_nothing_can_be_named_before_something_is_drawn(row):
    row.show_state(text="", drawn=False, kept=False, chosen=None)
    chosen = []
    row.chosen.connect(chosen.append)
    QTest.mouseClick(row.classes.buttons[7], LEFT)
    assert chosen == []


def test_undo_and_learn_come_with_a_kept_drawing(row, qtbot):
    assert not row.undo_button.isVisible()
    row.show_state(text="Kept as a 7", drawn=True, kept=True, chosen=7)
    row.show_learning(enabled=True, tip="Learn")
    assert row.classes.buttons[7].isChecked()
    with qtbot.waitSignal(row.undone):
        QTest.mouseClick(row.undo_button, LEFT)
    with qtbot.waitSignal(row.learn_wanted):
        QTest.mouseClick(row.learn_button, LEFT)


def test_a_refusal_disables_learning_and_says_why(row):
    row.show_state(text="", drawn=True, kept=True, chosen=7)
    row.show_learning(enabled=False, tip="Stop the training first.")
    assert not row.learn_button.isEnabled()
    assert row.learn_button.toolTip() == "Stop the training first."


def test_the_row_keeps_its_height(row):
    height = row.sizeHint().height()
    row.show_state(text="Kept as a 7", drawn=True, kept=True, chosen=7)
    assert row.sizeHint().height() == height


def test_longer_names_take_more_lines(buttons, qtbot):
    buttons.set_classes(("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal"))
    qtbot.waitUntil(lambda: len({button.y() for button in buttons.buttons}) > 1)
    for button in buttons.buttons:
        assert button.width() >= button.fontMetrics().horizontalAdvance(button.text())


def test_too_many_classes_are_a_list(buttons, qtbot):
    buttons.set_classes(tuple(f"class {index}" for index in range(47)))
    assert buttons.buttons == []
    box = buttons.findChild(QComboBox)
    assert box.isVisible()
    box.setFocus()
    with qtbot.waitSignal(buttons.chosen) as caught:
        QTest.keyClick(box, Qt.Key.Key_End)
    assert caught.args == [46]
    buttons.set_classes(DIGITS)
    assert not box.isVisible()
    assert len(buttons.buttons) == 10
