"""A row of buttons: one digit, or all of them."""

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QWidget

from gui.style.theme import SPACE_XS

_ALL = 10  # the button's number in its group
_DIGIT_PX, _ALL_PX = 30, 44


class DigitButtons(QWidget):
    """Chooses what to look at.

    Signals:
        chosen(object): a digit 0 to 9, or None for all.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_XS // 2)
        for digit in (*range(10), None):
            button = QPushButton("All" if digit is None else str(digit))
            button.setCheckable(True)
            button.setFixedWidth(_ALL_PX if digit is None else _DIGIT_PX)
            button.setStyleSheet("padding-left: 0; padding-right: 0;")
            button.setAccessibleName("All digits" if digit is None else f"Digit {digit}")
            button.clicked.connect(lambda _=False, digit=digit: self.chosen.emit(digit))
            self._group.addButton(button, _ALL if digit is None else digit)
            row.addWidget(button)
        self.show_digit(None)

    def show_digit(self, digit: int | None) -> None:
        """Show which is chosen; nothing is emitted."""
        with QSignalBlocker(self._group):
            self.button(digit).setChecked(True)

    def button(self, digit: int | None) -> QPushButton:
        """Return the button of a digit, or of all (None)."""
        found = self._group.button(_ALL if digit is None else digit)
        assert isinstance(found, QPushButton)
        return found
