"""Widgets above one another, with the spacing of a panel."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.style.theme import SPACE_XS


def stacked(*widgets: QWidget, gap: int = SPACE_XS) -> QWidget:
    """Return a widget that holds `widgets` in a column, `gap` logical pixels apart."""
    stack = QWidget()
    column = column_of(stack, gap)
    for widget in widgets:
        column.addWidget(widget)
    return stack


def column_of(parent: QWidget, gap: int = SPACE_XS) -> QVBoxLayout:
    """Give `parent` an empty column without margins."""
    column = QVBoxLayout(parent)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(gap)
    return column
