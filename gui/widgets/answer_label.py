"""The network's answer in large letters, in a place that never changes its size."""

from PySide6.QtWidgets import QLabel, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

_LARGE, _MEDIUM, _SMALL = 52, 30, 17  # logical pixels: letters of longer and longer answers
_SHORT, _LONG = 2, 12  # characters


class AnswerLabel(QWidget):
    """Three lines ("It is a", "7", "99 % sure"), or a sentence instead of them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lead, self._names, self._note, self._sentence = (QLabel() for _ in range(4))
        for label in (self._lead, self._note, self._sentence):
            label.setProperty("role", "muted")
        self._sentence.setWordWrap(True)
        self._note.setWordWrap(True)
        three = QWidget()
        column = QVBoxLayout(three)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addStretch(1)
        for label in (self._lead, self._names, self._note):
            column.addWidget(label)
        column.addStretch(1)
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self._sentence)
        self._pages.addWidget(three)
        # The words must not push anything aside.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.setAccessibleName("The network's answer")

    def show_answer(self, lead: str, names: str, note: str) -> None:
        """Show `lead`, `names` (large) and `note` below each other; without names, only `note`.

        An empty `lead` takes no room.
        """
        self._pages.setCurrentIndex(1 if names else 0)
        self.setAccessibleDescription(f"{lead} {names}, {note}" if names else note)
        if not names:
            self._sentence.setText(note)
            return
        self._lead.setText(lead)
        self._names.setText(names)
        self._note.setText(note)
        size = _LARGE if len(names) <= _SHORT else _MEDIUM if len(names) <= _LONG else _SMALL
        self._names.setWordWrap(len(names) > _LONG)
        self._lead.setVisible(bool(lead))
        # A style sheet of its own, because the program's is set anew with each theme and
        # would take away a font.
        style = f"font-size: {size}px; font-weight: 600;"
        if style != self._names.styleSheet():
            self._names.setStyleSheet(style)
