"""A figure that changes many times a second, and costs no more than its own pixels."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.style.theme import FONT_SMALL, tabular


class ValueLabel(QWidget):
    """Shows a short text in a place of fixed size.

    A QLabel asks for a new layout of the whole window with every text; while training
    runs, that repainted everything fifteen times a second.
    """

    def __init__(
        self, widest: str, name: str = "", *, right: bool = False, small: bool = False
    ) -> None:
        """Make room for `widest`; `name` is what a screen reader calls it."""
        super().__init__()
        self._text, self._widest, self._small = "–", widest, small
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        self._alignment = side | Qt.AlignmentFlag.AlignVCenter
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @property
    def text(self) -> str:
        """What it shows."""
        return self._text

    def set_text(self, text: str) -> None:
        """Show another text."""
        if text != self._text:
            self._text = text
            self.setAccessibleDescription(text)
            self.update()

    def sizeHint(self) -> QSize:
        """Return the room that the widest text takes."""
        metrics = QFontMetrics(self._bold())
        return QSize(metrics.horizontalAdvance(self._widest) + 4, metrics.height() + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text."""
        painter = QPainter(self)
        painter.setFont(self._bold())
        painter.setPen(self.palette().windowText().color())
        painter.drawText(self.rect(), int(self._alignment), self._text)

    def _bold(self) -> QFont:
        font = tabular(self.font())
        font.setBold(True)
        if self._small:
            font.setPixelSize(FONT_SMALL)
        return font
