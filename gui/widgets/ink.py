"""Paints strokes into a picture that is kept, so that a new piece costs only itself."""

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF

from gui.theme import INK
from gui.widgets.strokes import SIDE, Drawing, Stroke, line_widths


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
        painter = QPainter(self.image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(self.image.width() / SIDE, self.image.height() / SIDE)
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
        painter.end()


def bounds(points: Stroke, pen_width: float) -> QRectF:
    """Return the rectangle (units) that the ink of `points` may cover."""
    left, top = points[:, :2].min(axis=0).tolist()
    right, bottom = points[:, :2].max(axis=0).tolist()
    margin = math.ceil(pen_width / 2) + 1  # one unit more for the soft edge
    return QRectF(left, top, right - left, bottom - top).adjusted(-margin, -margin, margin, margin)


def _pen(width: float) -> QPen:
    round_cap, round_join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
    return QPen(QColor(INK), width, Qt.PenStyle.SolidLine, round_cap, round_join)
