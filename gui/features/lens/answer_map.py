"""A map of answers: each cell coloured by the class, the surer the stronger."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.features.lens.map_painter import TICK, MapGrid, MapPainter, MapView
from gui.features.lens.regions import Region, regions
from gui.style.theme import FONT_SMALL, SPACE_S, SPACE_XS, Themes, tabular

__all__ = ["AnswerMapView", "MapView"]

_MIN_CELL = 6  # logical pixels
_SLENDER = 1.5  # times as high as wide, or as wide as high, a cell may be
_KEYS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class AnswerMapView(QWidget):
    """Shows a `MapView`; the mouse and the arrow keys look at single cells.

    Signals:
        pointed(object): row and column looked at, or None.
    """

    pointed = Signal(object)

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._view: MapView | None = None
        self._regions: list[Region] = []
        self._cell: tuple[int, int] | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(220, 200)
        self.setAccessibleName("Map of answers")
        themes.changed.connect(self.update)

    def show_map(self, view: MapView | None) -> None:
        """Show another map; None: an empty frame."""
        self._view = view
        self._regions = [] if view is None else regions(view.answers)
        self.update()

    def set_cell(self, cell: tuple[int, int] | None) -> None:
        """Outline the cell in this row and column."""
        if cell != self._cell:
            self._cell = cell
            self.update()

    def sizeHint(self) -> QSize:
        """Ask for cells that can be pointed at."""
        return QSize(420, 360)

    # -- where things are --------------------------------------------------------------

    def grid(self) -> MapGrid:
        """Return where the cells lie: centred, each a whole number of logical pixels."""
        left, bottom = self._margins()
        rows, columns = self._view.answers.shape if self._view else (1, 1)
        room = QRectF(left, SPACE_XS, self.width() - left - SPACE_S, self.height() - bottom)
        width = max(_MIN_CELL, room.width() // columns)
        height = max(_MIN_CELL, (room.height() - 2 * SPACE_XS) // rows)
        width, height = min(width, height * _SLENDER // 1), min(height, width * _SLENDER // 1)
        indent = max(0.0, (room.width() - width * columns) // 2)
        place = QRectF(left + indent, SPACE_XS, width * columns, height * rows)
        return MapGrid(place, rows, columns)

    def _margins(self) -> tuple[int, int]:
        """Return the room for the words at the left and at the bottom."""
        metrics = QFontMetricsF(self._small())
        words = self._view.rows if self._view else [""]
        widest = max(metrics.horizontalAdvance(word) for word in words)
        line = round(metrics.height())
        return round(widest) + TICK + SPACE_XS + line, 2 * line + TICK

    def _small(self) -> QFont:
        font = tabular(self.font())
        font.setPixelSize(FONT_SMALL)
        return font

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the map, and the ring that says where the keys go."""
        if self._view is None:
            return
        painter, theme, grid = QPainter(self), self._themes.current, self.grid()
        made = MapPainter(painter, theme, self._view, grid)
        made.cells()
        made.borders()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        made.names(self._regions, bold)
        painter.setFont(self._small())
        made.axes(grid.place.left() - self._margins()[0])
        made.marks(self._cell)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.focus), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)

    # -- looking at cells --------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Look at the cell under the mouse."""
        self._point(self.grid().at(event.position()) if self._view is not None else None)

    def leaveEvent(self, event: QEvent) -> None:
        """Look at the drawing as it is again."""
        self._point(None)
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to a neighbouring cell; Esc or Home goes back to the drawing as it is."""
        key = Qt.Key(event.key())
        if self._view is not None and key in _KEYS:
            row, column = self._cell or self._view.present
            down, right = _KEYS[key]
            rows, columns = self._view.answers.shape
            self._point(
                (min(max(row + down, 0), rows - 1), min(max(column + right, 0), columns - 1))
            )
        elif key in (Qt.Key.Key_Escape, Qt.Key.Key_Home) and self._cell is not None:
            self._point(None)
        else:
            super().keyPressEvent(event)

    def _point(self, cell: tuple[int, int] | None) -> None:
        if cell != self._cell:
            self.set_cell(cell)
            self.pointed.emit(cell)
