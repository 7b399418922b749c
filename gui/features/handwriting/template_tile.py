"""One template, as it is painted in a strip of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from core.base.arrays import FloatArray
from gui.style.theme import Theme

_BADGE_PX, _POINT_PX = 16, 1.8
_EXTENT = 1.35  # half heights from a tile's middle to its edge


@dataclass(frozen=True, slots=True, eq=False)
class StripItem:
    """One template.

    Attributes:
        strokes: the curves (n, 2) each, in half heights around the middle.
        points: control points (k, 2) in the same unit.
        caption: a word under it.
        tooltip: a sentence about it.
        own: it is the user's: it is marked, and can be deleted.
        faded: it is not in use.
    """

    strokes: Sequence[FloatArray]
    points: FloatArray
    caption: str
    tooltip: str
    own: bool = False
    faded: bool = False


def paint_template(painter: QPainter, place: QRectF, item: StripItem, theme: Theme) -> None:
    """Paint the curves and control points of a template into a square."""
    scale = place.width() / (2 * _EXTENT)

    def at(x: float, y: float) -> QPointF:
        return QPointF(place.center().x() + x * scale, place.center().y() + y * scale)

    line = QPen(QColor(theme.disabled if item.faded else theme.text), 2.2)
    line.setCapStyle(Qt.PenCapStyle.RoundCap)
    line.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(line)
    for stroke in item.strokes:
        path = QPainterPath(at(*stroke[0]))
        for x, y in stroke[1:]:
            path.lineTo(at(x, y))
        painter.drawPath(path)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.disabled if item.faded else theme.link))
    for x, y in item.points:
        painter.drawEllipse(at(x, y), _POINT_PX, _POINT_PX)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def paint_cross(painter: QPainter, hit: QRectF, theme: Theme) -> None:
    """Paint a cross on a disc, in the middle of the place where it is pressed."""
    half = _BADGE_PX / 2
    middle = hit.center()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.wrong))
    painter.drawEllipse(middle, half, half)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(theme.surface), 1.6, c=Qt.PenCapStyle.RoundCap))
    arm = half * 0.4
    painter.drawLine(middle + QPointF(-arm, -arm), middle + QPointF(arm, arm))
    painter.drawLine(middle + QPointF(-arm, arm), middle + QPointF(arm, -arm))
