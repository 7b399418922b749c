"""The two columns that line up all forms of a panel."""

from PySide6.QtWidgets import QGridLayout, QWidget

from gui.style.theme import SPACE_S, SPACE_XS

_LABEL_MODEL = "Label smoothing"  # labels of all forms are as wide as this one


def form_grid(parent: QWidget) -> QGridLayout:
    """Return the two-column layout that lines up all forms of a panel."""
    grid = QGridLayout(parent)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(SPACE_S)
    grid.setVerticalSpacing(SPACE_XS)
    grid.setColumnMinimumWidth(0, parent.fontMetrics().horizontalAdvance(_LABEL_MODEL))
    grid.setColumnStretch(1, 1)
    return grid
