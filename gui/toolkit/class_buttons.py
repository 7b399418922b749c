"""A button for each class, to say what something is."""

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QWidget

from core.base.printable import printable
from gui.style.theme import SPACE_XS
from gui.toolkit.plain import add_choice, button_text, class_box, set_tooltip

_MOST_BUTTONS = 30  # more classes than these are chosen from a list
_WIDEST_NAME = 110  # logical pixels
_PADDING = 14  # logical pixels, of both sides of a name
# The style sheet's own padding would leave no room for ten buttons in a narrow panel.
_NARROW = """
QPushButton { padding: 3px 0; min-width: 18px; }
QPushButton:focus { padding: 2px 0; }
"""


class ClassButtons(QWidget):
    """Buttons in as many rows as needed. The digit keys press the first ten.

    Signals:
        chosen(int): a class was chosen, 0..K-1.
    """

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._names: tuple[str, ...] = ()
        self._buttons: list[QPushButton] = []
        self._columns = 0
        self._list = class_box()
        self._list.setAccessibleName("What it is")
        self._list.setPlaceholderText("What is it?")
        self._list.activated.connect(self.chosen)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(SPACE_XS // 2)
        self.setStyleSheet(_NARROW)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._grid.addWidget(self._list, 0, 0)
        self._list.hide()

    @property
    def buttons(self) -> list[QPushButton]:
        """One for each class, in order; none if there are too many."""
        return self._buttons

    def set_classes(self, names: Sequence[str]) -> None:
        """Offer these classes."""
        if tuple(names) == self._names:
            return
        self._names = tuple(names)
        for old in self._buttons:
            self._grid.removeWidget(old)
            old.hide()
            old.deleteLater()
        few = len(names) <= _MOST_BUTTONS
        self._buttons = [self._button(label, name) for label, name in enumerate(names) if few]
        with QSignalBlocker(self._list):
            self._list.clear()
            for name in () if few else names:
                add_choice(self._list, name)
        self._list.setVisible(not few)
        self._columns = 0
        self._arrange()

    def show_choice(self, label: int | None) -> None:
        """Mark the class that was chosen; None for none."""
        for index, button in enumerate(self._buttons):
            button.setChecked(index == label)
        self._list.setCurrentIndex(-1 if label is None else label)

    def _button(self, label: int, name: str) -> QPushButton:
        button = QPushButton(button_text(self._shown(name)))
        button.setCheckable(True)
        button.setAutoDefault(False)
        button.setAccessibleName(f"It is {printable(name)}")
        key = f" (key {label})" if label < 10 else ""
        set_tooltip(button, f"It is {name}: keep it{key}")
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.clicked.connect(lambda _=False: self.chosen.emit(label))
        return button

    def _shown(self, name: str) -> str:
        """Return as much of a name as a button may take; its tooltip has all of it."""
        middle = Qt.TextElideMode.ElideMiddle
        return self.fontMetrics().elidedText(printable(name), middle, _WIDEST_NAME)

    def _arrange(self) -> None:
        """Put the buttons in rows of equal length, as few as fit the width."""
        if not self._buttons:
            return
        measure = self.fontMetrics().horizontalAdvance
        widest = max(measure(self._shown(name)) for name in self._names) + _PADDING
        room = max(1, (self.width() + SPACE_XS // 2) // (widest + SPACE_XS // 2))
        rows = -(-len(self._buttons) // room)
        columns = -(-len(self._buttons) // rows)
        if columns == self._columns:
            return
        self._columns = columns
        for index, button in enumerate(self._buttons):
            self._grid.addWidget(button, index // columns, index % columns)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fill the new width."""
        super().resizeEvent(event)
        self._arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Press the button of a digit key."""
        number = event.key() - Qt.Key.Key_0
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        )
        if plain and 0 <= number < min(10, len(self._buttons)) and self.isEnabled():
            self._buttons[number].click()
        else:
            super().keyPressEvent(event)
