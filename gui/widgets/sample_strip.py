"""A few digits with their labels, in two tight rows."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.arrays import ByteArray
from gui.theme import FONT_SMALL, PAPER, SPACE_XS, Theme, Themes

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
        themes.changed.connect(self._dress)

    def _dress(self, _: Theme) -> None:
        self.update()

    def set_samples(self, images: ByteArray, captions: Sequence[str]) -> None:
        """Show `images` (n, H, W) uint8, 255 for ink, with one caption each."""
        shown = np.ascontiguousarray(images[: _COLUMNS * _MAX_ROWS])
        self._captions = tuple(captions[: len(shown)])
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
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, caption[:3])


def _picture(image: ByteArray) -> QImage:
    height, width = image.shape
    # A copy: QImage does not keep the array's memory alive.
    return QImage(image.tobytes(), width, height, width, QImage.Format.Format_Grayscale8).copy()
