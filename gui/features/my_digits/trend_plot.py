"""A small plot of two shares from one training to the next."""

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.style.theme import FONT_SMALL, SPACE_S, SPACE_XS, Themes, tabular

_DOT = 3.0  # logical pixels, radius
_HEIGHT = 96
_LEAST_SPAN = 0.02  # of the axis: noise of a tenth of a per cent is no landslide
_MOST = 60  # trainings shown


class TrendPlot(QWidget):
    """Two lines of dots, each named and valued at its right end."""

    def __init__(self, themes: Themes) -> None:
        super().__init__()
        self._themes = themes
        self._lines: list[tuple[str, list[float]]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Scores from run to run")
        themes.changed.connect(self.update)

    def show_lines(self, lines: Sequence[tuple[str, Sequence[float]]]) -> None:
        """Show up to two named lines of equal length, shares 0..1 with NaN for gaps."""
        self._lines = [(name, list(values)[-_MOST:]) for name, values in lines]
        self.setAccessibleDescription(
            ". ".join(
                f"{name}: {_percent(known[0])} at first, {_percent(known[-1])} now"
                for name, values in self._lines
                if (known := [value for value in values if not math.isnan(value)])
            )
        )
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for a low strip."""
        return QSize(320, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint axis, lines and names."""
        theme = self._themes.current
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(tabular(self.font()))
        font.setPixelSize(FONT_SMALL)
        painter.setFont(font)
        known = [v for _, values in self._lines for v in values if not math.isnan(v)]
        if not known:
            return
        low, high = _span(known)
        measure = painter.fontMetrics().horizontalAdvance
        left = measure(_percent(1.0)) + SPACE_S
        right = max(measure(f"{name} 100.0 %") for name, _ in self._lines) + SPACE_S + SPACE_XS
        area = QRectF(left, 8, self.width() - left - right, self.height() - 16)
        middle = Qt.AlignmentFlag.AlignVCenter
        for share in (low, high):
            y = _y(area, share, (low, high))
            painter.setPen(QPen(QColor(theme.plot_grid), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(theme.muted))
            place = QRectF(0, y - 8, left - SPACE_S, 16)
            painter.drawText(place, Qt.AlignmentFlag.AlignRight | middle, _percent(share))
        ends = []
        for (_, values), colour in zip(self._lines, self._colours(), strict=False):
            ends.append(_paint_line(painter, area, values, (low, high), colour))
        self._name_ends(painter, area.right() + SPACE_S, ends)

    def _colours(self) -> tuple[str, str]:
        theme = self._themes.current
        return theme.link, theme.validation

    def _name_ends(self, painter: QPainter, left: float, ends: Sequence[float | None]) -> None:
        """Write each line's name and last value beside its end, one clear of the other."""
        places = sorted((y, index) for index, y in enumerate(ends) if y is not None)
        height = painter.fontMetrics().height()
        if len(places) == 2 and places[1][0] - places[0][0] < height:
            centre = (places[0][0] + places[1][0]) / 2
            centre = min(max(centre, height), self.height() - height)
            places = [(centre - height / 2, places[0][1]), (centre + height / 2, places[1][1])]
        for y, index in places:
            name, values = self._lines[index]
            last = next(value for value in reversed(values) if not math.isnan(value))
            painter.setPen(QColor(self._colours()[index]))
            place = QRectF(left, y - height / 2, self.width() - left, height)
            words = f"{name} {_percent(last)}"
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, words)


def _paint_line(
    painter: QPainter,
    area: QRectF,
    values: Sequence[float],
    span: tuple[float, float],
    colour: str,
) -> float | None:
    """Paint one line; return the height of its last dot, None if it has none."""
    step = area.width() / max(1, len(values) - 1)
    start = area.left() if len(values) > 1 else area.center().x()
    dots = [
        QPointF(start + index * step, _y(area, value, span))
        for index, value in enumerate(values)
        if not math.isnan(value)
    ]
    if not dots:
        return None
    painter.setPen(QPen(QColor(colour), 1.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF(dots))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colour))
    for dot in dots if len(dots) <= 30 else dots[-1:]:
        painter.drawEllipse(dot, _DOT, _DOT)
    return dots[-1].y()


def _span(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    if high - low < _LEAST_SPAN:
        low, high = low - _LEAST_SPAN / 2, high + _LEAST_SPAN / 2
        low, high = low - max(0.0, high - 1), min(1.0, high)
    return max(0.0, low), high


def _y(area: QRectF, share: float, span: tuple[float, float]) -> float:
    return area.bottom() - area.height() * (share - span[0]) / (span[1] - span[0])


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
