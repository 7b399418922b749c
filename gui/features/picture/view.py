"""A picture with boxes around what was found in it; a click or an arrow key chooses one."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.style.theme import FONT_SMALL, Themes, tabular

_MARGIN = 28  # logical pixels around the picture: a caption above its edge stays visible
_LINE, _CHOSEN_LINE = 1.5, 3.0
_PAD = 4  # inside a caption
_TOUCH = (-6, -6, 6, 6)  # around a box, that a click may miss it by
_STEPS = {
    Qt.Key.Key_Left: -1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Right: 1,
    Qt.Key.Key_Down: 1,
}

Box = tuple[float, float, float, float]


class PictureView(QWidget):
    """Shows a picture as large as it fits, with captioned boxes.

    Signals:
        chosen(int): the number of a box, from 0, that was clicked or stepped to.
    """

    chosen = Signal(int)

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._image = QImage()
        self._boxes: list[Box] = []
        self._captions: list[tuple[str, str]] = []
        self._selected = -1
        self._margin = _MARGIN
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 120)
        self.setAccessibleName("Picture with the digits found in it")
        themes.changed.connect(self._repaint)

    def set_picture(self, pixels: NDArray[np.uint8] | None) -> None:
        """Show a picture (H, W, 3) uint8, without boxes; None: nothing."""
        if pixels is None:
            self._image = QImage()
        else:
            height, width = pixels.shape[:2]
            kind = QImage.Format.Format_RGB888
            data = np.ascontiguousarray(pixels)
            # Copied: the image would not keep the array alive.
            self._image = QImage(data.data, width, height, 3 * width, kind).copy()
        self.set_boxes([], [], -1)

    def set_plain(self) -> None:
        """Show pictures without a margin for captions, and take no part in the keyboard's way."""
        self._margin = 0
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def set_boxes(
        self, boxes: Sequence[Box], captions: Sequence[tuple[str, str]], selected: int
    ) -> None:
        """Show boxes.

        Args:
            boxes: left, top, right, bottom in pixels of the picture.
            captions: for each a word and a lesser word behind it; empty for none.
            selected: number of the box that is emphasized; -1 for none.
        """
        self._boxes, self._captions, self._selected = list(boxes), list(captions), selected
        words = [" ".join(part for part in pair if part) for pair in captions]
        self.setAccessibleDescription(", ".join(word for word in words if word))
        self.update()

    def box_at(self, place: QPointF) -> int:
        """Return the number of the box under a point of the widget, the smallest; or -1."""
        hits = [
            (box.width() * box.height(), number)
            for number in range(len(self._boxes))
            if (box := self.box_on_screen(number).adjusted(*_TOUCH)).contains(place)
        ]
        return min(hits)[1] if hits else -1

    def box_on_screen(self, number: int) -> QRectF:
        """Return where a box lies in the widget."""
        frame = self._frame()
        scale = frame.width() / max(self._image.width(), 1)
        left, top, right, bottom = (side * scale for side in self._boxes[number])
        return QRectF(frame.left() + left, frame.top() + top, right - left, bottom - top)

    def sizeHint(self) -> QSize:
        """Ask for a good half of a window."""
        return QSize(640, 420)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the box under the mouse."""
        number = self.box_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and number >= 0:
            self.chosen.emit(number)
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show a hand over boxes."""
        over = self.box_at(event.position()) >= 0
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)
        super().mouseMoveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Step from box to box with the arrow keys; Home and End go to the ends."""
        last = len(self._boxes) - 1
        key = Qt.Key(event.key())
        if last >= 0 and key in _STEPS:
            self.chosen.emit(min(max(self._selected + _STEPS[key], 0), last))
        elif last >= 0 and key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.chosen.emit(0 if key == Qt.Key.Key_Home else last)
        else:
            super().keyPressEvent(event)

    def _frame(self) -> QRectF:
        """Return where the picture lies: centred, enlarged at most four times."""
        room = QRectF(self.rect()).adjusted(*(side * self._margin for side in (1, 1, -1, -1)))
        width, height = max(self._image.width(), 1), max(self._image.height(), 1)
        scale = max(min(room.width() / width, room.height() / height), 1e-3)
        if max(width, height) > 64:
            scale = min(scale, 4.0)
        size = QRectF(0, 0, width * scale, height * scale)
        size.moveCenter(room.center())
        return size

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture, then the boxes, the chosen one last."""
        theme = self._themes.current
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(
            QPainter.RenderHint.SmoothPixmapTransform, max(self._image.width(), 0) > 64
        )
        painter.fillRect(self.rect(), QColor(theme.window))
        if self._image.isNull():
            return
        frame = self._frame()
        painter.drawImage(frame, self._image)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.focus), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(frame.adjusted(-2, -2, 2, 2), 2, 2)
        order = sorted(range(len(self._boxes)), key=lambda number: number == self._selected)
        for number in order:
            self._paint_box(painter, number)

    def _paint_box(self, painter: QPainter, number: int) -> None:
        theme, chosen = self._themes.current, number == self._selected
        box = self.box_on_screen(number).adjusted(-2, -2, 2, 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        # A light line under the coloured one: seen on any picture.
        painter.setPen(QPen(QColor(255, 255, 255, 170), (_CHOSEN_LINE if chosen else _LINE) + 2))
        painter.drawRoundedRect(box, 3, 3)
        colour = QColor(theme.accent if chosen else theme.muted)
        painter.setPen(QPen(colour, _CHOSEN_LINE if chosen else _LINE))
        painter.drawRoundedRect(box, 3, 3)
        word, lesser = self._captions[number] if number < len(self._captions) else ("", "")
        if word:
            self._paint_caption(painter, box, (word, lesser), chosen=chosen)

    def _paint_caption(
        self, painter: QPainter, box: QRectF, words: tuple[str, str], *, chosen: bool
    ) -> None:
        """Write above the box, or within its top where there is no room above it."""
        theme, (word, lesser) = self._themes.current, words
        bold, plain = tabular(self.font()), tabular(self.font())
        bold.setBold(True)
        plain.setPixelSize(FONT_SMALL)
        metrics = QFontMetricsF(bold)
        most = max(self._room(box) - 2 * _PAD, 2 * metrics.height())
        word = metrics.elidedText(word, Qt.TextElideMode.ElideMiddle, most + 1)
        first = metrics.horizontalAdvance(word)
        second = QFontMetricsF(plain).horizontalAdvance(lesser) + _PAD if lesser else 0.0
        # On narrow boxes side by side only the reading itself has room.
        if first + second + 2 * _PAD > self._room(box):
            second = 0.0
        tag = QRectF(0, 0, first + second + 2 * _PAD, metrics.height() + 2)
        tag.moveCenter(QPointF(box.center().x(), 0))
        tag.moveBottom(box.top() - 3)
        if tag.top() < 0:
            tag.moveTop(box.top() + 3)
        tag.moveLeft(min(max(tag.left(), 2.0), self.width() - tag.width() - 2))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.accent if chosen else theme.surface))
        painter.drawRoundedRect(tag, 4, 4)
        painter.setPen(QColor(theme.on_accent if chosen else theme.text))
        inner = tag.adjusted(_PAD, 0, -_PAD, 0)
        painter.setFont(bold)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(inner, int(middle | Qt.AlignmentFlag.AlignLeft), word)
        if second:
            painter.setFont(plain)
            painter.drawText(inner, int(middle | Qt.AlignmentFlag.AlignRight), lesser)

    def _room(self, box: QRectF) -> float:
        """Return how wide a caption may be: half way to the next box on either side."""
        centre, room = box.center(), float(self.width())
        for number in range(len(self._boxes)):
            other = self.box_on_screen(number)
            away = abs(other.center().x() - centre.x())
            if away > 2 and abs(other.top() - box.top()) < box.height():
                room = min(room, away - 4)
        return max(box.width(), room)

    def _repaint(self, _theme: object) -> None:
        self.update()
