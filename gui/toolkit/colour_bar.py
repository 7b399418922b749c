"""What the colours of a weight image mean."""

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.exchange.formats.colour_map import diverging_table, sequential_table
from gui.style.theme import SPACE_XS, Themes, tabular

_BAR = 8  # logical pixels high


class ColourBar(QWidget):
    """A strip of the colours in use, with its two ends and its middle named."""

    def __init__(
        self, themes: Themes, parent: QWidget | None = None, *, diverging: bool = True
    ) -> None:
        super().__init__(parent)
        self._themes, self._diverging = themes, diverging
        self._labels = ("", "", "")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(120)
        self.set_limit(1.0)
        themes.changed.connect(self.update)

    def set_limit(self, limit: float, unit: str = "") -> None:
        """Name the ends: -limit, 0 and limit (diverging) or 0, half and limit."""
        low, middle = (-limit, 0.0) if self._diverging else (0.0, limit / 2)
        self.set_labels(*(f"{value:.3g}{unit}".replace("-", "−") for value in (low, middle, limit)))

    def set_labels(self, low: str, middle: str, high: str) -> None:
        """Name the left end, the middle and the right end."""
        self._labels = (low, middle, high)
        self.setAccessibleName(f"Colours from {low} over {middle} to {high}")
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for the strip and one line of words."""
        return QSize(200, _BAR + SPACE_XS + self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint strip and words."""
        theme = self._themes.current
        look_up = diverging_table if self._diverging else sequential_table
        table = np.ascontiguousarray(look_up(theme.dark))
        strip = QImage(table.data, len(table), 1, table.size, QImage.Format.Format_RGB888)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        bar = QRectF(0, 0, self.width(), _BAR)
        painter.drawImage(bar, strip)
        painter.setPen(QPen(QColor(theme.border_strong), 1))
        painter.drawRect(bar.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.setPen(QColor(theme.muted))
        painter.setFont(tabular(self.font()))
        words = QRectF(0, _BAR + SPACE_XS, self.width(), self.height() - _BAR - SPACE_XS)
        sides = (
            Qt.AlignmentFlag.AlignLeft,
            Qt.AlignmentFlag.AlignHCenter,
            Qt.AlignmentFlag.AlignRight,
        )
        for label, side in zip(self._labels, sides, strict=True):
            painter.drawText(words, side | Qt.AlignmentFlag.AlignTop, label)
