"""How sure the network is of each answer, as bars."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from core.base.digits import DIGITS
from core.base.printable import printable
from gui.style.theme import SPACE_S, Theme, Themes, tabular
from gui.toolkit.plain import tip_text

_ROW = 22  # logical pixels
_MIN_ROW = 16
_TRACK = 8  # thickness of a bar
_MOST_NAME = 0.45  # of the width; longer names end in "…", and the tooltip has them whole
_WIDEST = "> 99.9 %"


class ProbabilityBars(QWidget):
    """One row per class: name, bar, percentage; the likeliest in the accent colour."""

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._given: Sequence[str] = DIGITS
        self._names = list(self._given)
        self._values: NDArray[np.floating] | None = None
        self._dimmed = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName("Probability of each answer")
        self.setAccessibleDescription("No answer yet.")
        themes.changed.connect(self.update)

    def show_values(
        self, probabilities: NDArray[np.floating] | None, names: Sequence[str] | None = None
    ) -> None:
        """Show `probabilities`, (K,) in 0..1; None: no answer, empty bars.

        Args:
            probabilities: one value per class.
            names: K names of the classes; None keeps those shown before.
        """
        if names is not None and list(names) != list(self._given):
            self._given, self._names = list(names), [printable(name) for name in names]
            self.updateGeometry()
        self._values = None if probabilities is None else np.array(probabilities, np.float64)
        words = self._answer()
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)
        self.update()

    def set_dimmed(self, dimmed: bool) -> None:
        """Draw all bars alike, without the accent: none of them is an answer."""
        if dimmed != self._dimmed:
            self._dimmed = dimmed
            self.update()

    def _answer(self) -> str:
        if self._values is None or not np.isfinite(self._values).all():
            return "No answer yet."
        best = int(self._values.argmax())
        return f"The answer is {self._names[best]}, {percent(self._values[best])}."

    def sizeHint(self) -> QSize:
        """Ask for a comfortable height of all rows."""
        return QSize(220, _ROW * len(self._names))

    def minimumSizeHint(self) -> QSize:
        """Need the least readable height of all rows."""
        return QSize(140, _MIN_ROW * len(self._names))

    def event(self, event: QEvent) -> bool:
        """Tell the whole name and the percentage of the row pointed at."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            row = int(event.pos().y() / self._row_height())
            known = 0 <= row < len(self._names)
            value = None if self._values is None or not known else float(self._values[row])
            words = f"{self._names[row]}: {percent(value)}" if known else ""
            QToolTip.showText(event.globalPos(), tip_text(words), self)
            return True
        return super().event(event)

    def _row_height(self) -> float:
        return min(self.height() / len(self._names), _ROW * 1.5)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint all rows."""
        theme, values = self._themes.current, self._values
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shown = values if values is not None and np.isfinite(values).all() else None
        best = -1 if shown is None or self._dimmed else int(shown.argmax())
        plain, bold = tabular(self.font()), tabular(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        measure = QFontMetricsF(bold).horizontalAdvance
        most = self.width() * _MOST_NAME
        columns = min(max(map(measure, self._names)), most), measure(_WIDEST)
        height = self._row_height()
        for index, name in enumerate(self._names):
            row = QRectF(0, index * height, self.width(), height)
            painter.setFont(bold if index == best else plain)
            value = None if shown is None else float(shown[index])
            _paint_row(painter, theme, row, columns, (name, value, index == best))


def _paint_row(
    painter: QPainter,
    theme: Theme,
    row: QRectF,
    columns: tuple[float, float],
    entry: tuple[str, float | None, bool],
) -> None:
    """Paint one row; `columns` are the widths of name and percentage."""
    name, value, best = entry
    middle = Qt.AlignmentFlag.AlignVCenter
    painter.setPen(QColor(theme.text if best else theme.muted))
    label = QRectF(row.left(), row.top(), columns[0], row.height())
    right, middle_dots = Qt.AlignmentFlag.AlignRight | middle, Qt.TextElideMode.ElideMiddle
    shown = QFontMetricsF(painter.font()).elidedText(name, middle_dots, columns[0] + 1)
    painter.drawText(label, right, shown)
    number = QRectF(row.right() - columns[1], row.top(), columns[1], row.height())
    painter.drawText(number, Qt.AlignmentFlag.AlignRight | middle, percent(value))
    track = QRectF(label.right() + SPACE_S, row.center().y() - _TRACK / 2, 0, _TRACK)
    track.setRight(number.left() - SPACE_S)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.pressed))
    painter.drawRoundedRect(track, _TRACK / 2, _TRACK / 2)
    if value is not None and (width := track.width() * min(value, 1.0)) >= 1:
        painter.setBrush(QColor(theme.accent if best else theme.border_strong))
        bar = QRectF(track.topLeft(), QRectF(0, 0, max(width, _TRACK / 2), _TRACK).size())
        radius = min(_TRACK, bar.width()) / 2
        painter.drawRoundedRect(bar, radius, radius)


def percent(value: float | None) -> str:
    """Return 0..1 as a percentage that never rounds a doubt away; None as a dash."""
    if value is None:
        return "–"
    if 0.0 < value < 0.0005:
        return "< 0.1 %"
    if 0.9995 <= value < 1.0:
        return "> 99.9 %"
    return f"{value * 100:.1f} %"
