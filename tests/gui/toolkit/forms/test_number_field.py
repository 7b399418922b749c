import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QKeySequence, QShortcut, QWheelEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLineEdit, QToolButton, QWidget

from core.base.fields import Limits
from gui.style.theme import Themes
from gui.toolkit.forms.number_field import NumberField
from gui.toolkit.forms.seed_field import SeedField

UNITS = Limits("Units", 1, 4096, " neurons", "How many.", step=1)
RATE = Limits("Learning rate", 1e-6, 100, log=True)
SEED = Limits("Seed", 0, 2**31 - 1)


class Bench(QWidget):
    """A window with the field under test, a second one, and a tool button."""

    def __init__(self, field):
        super().__init__()
        self.field, self.other, self.tool = field, QLineEdit(), QToolButton()
        layout = QHBoxLayout(self)
        for widget in (field, self.other, self.tool):
            layout.addWidget(widget)
        self.edits, self.problems = [], []
        field.edited.connect(lambda value, gesture: self.edits.append((value, gesture)))
        field.problem_changed.connect(self.problems.append)

    @property
    def values(self):
        return [value for value, _ in self.edits]


@pytest.fixture
def open_bench(qtbot):
    def open_bench(limits, value, *, whole):
        bench = Bench(NumberField(limits, whole=whole))
        qtbot.addWidget(bench)
        bench.field.show_value(value)
        bench.show()
        bench.activateWindow()
        qtbot.waitUntil(bench.isActiveWindow)
        bench.field.setFocus()
        qtbot.waitUntil(bench.field.hasFocus)
        bench.field.selectAll()
        return bench

    return open_bench


def wheel(widget, notches):
    place = QPointF(widget.rect().center())
    event = QWheelEvent(
        place,
        widget.mapToGlobal(place),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def test_enter_takes_over_what_was_typed(open_bench, qtbot):
    bench = open_bench(UNITS, 128, whole=True)
    qtbot.keyClicks(bench.field, "256")
    assert bench.values == []
    qtbot.keyClick(bench.field, Qt.Key.Key_Return)
    assert bench.values == [256]
    assert type(bench.field.value()) is int


def test_leaving_the_field_takes_over_what_was_typed(open_bench, qtbot):
    bench = open_bench(RATE, 0.001, whole=False)
    qtbot.keyClicks(bench.field, "1e-2")
    bench.other.setFocus()
    assert bench.values == [0.01]
    assert bench.field.text() == "0.01"


def test_a_click_on_a_button_that_takes_no_focus_takes_over_first(open_bench, qtbot):
    bench = open_bench(UNITS, 128, whole=True)
    seen = []
    bench.tool.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    bench.tool.clicked.connect(lambda: seen.append(bench.field.value()))
    qtbot.keyClicks(bench.field, "64")
    qtbot.mouseClick(bench.tool, Qt.MouseButton.LeftButton)
    assert seen == [64]


def test_a_shortcut_takes_over_first(open_bench, qtbot):
    bench = open_bench(UNITS, 128, whole=True)
    seen = []
    QShortcut(QKeySequence("F5"), bench, lambda: seen.append(bench.field.value()))
    qtbot.keyClicks(bench.field, "64")
    qtbot.keyClick(bench.field, Qt.Key.Key_F5)
    assert seen == [64]


def test_a_number_out_of_range_is_refused_in_words_and_the_old_one_stays(open_bench, qtbot):
    bench = open_bench(UNITS, 128, whole=True)
    qtbot.keyClicks(bench.field, "5000")
    qtbot.keyClick(bench.field, Qt.Key.Key_Return)
    assert bench.values == []
    assert bench.field.value() == 128
    assert bench.field.problem == "5000 is too large: use 1 to 4,096 neurons."
    assert bench.field.property("invalid") is True


def test_a_text_that_may_become_a_number_is_not_complained_about(open_bench, qtbot):
    bench = open_bench(RATE, 0.01, whole=False)
    qtbot.keyClicks(bench.field, "0.00")
    assert bench.problems == []
    qtbot.keyClick(bench.field, Qt.Key.Key_Return)
    assert bench.problems == ["0.00 is too small: use 1e-06 to 100."]


def test_the_complaint_ends_when_the_text_is_mended(open_bench, qtbot):
    bench = open_bench(UNITS, 128, whole=True)
    qtbot.keyClicks(bench.field, "5000")
    qtbot.keyClick(bench.field, Qt.Key.Key_Backspace)
    assert bench.problems[-1] == ""
    assert bench.field.property("invalid") is False


def test_escape_brings_the_old_number_back(open_bench, qtbot):
    bench = open_bench(UNITS, 128, whole=True)
    qtbot.keyClicks(bench.field, "99999")
    qtbot.keyClick(bench.field, Qt.Key.Key_Escape)
    assert bench.field.text() == "128"
    assert bench.field.problem == ""
    assert bench.values == []


def test_leaving_a_refused_number_tells_what_was_kept(open_bench, qtbot):
    bench = open_bench(UNITS, 128, whole=True)
    qtbot.keyClicks(bench.field, "99999")
    bench.other.setFocus()
    assert bench.field.text() == "128 neurons"
    assert bench.field.problem.endswith("128 was kept.")
    assert bench.field.property("invalid") is False
    assert bench.values == []


def test_arrow_keys_step_and_quick_steps_are_one_gesture(open_bench, qtbot):
    bench = open_bench(RATE, 0.001, whole=False)
    for _ in range(3):
        qtbot.keyClick(bench.field, Qt.Key.Key_Up)
    qtbot.keyClick(bench.field, Qt.Key.Key_Down)
    assert bench.values == [0.002, 0.005, 0.01, 0.005]
    assert len({gesture for _, gesture in bench.edits}) == 1


def test_typed_numbers_are_gestures_of_their_own(open_bench, qtbot):
    bench = open_bench(UNITS, 128, whole=True)
    for text in ("64", "32"):
        bench.field.selectAll()
        qtbot.keyClicks(bench.field, text)
        qtbot.keyClick(bench.field, Qt.Key.Key_Return)
    first, second = (gesture for _, gesture in bench.edits)
    assert first != second


def test_a_number_shown_from_outside_ends_the_gesture(open_bench, qtbot):
    bench = open_bench(UNITS, 128, whole=True)
    qtbot.keyClick(bench.field, Qt.Key.Key_Up)
    bench.field.show_value(128)
    qtbot.keyClick(bench.field, Qt.Key.Key_Up)
    first, second = (gesture for _, gesture in bench.edits)
    assert first != second


def test_steps_stop_at_the_limits(open_bench, qtbot):
    bench = open_bench(UNITS, 4095, whole=True)
    for _ in range(3):
        qtbot.keyClick(bench.field, Qt.Key.Key_Up)
    assert bench.values == [4096]


def test_the_arrow_buttons_step(open_bench, qtbot):
    bench = open_bench(UNITS, 128, whole=True)
    place = QPoint(bench.field.width() - 8, bench.field.height() // 4)
    qtbot.mouseClick(bench.field, Qt.MouseButton.LeftButton, pos=place)
    assert bench.values == [129]


def test_the_wheel_turns_a_focused_field_only(open_bench):
    bench = open_bench(UNITS, 128, whole=True)
    wheel(bench.field, 1)
    assert bench.values == [129]
    bench.other.setFocus()
    wheel(bench.field, 1)
    assert bench.values == [129]


def test_show_value_emits_nothing(open_bench):
    bench = open_bench(UNITS, 128, whole=True)
    bench.field.show_value(64)
    assert bench.edits == []
    assert bench.field.text() == "64"


def test_typing_goes_on_while_the_same_value_is_shown_again(open_bench, qtbot):
    bench = open_bench(UNITS, 128, whole=True)
    qtbot.keyClicks(bench.field, "25")
    bench.field.show_value(128)
    qtbot.keyClicks(bench.field, "6")
    qtbot.keyClick(bench.field, Qt.Key.Key_Return)
    assert bench.values == [256]


def test_undo_is_left_to_the_window_unless_something_is_being_typed(open_bench, qtbot):
    bench = open_bench(UNITS, 128, whole=True)
    undone = []
    QShortcut(QKeySequence(QKeySequence.StandardKey.Undo), bench, lambda: undone.append(1))
    qtbot.keyClick(bench.field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undone == [1]
    qtbot.keyClicks(bench.field, "5")
    qtbot.keyClick(bench.field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert undone == [1]
    assert bench.field.text() == "128"


def test_the_unit_is_shown_while_the_field_is_not_being_edited(open_bench):
    bench = open_bench(UNITS, 128, whole=True)
    assert bench.field.text() == "128"
    bench.other.setFocus()
    assert bench.field.text() == "128 neurons"


def test_the_dice_take_another_seed_within_limits(qtbot, qapp):
    field = SeedField(Limits("Seed", 0, 1), Themes(qapp, "light"))
    qtbot.addWidget(field)
    seeds = []
    field.edited.connect(lambda value, gesture: seeds.append(value))
    for _ in range(4):
        qtbot.mouseClick(field.dice, Qt.MouseButton.LeftButton)
    assert seeds == [1, 0, 1, 0]
    assert field.value() == 0
