"""Widgets side by side, and the small parts among them."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from gui.style.theme import SPACE_S
from gui.toolkit.plain import set_tooltip


def tool_button(text: str) -> QToolButton:
    """Return a button that shall show an icon; `text` says what it does."""
    button = QToolButton()
    button.setAccessibleName(text)
    set_tooltip(button, text)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    button.setIconSize(QSize(16, 16))
    return button


def rule() -> QFrame:
    """Return a thin line across."""
    line = QFrame()
    line.setFrameShape(QFrame.Shape.HLine)
    return line


def row_of(*parts: QWidget | None) -> QHBoxLayout:
    """Return the widgets side by side; None is room that stretches."""
    row = QHBoxLayout()
    row.setSpacing(SPACE_S)
    for part in parts:
        row.addStretch() if part is None else row.addWidget(part)
    return row
