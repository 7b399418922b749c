"""What a panel shows while it has nothing to show."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from gui.style.theme import Themes
from gui.toolkit.empty import EmptyState

WORDS = ("chart", "No training yet", "Press Train and the loss appears here, step by step.")


def test_the_button_can_be_pressed(qtbot, themes: Themes):
    state = EmptyState(themes, *WORDS, "Train")
    qtbot.addWidget(state)
    state.show()
    button = state.findChild(QPushButton)
    assert button.text() == "Train"
    with qtbot.waitSignal(state.clicked):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_without_an_action_there_is_no_button(qtbot, themes: Themes):
    state = EmptyState(themes, *WORDS)
    qtbot.addWidget(state)
    state.show()
    assert not state.findChild(QPushButton).isVisible()
    state.set_content("data", "No images", "Open a folder of digits.", "Open…")
    assert state.findChild(QPushButton).isVisible()
    assert state.accessibleName() == "No images"


def test_no_words_are_cut_off(qtbot, themes: Themes):
    state = EmptyState(themes, WORDS[0], WORDS[1], WORDS[2] * 3, "Train")
    qtbot.addWidget(state)
    for width in (240, 480, 900):
        state.resize(width, 400)
        state.show()
        qtbot.waitUntil(lambda width=width: state.width() == width)
        for label in state.findChildren(QLabel):
            assert label.height() >= label.heightForWidth(label.width())


def test_the_icon_follows_the_theme(qtbot, themes: Themes):
    state = EmptyState(themes, *WORDS)
    qtbot.addWidget(state)
    icon = next(label for label in state.findChildren(QLabel) if not label.pixmap().isNull())
    light = icon.pixmap().toImage()
    themes.choose("dark")
    assert icon.pixmap().toImage() != light
