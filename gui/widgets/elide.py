"""Long names, as files have them, must not make the window wider than the screen."""

from PySide6.QtWidgets import QComboBox, QLabel

_MOST_LETTERS = 24
_WIDEST_PX = 260


def shortened(name: str) -> str:
    """Return a name that a button has room for; the whole one belongs into its tooltip."""
    return name if len(name) <= _MOST_LETTERS else f"{name[: _MOST_LETTERS - 1]}…"


def bound_width(*boxes: QComboBox) -> None:
    """Let boxes be no wider than a column, whatever their entries are."""
    for box in boxes:
        box.setMaximumWidth(_WIDEST_PX)


def let_clip(*labels: QLabel) -> None:
    """Let labels cut off a word that is longer than their room, not push everything aside."""
    for label in labels:
        label.setMinimumWidth(1)
