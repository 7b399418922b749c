"""Paints a map of answers: cells, borders between answers, names, axes and marks."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from gui.features.lens.class_colours import class_colour
from gui.features.lens.regions import Region
from gui.style.theme import SPACE_XS, Theme

TICK = 3  # logical pixels
_PALEST, _STRONGEST = 0.15, 0.85  # shares of its colour in a cell that is a guess, or certain
_CROSS = 5.0  # logical pixels, half an arm


@dataclass(frozen=True, slots=True, eq=False)
class MapView:
    """What a map shows.

    Attributes:
        answers: (R, C) class of each cell.
        shares: (R, C) its probability, 0..1.
        present: row and column of the drawing as it is.
        names: of the classes.
        across, down: words for the axes.
        columns, rows: C and R words for the values on them.
    """

    answers: NDArray[np.intp]
    shares: NDArray[np.floating]
    present: tuple[int, int]
    names: Sequence[str]
    across: str
    down: str
    columns: Sequence[str]
    rows: Sequence[str]


@dataclass(frozen=True, slots=True)
class MapGrid:
    """Where the cells of a map lie.

    Attributes:
        place: all of them, in logical pixels.
        rows, columns: how many.
    """

    place: QRectF
    rows: int
    columns: int

    def rect(self, cell: tuple[int, int]) -> QRectF:
        """Return where the cell in this row and column lies."""
        width, height = self.place.width() / self.columns, self.place.height() / self.rows
        left, top = self.place.left() + cell[1] * width, self.place.top() + cell[0] * height
        return QRectF(left, top, width, height)

    def at(self, place: QPointF) -> tuple[int, int] | None:
        """Return row and column under a point, or None."""
        if not self.place.contains(place):
            return None
        offset = place - self.place.topLeft()
        row = int(offset.y() * self.rows / self.place.height())
        column = int(offset.x() * self.columns / self.place.width())
        return min(row, self.rows - 1), min(column, self.columns - 1)


class MapPainter:
    """Paints one map in one theme."""

    def __init__(self, painter: QPainter, theme: Theme, view: MapView, grid: MapGrid) -> None:
        self._painter, self._theme, self._view, self._grid = painter, theme, view, grid

    def cells(self) -> None:
        """Colour each cell by its class: the surer the answer, the stronger."""
        view = self._view
        rows, columns = view.answers.shape
        table = np.array(
            [class_colour(self._theme, index).getRgb() for index in range(len(view.names))],
            np.float64,
        )[:, :3]
        ground = np.array(QColor(self._theme.surface).getRgb(), np.float64)[:3]
        guess = 1 / max(len(view.names), 2)
        sure = np.clip((view.shares - guess) / (1 - guess), 0, 1) ** 1.5
        strength = (_PALEST + (_STRONGEST - _PALEST) * sure)[:, :, None]
        mixed = ground + strength * (table[view.answers] - ground)
        pixels = np.ascontiguousarray(np.rint(np.nan_to_num(mixed)).astype(np.uint8))
        image = QImage(pixels.data, columns, rows, 3 * columns, QImage.Format.Format_RGB888)
        self._painter.drawImage(self._grid.place, image)

    def borders(self) -> None:
        """Draw lines between different answers."""
        painter, grid, answers = self._painter, self._grid, self._view.answers
        painter.setPen(QPen(QColor(self._theme.text), 1.5))
        for row, column in np.argwhere(answers[:, 1:] != answers[:, :-1]).tolist():
            place = grid.rect((row, column))
            painter.drawLine(place.topRight(), place.bottomRight())
        for row, column in np.argwhere(answers[1:] != answers[:-1]).tolist():
            place = grid.rect((row, column))
            painter.drawLine(place.bottomLeft(), place.bottomRight())

    def names(self, regions: Sequence[Region], font: QFont) -> None:
        """Write its class into each region that has room for it."""
        painter, view = self._painter, self._view
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(QColor(self._theme.text))
        for region in regions:
            place, name = self._grid.rect(region.middle), view.names[region.answer]
            side = (region.size * place.width() * place.height()) ** 0.5
            if side < metrics.height() or metrics.horizontalAdvance(name) > 1.5 * side:
                continue  # the legend tells it
            if region.middle == view.present:  # the cross is there
                place.translate(0, max(place.height(), _CROSS + metrics.height() / 2))
            wide, whole = metrics.horizontalAdvance(name) + 2, self._grid.place
            words = QRectF(0, 0, wide, metrics.height())
            words.moveCenter(place.center())
            words.moveLeft(max(whole.left(), min(words.left(), whole.right() - wide)))
            painter.drawText(words, Qt.AlignmentFlag.AlignCenter, name)

    def axes(self, left: float) -> None:
        """Write values and names of both axes; the words begin at `left`."""
        painter, view, place = self._painter, self._view, self._grid.place
        line = QFontMetricsF(painter.font()).height()
        painter.setPen(QColor(self._theme.muted))
        middle = Qt.AlignmentFlag.AlignCenter
        for column in _chosen(len(view.columns), view.present[1]):
            at = self._grid.rect((0, column)).center().x()
            painter.drawLine(QPointF(at, place.bottom()), QPointF(at, place.bottom() + TICK))
            words = QRectF(at - 40, place.bottom() + TICK, 80, line)
            painter.drawText(words, middle, view.columns[column])
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for row in _chosen(len(view.rows), view.present[0]):
            at = self._grid.rect((row, 0)).center().y()
            painter.drawLine(QPointF(place.left() - TICK, at), QPointF(place.left(), at))
            words = QRectF(place.left() - 80 - TICK - SPACE_XS / 2, at - line / 2, 80, line)
            painter.drawText(words, right, view.rows[row])
        below = QRectF(place.left() - 60, place.bottom() + TICK + line, place.width() + 120, line)
        painter.drawText(below, middle, view.across)
        painter.save()
        painter.translate(left + line / 2, place.center().y())
        painter.rotate(-90)
        painter.drawText(QRectF(-150, -line / 2, 300, line), middle, view.down)
        painter.restore()

    def marks(self, cell: tuple[int, int] | None) -> None:
        """Mark the present place by a cross, and the cell looked at by an outline."""
        painter, theme = self._painter, self._theme
        middle = self._grid.rect(self._view.present).center()
        for colour, width in ((theme.surface, 4.0), (theme.text, 1.8)):
            painter.setPen(QPen(QColor(colour), width, c=Qt.PenCapStyle.RoundCap))
            painter.drawLine(middle - QPointF(_CROSS, 0), middle + QPointF(_CROSS, 0))
            painter.drawLine(middle - QPointF(0, _CROSS), middle + QPointF(0, _CROSS))
        if cell is None:
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((theme.surface, 4.0), (theme.text, 2.0)):
            painter.setPen(QPen(QColor(colour), width, j=Qt.PenJoinStyle.MiterJoin))
            painter.drawRect(self._grid.rect(cell))


def _chosen(count: int, present: int) -> list[int]:
    """Return which of `count` values get words: a few, evenly spaced, the present one too."""
    step = max(1, -(-count // 7))
    return [index for index in range(count) if (index - present) % step == 0]
