"""A field for one of two values: a small button that is pressed in or not."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QToolButton, QWidget

from gui.toolkit.canvas.gesture_ids import GestureIds


class ToggleField(QToolButton):
    """Chooses between two keys; pressed in is the second one.

    Signals:
        edited(key, gesture): the user pressed it.
    """

    edited = Signal(object, int)

    def __init__(self, text: str, keys: tuple[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = keys
        self._gestures = GestureIds()
        self.setText(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.clicked.connect(self._take)

    def value(self) -> str:
        """Return the key in force."""
        return self._keys[self.isChecked()]

    def show_value(self, value: str) -> None:
        """Show a key; nothing is emitted."""
        self.setChecked(value == self._keys[1])

    def _take(self) -> None:
        self.edited.emit(self.value(), self._gestures.single())
