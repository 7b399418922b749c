"""Paints strokes into a picture that is kept, so that a new piece costs only itself."""

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from gui.style.theme import INK
from gui.toolkit.canvas.strokes import SIDE, Drawing, Stroke, line_widths


class InkLayer:
    """A transparent square picture of a drawing, `pixels` device pixels wide."""

    def __init__(self) -> None:
        self.image = QImage()

    def fits(self, pixels: int) -> bool:
        """True if the picture has this size already."""
        return self.image.width() == pixels

    def redraw(self, drawing: Drawing, pen_width: float, pixels: int) -> None:
        """Paint all of `drawing` afresh, `pixels` wide."""
        if not self.fits(pixels):
            self.image = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
        self.image.fill(Qt.GlobalColor.transparent)
        for stroke in drawing:
            self.add(stroke, pen_width)

    def add(self, points: Stroke, pen_width: float) -> None:
        """Paint one more piece of line."""
        painter = self._painter()
        _draw(painter, points, pen_width)
        painter.end()

    def repair(self, drawing: Drawing, pen_width: float, area: QRectF) -> None:
        """Paint `drawing` afresh within `area` (units) only."""
        painter = self._painter()
        # Whole pixels: half a pixel that is cleared and painted again would leave a seam.
        scale = self.image.width() / SIDE
        dots = QRectF(area.topLeft() * scale, area.size() * scale).toAlignedRect()
        area = QRectF(QPointF(dots.topLeft()) / scale, QSizeF(dots.size()) / scale)
        painter.setClipRect(area)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
        painter.fillRect(area, Qt.GlobalColor.transparent)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        for stroke in drawing:
            for piece in _near(stroke, area, pen_width):
                _draw(painter, piece, pen_width)
        painter.end()

    def _painter(self) -> QPainter:
        painter = QPainter(self.image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(self.image.width() / SIDE, self.image.height() / SIDE)
        return painter


def bounds(points: Stroke, reach: float) -> QRectF:
    """Return the rectangle (units) of all that lies within `reach` units of `points`."""
    left, top = points[:, :2].min(axis=0).tolist()
    right, bottom = points[:, :2].max(axis=0).tolist()
    margin = math.ceil(reach) + 1  # one unit more for the soft edge
    return QRectF(left, top, right - left, bottom - top).adjusted(-margin, -margin, margin, margin)


def _near(stroke: Stroke, area: QRectF, pen_width: float) -> list[Stroke]:
    """Return the pieces of `stroke` whose ink may touch `area`."""
    seen = area.adjusted(-pen_width, -pen_width, pen_width, pen_width)
    x, y = stroke[:, 0], stroke[:, 1]
    inside = (x >= seen.left()) & (x <= seen.right()) & (y >= seen.top()) & (y <= seen.bottom())
    edges = np.flatnonzero(np.diff(np.concatenate([[False], inside, [False]])))
    # One point more at either end: the line into and out of the area.
    return [
        stroke[max(first - 1, 0) : last + 1]
        for first, last in zip(edges[::2], edges[1::2], strict=True)
    ]


def _draw(painter: QPainter, points: Stroke, pen_width: float) -> None:
    widths = line_widths(pen_width, points[:, 2])
    places = [QPointF(x, y) for x, y in points[:, :2].tolist()]
    if len(places) == 1:
        painter.setPen(_pen(float(widths[0])))
        painter.drawPoint(places[0])
    elif np.ptp(widths) < 0.01:
        painter.setPen(_pen(float(widths[0])))
        painter.drawPolyline(QPolygonF(places))
    else:
        for start, end, width in zip(places, places[1:], widths[1:].tolist(), strict=False):
            painter.setPen(_pen(width))
            painter.drawLine(start, end)


def _pen(width: float) -> QPen:
    round_cap, round_join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    return QPen(QColor(INK), width, Qt.PenStyle.SolidLine, round_cap, round_join)
