"""The network's answer in large letters, in a place that never changes its size."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from core.base.printable import printable
from gui.toolkit.plain import TextLabel, one_line, set_tooltip

_LARGE, _MEDIUM, _SMALL = 52, 30, 17  # logical pixels: letters of longer and longer answers
_SHORT, _LONG, _MOST = 2, 12, 48  # characters


class AnswerLabel(QWidget):
    """Three lines ("It is a", "7", "99 % sure"), or a sentence instead of them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lead, self._names, self._note, self._sentence = (TextLabel() for _ in range(4))
        for label in (self._lead, self._note, self._sentence):
            label.setProperty("role", "muted")
        self._shown, self._size = "", _LARGE
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
        names = printable(names)
        self._pages.setCurrentIndex(1 if names else 0)
        self.setAccessibleDescription(f"{lead} {names}, {note}" if names else note)
        if not names:
            self._sentence.setText(note)
            return
        self._lead.setText(lead)
        self._note.setText(note)
        self._lead.setVisible(bool(lead))
        if names != self._shown:
            self._shown = names
            self._size = (
                _LARGE if len(names) <= _SHORT else _MEDIUM if len(names) <= _LONG else _SMALL
            )
            self._names.setWordWrap(len(names) > _LONG)
            # A style sheet of its own, because the program's is set anew with each theme and
            # would take away a font.
            style = f"font-size: {self._size}px; font-weight: 600;"
            if style != self._names.styleSheet():
                self._names.setStyleSheet(style)
            self._fit()

    def hasHeightForWidth(self) -> bool:
        """Tell Qt that longer words take no more height: what is around must not move."""
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten names to the width there is."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Show as much of the names as fits in width; the tooltip has them whole."""
        font = QFont(self.font())
        font.setPixelSize(self._size)
        font.setWeight(QFont.Weight.DemiBold)
        metrics, middle = QFontMetrics(font), Qt.TextElideMode.ElideMiddle
        room = max(self.width(), 2 * self._size)
        words = one_line(self._shown, _MOST).split(" ")
        fitting = " ".join(metrics.elidedText(word, middle, room) for word in words)
        self._names.setText(fitting)
        set_tooltip(self, self._shown if fitting != self._shown else "")
