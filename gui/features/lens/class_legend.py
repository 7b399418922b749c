"""Which colour stands for which class."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.base.printable import printable
from gui.features.lens.class_colours import class_colour
from gui.style.theme import SPACE_S, SPACE_XS, Themes, tabular
from gui.toolkit.plain import set_tooltip

_SWATCH = 12  # logical pixels


class ClassLegend(QWidget):
    """Shows coloured squares with words, in one line that ends with "…" if it must."""

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._entries: list[tuple[int, str]] = []
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Answers on the map")
        themes.changed.connect(self.update)

    def show_entries(self, entries: Sequence[tuple[int, str]]) -> None:
        """Show a class's number, counted from 0, and words for each entry."""
        self._entries = [(index, printable(words)) for index, words in entries]
        whole = ", ".join(words for _, words in self._entries)
        self.setAccessibleDescription(whole)
        set_tooltip(self, whole)
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for one line."""
        return QSize(200, self.fontMetrics().height() + SPACE_XS)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint all entries from the left."""
        painter = QPainter(self)
        painter.setFont(tabular(self.font()))
        theme = self._themes.current
        middle_line = Qt.AlignmentFlag.AlignVCenter
        metrics, middle, left = QFontMetricsF(painter.font()), self.height() / 2, 0.0
        for index, words in self._entries:
            width = metrics.horizontalAdvance(words)
            end = left + _SWATCH + SPACE_XS + width
            if end > self.width():
                painter.drawText(QRectF(left, 0, 20, self.height()), middle_line, "…")
                break
            colour = class_colour(theme, index)
            painter.fillRect(QRectF(left, middle - _SWATCH / 2, _SWATCH, _SWATCH), colour)
            painter.setPen(QColor(theme.text))
            place = QRectF(left + _SWATCH + SPACE_XS, 0, width + 1, self.height())
            painter.drawText(place, middle_line, words)
            left = end + SPACE_S * 1.5
