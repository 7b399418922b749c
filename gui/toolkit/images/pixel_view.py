"""One small picture shown large, each pixel a crisp square."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QHelpEvent, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from core.imaging.framing import SHAPE
from gui.style.theme import PAPER, PAPER_GUIDE
from gui.toolkit.images.tile_layout import pixel_scale
from gui.toolkit.plain import tip_text

_MIN_GRID = 5.0  # logical pixels; squares smaller than this get no lines between them


class PixelView(QWidget):
    """Shows a gray image as the network sees it: light ink on dark, whatever the theme."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = np.zeros(SHAPE, np.uint8)
        self._grid = False
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumSize(56, 56)
        self.setAccessibleName("What the network sees")

    def set_image(self, image: NDArray[np.uint8] | None) -> None:
        """Show `image`, uint8 (H, W), 0 is paper and 255 is ink; None: blank paper."""
        blank = np.zeros_like(self._image)
        self._image = blank if image is None else np.array(image, np.uint8, order="C")
        self.update()

    def set_grid(self, shown: bool) -> None:
        """Show or hide faint lines between the pixels."""
        self._grid = shown
        self.update()

    def pixel_at(self, place: QPointF) -> tuple[int, int] | None:
        """Return row and column under a point of the widget, counted from 0, or None."""
        frame = self._frame()
        if not frame.contains(place):
            return None
        rows, columns = self._image.shape
        offset = place - frame.topLeft()
        row = int(offset.y() * rows / frame.height())
        column = int(offset.x() * columns / frame.width())
        return min(row, rows - 1), min(column, columns - 1)

    def _frame(self) -> QRectF:
        """Return where the image lies: centred, each pixel a whole number of dots."""
        rows, columns = self._image.shape
        ratio = self.devicePixelRatio()
        room = min(self.width(), self.height() * columns / rows)
        scale = pixel_scale(room, columns, ratio)
        width, height = columns * scale, rows * scale
        left = round((self.width() - width) / 2 * ratio) / ratio
        top = round((self.height() - height) / 2 * ratio) / ratio
        return QRectF(left, top, width, height)

    def sizeHint(self) -> QSize:
        """Ask for five logical pixels per pixel."""
        rows, columns = self._image.shape
        return QSize(columns * 5, rows * 5)

    def hasHeightForWidth(self) -> bool:
        """The image keeps its shape."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height that fits `width`."""
        rows, columns = self._image.shape
        return width * rows // columns

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the image without smoothing."""
        rows, columns = self._image.shape
        frame = self._frame()
        painter = QPainter(self)
        painter.fillRect(frame, QColor(PAPER))
        kind = QImage.Format.Format_Grayscale8
        image = QImage(self._image.data, columns, rows, columns, kind)
        # "Lighten" keeps the paper's own black where the image is darker than it.
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Lighten)
        painter.drawImage(frame, image)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        if self._grid and frame.width() / columns >= _MIN_GRID:
            self._paint_grid(painter, frame)

    def _paint_grid(self, painter: QPainter, frame: QRectF) -> None:
        rows, columns = self._image.shape
        step = frame.width() / columns
        painter.setPen(QPen(QColor(PAPER_GUIDE), 0))  # width 0: always one device pixel
        for column in range(1, columns):
            x = frame.left() + column * step
            painter.drawLine(QPointF(x, frame.top()), QPointF(x, frame.bottom()))
        for row in range(1, rows):
            y = frame.top() + row * step
            painter.drawLine(QPointF(frame.left(), y), QPointF(frame.right(), y))

    def event(self, event: QEvent) -> bool:
        """Tell row, column and value of the pixel under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = self.pixel_at(QPointF(event.pos()))
            words = ""
            if place is not None:
                row, column = place
                words = f"row {row + 1}, column {column + 1}: {self._image[row, column]}"
            QToolTip.showText(event.globalPos(), tip_text(words), self)
            return True
        return super().event(event)
