"""How thick the pen is."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.style.theme import INK, PAPER
from gui.toolkit.canvas.stroke_paper import PEN_WIDTHS

_SIDE = 24  # logical pixels
_CORNER = 6.0


class PenPreview(QWidget):
    """A dot of ink on paper that grows and shrinks with the pen."""

    def __init__(self, width: float, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._width = width
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_width(self, width: float) -> None:
        """Show a pen `width` units wide; the drawing square has 280."""
        self._width = width
        self.update()

    def sizeHint(self) -> QSize:
        """Ask for about the size of a tool button."""
        return QSize(_SIDE, _SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint paper and dot."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(PAPER))
        painter.drawRoundedRect(QRectF(self.rect()), _CORNER, _CORNER)
        radius = self._width / PEN_WIDTHS[1] * (_SIDE / 2 - 2)  # the thickest nearly fills it
        painter.setBrush(QColor(INK))
        painter.drawEllipse(QPointF(_SIDE / 2, _SIDE / 2), radius, radius)
