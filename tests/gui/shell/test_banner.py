"""Messages in the window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

from gui.shell.banner import MessageBanner
from gui.style.theme import Themes


@pytest.fixture
def window(qtbot, themes: Themes) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    column = QVBoxLayout(made)
    column.addWidget(MessageBanner(themes))
    column.addWidget(QLineEdit())
    column.addStretch()
    made.resize(500, 300)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.fixture
def banner(window) -> MessageBanner:
    return window.findChild(MessageBanner)


def test_it_is_hidden_until_there_is_a_message(banner):
    assert not banner.isVisible()
    banner.show_message("info", "Ready.")
    assert banner.isVisible()


@pytest.mark.parametrize("kind", ["info", "success", "warning", "error"])
def test_message_and_hint_are_shown_and_told_to_screen_readers(banner, kind):
    banner.show_message(kind, "The file could not be read.", "Choose another.")
    assert banner.text == "The file could not be read. Choose another."
    assert banner.accessibleName() == f"{kind.capitalize()}: {banner.text}"


def test_each_kind_has_an_icon_of_its_own(banner):
    icons = []
    for kind in ("info", "success", "warning", "error"):
        banner.show_message(kind, "Words.")
        icons.append(banner.findChildren(QLabel)[0].pixmap().toImage())
    assert all(one != other for k, one in enumerate(icons) for other in icons[:k])


def test_an_unknown_kind_is_refused(banner):
    with pytest.raises(KeyError):
        banner.show_message("alarm", "Words.")


def test_escape_closes_it_wherever_the_focus_is(banner, window, qtbot):
    banner.show_message("info", "Ready.")
    field = window.findChild(QLineEdit)
    field.setFocus()
    with qtbot.waitSignal(banner.dismissed):
        QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not banner.isVisible()


def test_the_close_button_closes_it(banner, qtbot):
    banner.show_message("info", "Ready.")
    with qtbot.waitSignal(banner.dismissed):
        QTest.mouseClick(banner.findChild(QToolButton), Qt.MouseButton.LeftButton)
    assert not banner.isVisible()


def test_closing_a_closed_banner_is_silent(banner, qtbot):
    with qtbot.assertNotEmitted(banner.dismissed):
        banner.dismiss()


def test_an_action_is_called_and_closes(banner, qtbot):
    called = []
    banner.show_message("error", "Full.", actions=[("Save as…", lambda: called.append("save"))])
    QTest.mouseClick(banner.findChild(QPushButton), Qt.MouseButton.LeftButton)
    assert called == ["save"]
    assert not banner.isVisible()


def test_an_action_may_show_another_message(banner):
    again = [("Again", lambda: banner.show_message("success", "Done."))]
    banner.show_message("error", "Full.", actions=again)
    QTest.mouseClick(banner.findChild(QPushButton), Qt.MouseButton.LeftButton)
    assert banner.isVisible()
    assert banner.text == "Done."
    assert not any(button.isVisible() for button in banner.findChildren(QPushButton))


def test_a_long_message_wraps_and_is_not_cut_off(banner, window, qtbot):
    banner.show_message("warning", "Many words that say little. " * 12)
    words = banner.findChildren(QLabel)[1]
    qtbot.waitUntil(lambda: words.height() > 3 * words.fontMetrics().height())
    assert words.height() >= words.heightForWidth(words.width())
    assert words.width() < window.width()


def test_a_file_name_with_signs_is_shown_as_it_is(banner):
    banner.show_message("info", "Saved as <b>7</b>.h5.")
    assert banner.findChildren(QLabel)[1].textFormat() == Qt.TextFormat.PlainText
