"""The pictures of an image grid: arranging, scrolling and painting them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from core.imaging.framing import SHAPE
from gui.style.theme import SPACE_L, SPACE_S, Themes
from gui.toolkit.images.tile_layout import TileLayout, pixel_scale
from gui.toolkit.images.tile_painter import TilePainter, Tiles, caption_height

_MAX_FIT = 12  # device pixels per image pixel that fitting goes up to
_NOTHING = np.zeros((0, *SHAPE), np.uint8)


class TileView(QAbstractScrollArea):
    """Shows up to thousands of pictures; paints only what can be seen.

    Giving new pictures of the same number keeps the place, so it can be fed live.
    """

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._tiles = Tiles(_NOTHING)
        self._size = 56.0
        self._fit = False
        self._empty_text = "Nothing to show yet"
        self._hover = -1
        self._current = -1
        self._painter: TilePainter | None = None
        self._layout = TileLayout(0, 1.0, 1.0, 1.0, 0.0, 0.0)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Images")
        themes.changed.connect(self._forget_painter)
        self._arrange()

    @property
    def count(self) -> int:
        """Number of tiles."""
        return len(self._tiles.images)

    def set_tiles(
        self,
        images: NDArray[np.uint8],
        captions: Sequence[str] | None = None,
        marks: Sequence[str | None] | None = None,
    ) -> None:
        """Show `images`: uint8 (N, H, W) gray or (N, H, W, 3) red-green-blue.

        Args:
            images: copied, so the caller may write to it again.
            captions: N lines under the images, or None for no captions.
            marks: N of "right", "wrong" or None, shown by colour and by a sign.
        """
        before = self._tiles
        self._tiles = Tiles(np.array(images, np.uint8, order="C"), captions or (), marks or ())
        same_shape = before.images.shape[:3] == self._tiles.images.shape[:3]
        if not same_shape or bool(before.captions) != bool(self._tiles.captions):
            if len(before.images) != self.count:
                self._start_over()
            self._arrange()
        self.viewport().update()

    def set_tile_size(self, pixels: float) -> None:
        """Make images at most `pixels` logical pixels wide, and as wide as stays crisp."""
        self._size = pixels
        self._arrange()

    def set_fit(self, fit: bool) -> None:
        """With True, make the tiles as large as still lets all be seen at once."""
        self._fit = fit
        self._arrange()

    def set_empty_text(self, text: str) -> None:
        """Say `text` where there are no tiles."""
        self._empty_text = text
        self.viewport().update()

    def tile_rect(self, index: int) -> QRectF:
        """Return where the image of tile `index` is now, in the viewport's coordinates."""
        return self._layout.rect(index).translated(0, -self._top)

    def tile_at(self, place: QPointF) -> int:
        """Return the tile at a point of the viewport, or -1."""
        return self._layout.at(place.x(), place.y() + self._top)

    def _start_over(self) -> None:
        """Other pictures than before: back to the top."""
        self.verticalScrollBar().setValue(0)

    @property
    def _top(self) -> float:
        """How far the grid is scrolled down; whole device pixels, to stay crisp."""
        ratio = self.devicePixelRatio()
        return round(self.verticalScrollBar().value() * ratio) / ratio

    def _arrange(self) -> None:
        self._layout = self._fitting() if self._fit else self._laid_out(self._size)
        bar, seen = self.verticalScrollBar(), self.viewport().height()
        bar.setRange(0, max(0, int(self._layout.height - seen + 0.5)))
        bar.setPageStep(seen)
        bar.setSingleStep(max(1, int(self._layout.row_height / 2)))
        self.viewport().update()

    def _laid_out(self, size: float) -> TileLayout:
        ratio = self.devicePixelRatio()
        height, width = self._tiles.images.shape[1:3]
        scale = pixel_scale(size, width, ratio)
        caption = caption_height(self.fontMetrics()) if self._tiles.captions else 0
        gap = round(SPACE_S * ratio) / ratio
        return TileLayout(
            self.count, self.viewport().width(), width * scale, height * scale, caption, gap
        )

    def _fitting(self) -> TileLayout:
        width = self._tiles.images.shape[2]
        for scale in range(_MAX_FIT, 0, -1):
            layout = self._laid_out(scale * width / self.devicePixelRatio())
            if layout.height <= self.viewport().height():
                break
        return layout

    def _scroll_to(self, index: int) -> None:
        place, bar = self._layout.rect(index), self.verticalScrollBar()
        bottom = place.bottom() + self._layout.caption + self._layout.gap
        if place.top() - self._layout.gap < bar.value():
            bar.setValue(int(place.top() - self._layout.gap))
        elif bottom > bar.value() + self.viewport().height():
            bar.setValue(int(bottom - self.viewport().height() + 0.5))

    def _forget_painter(self) -> None:
        self._painter = None
        self._arrange()

    def sizeHint(self) -> QSize:
        """Ask for room for a few rows."""
        return QSize(360, 280)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fill the new width."""
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        """Captions follow the font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._arrange()

    def event(self, event: QEvent) -> bool:
        """Another screen has other pixels."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._forget_painter()
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tiles that can be seen."""
        theme = self._themes.current
        painter = QPainter(self.viewport())
        if not self.count:
            painter.setPen(QColor(theme.muted))
            room = QRectF(self.viewport().rect()).adjusted(SPACE_L, SPACE_L, -SPACE_L, -SPACE_L)
            words = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(room, words, self._empty_text)
            return
        if self._painter is None:
            self._painter = TilePainter(theme, self.devicePixelRatio())
        top = self._top
        shown = self._layout.between(top, top + self.viewport().height())
        self._painter.paint(painter, self._tiles, self._layout, shown, top)
        if self._hover in shown:
            self._painter.outline(painter, self.tile_rect(self._hover), theme.muted, 2)
        if self._current in shown and self.hasFocus():
            self._painter.outline(painter, self.tile_rect(self._current), theme.focus, 3)
