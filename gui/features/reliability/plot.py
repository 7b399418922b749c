"""Certainty against truth: a curve that should lie on the diagonal, and a histogram.

Painted by hand: the axes never change, and the program's start need not wait for the
plots' library. `paint_reliability` also paints the figure that is exported.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui.style.theme import FONT_SMALL, SPACE_M, SPACE_S, SPACE_XS, Theme, Themes, tabular
from gui.toolkit.plain import tip_text

_STEPS = (0, 20, 40, 60, 80, 100)
_TICK = 4  # logical pixels
_SHARE = 0.27  # of the height for the histogram
_LEAST_HEIGHT = 48
_DOT = (2.0, 5.0)  # radius of the point of an almost empty bin, and of a full one
_SWATCH = 18


@dataclass(frozen=True, slots=True, eq=False)
class Bins:
    """One curve: what was found in each of B bins of equal width.

    Attributes:
        counts: (B,) answers.
        confidence, accuracy: (B,) 0..1, NaN in an empty bin.
    """

    counts: NDArray[np.floating]
    confidence: NDArray[np.floating]
    accuracy: NDArray[np.floating]


class ReliabilityPlot(QWidget):
    """Shows the curves as trained and calibrated, and says what each bin holds."""

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._curves: tuple[Bins, Bins] | None = None
        self._words: Callable[[int], str] = lambda _: ""
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("How often it is right, against how sure it says it is")
        themes.changed.connect(self.update)

    def show_curves(self, before: Bins, after: Bins, words: Callable[[int], str]) -> None:
        """Show two curves; `words` tells what to say of a bin under the mouse."""
        self._curves, self._words = (before, after), words
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for a comfortable square and the histogram below it."""
        return QSize(360, 420)

    def minimumSizeHint(self) -> QSize:
        """Need enough to tell the points apart."""
        return QSize(200, 240)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint everything."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._curves is not None:
            paint_reliability(painter, QRectF(self.rect()), self._themes.current, self._curves)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell what the bin under the mouse holds."""
        if self._curves is None:
            return
        painter = QFontMetricsF(self.font())
        frame = _frames(QRectF(self.rect()), painter)[0]
        share = (event.position().x() - frame.left()) / max(frame.width(), 1)
        bins = len(self._curves[0].counts)
        words = self._words(int(share * bins)) if 0 <= share < 1 else ""
        tip = tip_text(*words.split("\n"))
        QToolTip.showText(event.globalPosition().toPoint(), tip, self)

    def leaveEvent(self, event: QEvent) -> None:
        """Say nothing more."""
        super().leaveEvent(event)
        QToolTip.hideText()


def paint_reliability(
    painter: QPainter, area: QRectF, theme: Theme, curves: tuple[Bins, Bins]
) -> None:
    """Paint both plots and their legend into `area`."""
    painter.save()
    font = tabular(painter.font())
    font.setPixelSize(FONT_SMALL)
    painter.setFont(font)
    upper, lower = _frames(area, QFontMetricsF(font))
    _paint_axes(painter, theme, upper, lower)
    _paint_legend(painter, theme, area, upper)
    painter.setPen(QPen(QColor(theme.plot_axis), 1, Qt.PenStyle.DashLine))
    painter.drawLine(upper.bottomLeft(), upper.topRight())
    most = max(float(curve.counts.max() / curve.counts.sum()) for curve in curves)
    looks = ((theme.muted, False), (theme.accent, True))
    for curve, (colour, solid) in zip(curves, looks, strict=True):
        _paint_curve(painter, upper, curve, QColor(colour), solid)
        _paint_histogram(painter, lower, curve.counts / curve.counts.sum() / most, colour, solid)
    painter.setPen(QColor(theme.muted))
    top = QRectF(area.left(), lower.top() - 2, lower.left() - area.left() - SPACE_S, 14)
    painter.drawText(top, Qt.AlignmentFlag.AlignRight, f"{most:.0%}".replace("%", " %"))
    painter.restore()


def _frames(area: QRectF, metrics: QFontMetricsF) -> tuple[QRectF, QRectF]:
    """Return the places of the curve and of the histogram, one above the other."""
    line = metrics.height()
    left = metrics.horizontalAdvance("100 %") + SPACE_S + line + SPACE_XS
    right = metrics.horizontalAdvance("100 %") / 2 + 2  # half of the last label sticks out
    inner = area.adjusted(left, line + SPACE_M, -right, -2 * line - SPACE_S - SPACE_XS)
    low = max(_LEAST_HEIGHT, _SHARE * inner.height())
    upper, lower = QRectF(inner), QRectF(inner)
    upper.setBottom(inner.bottom() - low - line)
    lower.setTop(inner.bottom() - low)
    return upper, lower


def _paint_axes(painter: QPainter, theme: Theme, upper: QRectF, lower: QRectF) -> None:
    line = QFontMetricsF(painter.font()).height()
    right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
    for step in _STEPS:
        x = upper.left() + upper.width() * step / 100
        y = upper.bottom() - upper.height() * step / 100
        painter.setPen(QPen(QColor(theme.plot_grid), 1))
        painter.drawLine(QPointF(upper.left(), y), QPointF(upper.right(), y))
        for frame in (upper, lower):
            painter.drawLine(QPointF(x, frame.top()), QPointF(x, frame.bottom()))
        painter.setPen(QColor(theme.text))
        place = QRectF(upper.left() - 80 - SPACE_S, y - line / 2, 80, line)
        painter.drawText(place, right, f"{step} %")
        below = QRectF(x - 40, lower.bottom() + _TICK, 80, line)
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, f"{step} %")
    painter.setPen(QPen(QColor(theme.plot_axis), 1))
    for frame in (upper, lower):
        painter.drawLine(frame.bottomLeft(), frame.bottomRight())
        painter.drawLine(frame.bottomLeft(), frame.topLeft())
    painter.setPen(QColor(theme.text))
    title = QRectF(lower.left(), lower.bottom() + line + SPACE_S, lower.width(), line)
    painter.drawText(title, Qt.AlignmentFlag.AlignHCenter, "How sure it says it is")
    for frame, words in ((upper, "How often it is right"), (lower, "Answers")):
        _paint_upright(painter, frame, words, line)


def _paint_upright(painter: QPainter, frame: QRectF, words: str, line: float) -> None:
    room = QFontMetricsF(painter.font()).horizontalAdvance("100 %") + SPACE_S
    painter.save()
    painter.translate(frame.left() - room - line - 1, frame.center().y())
    painter.rotate(-90)
    span = max(frame.height(), 80)
    painter.drawText(QRectF(-span / 2, 0, span, line), Qt.AlignmentFlag.AlignHCenter, words)
    painter.restore()


def _paint_legend(painter: QPainter, theme: Theme, area: QRectF, upper: QRectF) -> None:
    metrics = QFontMetricsF(painter.font())
    height, left = metrics.height(), upper.left()
    middle = area.top() + SPACE_XS + height / 2
    for words, colour, style in (
        ("As trained", theme.muted, Qt.PenStyle.SolidLine),
        ("Calibrated", theme.accent, Qt.PenStyle.SolidLine),
        ("Honest", theme.plot_axis, Qt.PenStyle.DashLine),
    ):
        painter.setPen(QPen(QColor(colour), 1 if style == Qt.PenStyle.DashLine else 2, style))
        painter.drawLine(QPointF(left, middle), QPointF(left + _SWATCH, middle))
        left += _SWATCH + SPACE_XS
        painter.setPen(QColor(theme.text))
        width = metrics.horizontalAdvance(words)
        place = QRectF(left, middle - height / 2, width + 2, height)
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, words)
        left += width + SPACE_M


def _paint_curve(
    painter: QPainter, frame: QRectF, curve: Bins, colour: QColor, solid: bool
) -> None:
    """Paint the points of a curve, the larger the more answers, and the line through them."""
    full = np.flatnonzero(curve.counts)
    points = [
        QPointF(
            frame.left() + frame.width() * float(curve.confidence[index]),
            frame.bottom() - frame.height() * float(curve.accuracy[index]),
        )
        for index in full
    ]
    painter.setPen(QPen(colour, 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPolyline(QPolygonF(points))
    painter.setPen(QPen(colour, 1.5))
    painter.setBrush(colour if solid else Qt.BrushStyle.NoBrush)
    small, large = _DOT
    for index, point in zip(full, points, strict=True):
        share = float(curve.counts[index] / curve.counts.max())
        radius = small + (large - small) * share**0.5
        painter.drawEllipse(point, radius, radius)


def _paint_histogram(
    painter: QPainter, frame: QRectF, shares: NDArray[np.floating], colour: str, solid: bool
) -> None:
    """Paint a bar for each bin (B,); as an outline, or filled and narrower."""
    width = frame.width() / len(shares)
    inset = width * 0.25 if solid else 1.0
    shade = QColor(colour)
    painter.setPen(Qt.PenStyle.NoPen if solid else QPen(shade, 1))
    painter.setBrush(shade if solid else Qt.BrushStyle.NoBrush)
    for index, share in enumerate(shares):
        if share:
            height = max(1.0, float(share) * frame.height())
            left = frame.left() + index * width + inset
            painter.drawRect(QRectF(left, frame.bottom() - height, width - 2 * inset, height))
