"""A few digits with their labels, in two tight rows."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QHelpEvent, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from core.base.arrays import ByteArray
from core.base.printable import printable
from gui.style.theme import FONT_SMALL, PAPER, SPACE_XS, Theme, Themes
from gui.toolkit.plain import short_name, tip_text

_COLUMNS, _MAX_ROWS = 10, 2
_CAPTION_PX = 16


class SampleStrip(QWidget):
    """Shows the first 20 images, ten to a row, each over its label."""

    def __init__(self, themes: Themes) -> None:
        super().__init__()
        self._themes = themes
        self._images: list[QImage] = []
        self._captions: Sequence[str] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName("Some of the images, with their labels")
        themes.changed.connect(self._apply_theme)

    def _apply_theme(self, _: Theme) -> None:
        self.update()

    def set_samples(self, images: ByteArray, captions: Sequence[str]) -> None:
        """Show `images` (n, H, W) uint8, 255 for ink, with one caption each."""
        shown = np.ascontiguousarray(images[: _COLUMNS * _MAX_ROWS])
        self._captions = tuple(map(printable, captions[: len(shown)]))
        self._images = [_picture(image) for image in shown]
        self.setAccessibleDescription(", ".join(self._captions))
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        """Tell Qt that wider images are also higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height in which all rows fit."""
        rows = -(-len(self._images) // _COLUMNS)
        return rows * (self._side(width) + _CAPTION_PX)

    def sizeHint(self) -> QSize:
        """Ask for what a panel of usual width has."""
        return QSize(260, self.heightForWidth(260))

    @staticmethod
    def _side(width: int) -> int:
        return max(8, (width - (_COLUMNS - 1) * SPACE_XS) // _COLUMNS)

    def event(self, event: QEvent) -> bool:
        """Tell the whole label of the image pointed at."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            column = int(event.pos().x() * _COLUMNS / max(self.width(), 1))
            row = int(event.pos().y() / (self._side(self.width()) + _CAPTION_PX))
            index = row * _COLUMNS + min(column, _COLUMNS - 1)
            words = self._captions[index] if 0 <= index < len(self._captions) else ""
            QToolTip.showText(event.globalPos(), tip_text(words), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint images and labels."""
        theme, painter = self._themes.current, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        font = QFont(self.font())
        font.setPixelSize(FONT_SMALL)
        painter.setFont(font)
        painter.setPen(QColor(theme.muted))
        side = self._side(self.width())
        for index, (image, caption) in enumerate(zip(self._images, self._captions, strict=True)):
            row, column = divmod(index, _COLUMNS)
            left = round(column * (self.width() + SPACE_XS) / _COLUMNS)  # the last ends at the edge
            place = QRectF(left, row * (side + _CAPTION_PX), side, side)
            painter.fillRect(place, QColor(PAPER))
            painter.drawImage(place, image)
            below = QRectF(place.left(), place.bottom(), side, _CAPTION_PX)
            words = short_name(caption, painter.fontMetrics(), side)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, words)


def _picture(image: ByteArray) -> QImage:
    height, width = image.shape
    # A copy: QImage does not keep the array's memory alive.
    return QImage(image.tobytes(), width, height, width, QImage.Format.Format_Grayscale8).copy()
