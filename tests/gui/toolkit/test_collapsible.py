import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from gui.toolkit.collapsible import Collapsible
from gui.toolkit.plain import tip_text


@pytest.fixture
def part(qtbot):
    part = Collapsible("More", QLabel("content"))
    qtbot.addWidget(part)
    part.show()
    return part


def test_it_is_closed_at_first(part):
    assert not part.is_open
    assert not part.findChild(QLabel).isVisible()


def test_it_opens_and_closes_by_mouse_and_by_keyboard(part, qtbot):
    qtbot.mouseClick(part.button, Qt.MouseButton.LeftButton)
    assert part.findChild(QLabel).isVisible()
    qtbot.keyClick(part.button, Qt.Key.Key_Space)
    assert not part.findChild(QLabel).isVisible()
    qtbot.keyClick(part.button, Qt.Key.Key_Return)
    assert part.findChild(QLabel).isVisible()


def test_it_tells_whether_it_is_open(part, qtbot):
    with qtbot.waitSignal(part.toggled) as caught:
        part.set_open(True)
    assert caught.args == [True]
    assert part.button.accessibleName() == "More, open"


def test_a_summary_that_is_too_long_is_shortened_but_can_be_read(part, qtbot):
    whole = "More · " + ", ".join(["a long summary"] * 20)
    part.resize(200, 40)
    part.set_summary(whole.removeprefix("More · "))
    assert part.button.text().endswith("…")
    assert part.button.toolTip() == tip_text(whole)
    assert part.button.accessibleName() == f"{whole}, closed"
    part.set_summary("")
    assert part.button.text() == "More"
    assert part.button.toolTip() == ""
