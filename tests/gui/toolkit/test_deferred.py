"""What is built late is built once, and takes the focus."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from gui.toolkit.deferred import Deferred


def test_nothing_is_built_before_it_is_looked_at_and_then_only_once(qtbot):
    made = []

    def make():
        made.append(QLineEdit())
        return made[-1]

    place = Deferred(make)
    qtbot.addWidget(place)
    assert place.content is None
    place.show()
    place.hide()
    place.show()
    assert made == [place.content]
    assert place.content.isVisible()


def test_the_focus_goes_to_what_was_built(qtbot):
    place = Deferred(QLineEdit)
    qtbot.addWidget(place)
    place.show()
    qtbot.waitExposed(place)
    place.activateWindow()
    place.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(place.content.hasFocus)
    qtbot.keyClicks(place.content, "7")
    assert place.content.text() == "7"
