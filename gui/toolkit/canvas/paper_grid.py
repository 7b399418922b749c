"""The faint grid on the drawing paper."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from core.imaging.framing import SIDE
from gui.style.theme import PAPER_GUIDE

_ALPHA = 120  # of 255: fainter than the box that digits are framed into


def paint_pixel_grid(painter: QPainter, square: QRectF) -> None:
    """Paint the lines between the pixels of the network's picture, one dot wide."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    colour = QColor(PAPER_GUIDE)
    colour.setAlpha(_ALPHA)
    painter.setPen(QPen(colour, 0))  # width 0: always one device pixel
    for part in range(1, SIDE):
        along = part * square.width() / SIDE
        x, y = square.left() + along, square.top() + along
        painter.drawLine(QPointF(x, square.top()), QPointF(x, square.bottom()))
        painter.drawLine(QPointF(square.left(), y), QPointF(square.right(), y))
    painter.restore()
