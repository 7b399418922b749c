"""Paints the tiles of an image grid."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPen, QPixmap, QPolygonF

from core.base.printable import printable
from gui.style.theme import Theme
from gui.toolkit.images.tile_layout import TileLayout

_BADGE = 14  # logical pixels, the disc with tick or cross
# The icons "check" and "cross" would be too thin at this size.
_SIGNS = {
    "right": [[(4.0, 7.3), (6.2, 9.5), (10.1, 4.8)]],
    "wrong": [[(4.8, 4.8), (9.2, 9.2)], [(9.2, 4.8), (4.8, 9.2)]],
}


@dataclass(frozen=True, slots=True, eq=False)
class Tiles:
    """What a grid shows.

    Attributes:
        images: uint8, (N, H, W) gray or (N, H, W, 3) red-green-blue, C-contiguous.
        captions: N lines of text, or none at all.
        marks: N of "right", "wrong" or None, or none at all.
    """

    images: NDArray[np.uint8]
    captions: Sequence[str] = ()
    marks: Sequence[str | None] = ()

    def image(self, index: int) -> QImage:
        """Return picture `index` without copying: it lives as long as `images`."""
        pixels = self.images[index]
        height, width = pixels.shape[:2]
        gray = pixels.ndim == 2
        kind = QImage.Format.Format_Grayscale8 if gray else QImage.Format.Format_RGB888
        return QImage(pixels.data, width, height, width * (1 if gray else 3), kind)

    def caption(self, index: int) -> str:
        """Return the line under tile `index`, visible whatever it says; "" if there is none."""
        return printable(self.captions[index]) if self.captions else ""

    def mark(self, index: int) -> str | None:
        """Return the mark of tile `index`."""
        return self.marks[index] if self.marks else None

    def words(self, index: int) -> str:
        """Return tile `index` in words, for a screen reader."""
        parts = [f"Image {index + 1} of {len(self.images)}"]
        parts += [self.caption(index)] if self.captions else []
        parts += [mark] if (mark := self.mark(index)) else []
        return ", ".join(parts)


def caption_height(metrics: QFontMetrics) -> int:
    """Return the logical pixels a caption needs under its image."""
    return metrics.height() + 2


class TilePainter:
    """Paints tiles in one theme, for one device pixel ratio."""

    def __init__(self, theme: Theme, ratio: float) -> None:
        self._theme = theme
        self._badges = {
            "right": _badge("right", theme.right, theme, ratio),
            "wrong": _badge("wrong", theme.wrong, theme, ratio),
        }

    def paint(
        self, painter: QPainter, tiles: Tiles, layout: TileLayout, shown: range, top: float
    ) -> None:
        """Paint the tiles `shown` of a grid that is scrolled down by `top`."""
        shrunk = layout.tile_width * painter.device().devicePixelRatio() < tiles.images.shape[2]
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, shrunk)
        places = [layout.rect(index).translated(0, -top) for index in shown]
        for index, place in zip(shown, places, strict=True):
            painter.drawImage(place, tiles.image(index))
        if tiles.images.ndim == 4:  # its zero may have the colour of the ground around it
            painter.setPen(QPen(QColor(self._theme.border), 1))
            painter.drawRects([place.adjusted(-0.5, -0.5, 0.5, 0.5) for place in places])
        if tiles.captions:
            self._captions(painter, tiles, layout, shown, places)
        if tiles.marks:
            for index, place in zip(shown, places, strict=True):
                if mark := tiles.mark(index):
                    self._mark(painter, mark, place)

    def _captions(
        self,
        painter: QPainter,
        tiles: Tiles,
        layout: TileLayout,
        shown: range,
        places: list[QRectF],
    ) -> None:
        metrics = painter.fontMetrics()
        painter.setPen(QColor(self._theme.text))
        room = int(layout.tile_width + layout.gap - 2)
        for index, place in zip(shown, places, strict=True):
            words = metrics.elidedText(tiles.caption(index), Qt.TextElideMode.ElideRight, room)
            line = QRectF(place.center().x() - room / 2, place.bottom(), room, layout.caption)
            painter.drawText(line, Qt.AlignmentFlag.AlignCenter, words)

    def _mark(self, painter: QPainter, mark: str, place: QRectF) -> None:
        colour = self._theme.right if mark == "right" else self._theme.wrong
        self.outline(painter, place, colour, 2)
        corner = place.topRight() - QPointF(_BADGE - 4, 4)
        painter.drawPixmap(corner, self._badges[mark])

    def outline(self, painter: QPainter, place: QRectF, colour: str, width: int) -> None:
        """Draw a frame of `width` logical pixels just around `place`."""
        half = width / 2
        painter.setPen(QPen(QColor(colour), width, j=Qt.PenJoinStyle.MiterJoin))
        painter.drawRect(place.adjusted(-half, -half, half, half))


def _badge(sign: str, colour: str, theme: Theme, ratio: float) -> QPixmap:
    made = QPixmap(round(_BADGE * ratio), round(_BADGE * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(theme.surface), 1))
    painter.setBrush(QColor(colour))
    painter.drawEllipse(QRectF(0.5, 0.5, _BADGE - 1, _BADGE - 1))
    round_cap = Qt.PenCapStyle.RoundCap
    painter.setPen(QPen(QColor(theme.surface), 1.6, c=round_cap, j=Qt.PenJoinStyle.RoundJoin))
    for line in _SIGNS[sign]:
        painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in line]))
    painter.end()
    return made
