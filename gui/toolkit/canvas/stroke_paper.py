"""The paper under the digit canvas: a drawing, its history, and how both are shown."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.imaging import framing
from gui.style.theme import INK, PAPER, PAPER_GUIDE
from gui.toolkit.canvas.gestures import Gesture, Rub
from gui.toolkit.canvas.ink import InkLayer, bounds
from gui.toolkit.canvas.paper_grid import paint_pixel_grid
from gui.toolkit.canvas.strokes import SIDE, Drawing, Stroke, StrokeHistory, clean

PEN_WIDTHS = (5, 40)  # units, thinnest and thickest
_PIXEL = SIDE / framing.SIDE  # units
# The box that digits are framed into.
_GUIDE = QRectF(
    framing.MARGIN * _PIXEL, framing.MARGIN * _PIXEL, framing.BOX * _PIXEL, framing.BOX * _PIXEL
)
_CORNER = 6.0  # logical pixels
_CURSORS = {"pen": Qt.CursorShape.CrossCursor, "eraser": Qt.CursorShape.BlankCursor}


class StrokePaper(QWidget):
    """Shows a drawing and keeps its history; knows no mouse and no keyboard.

    Signals:
        changed(): the drawing is another, also in the middle of a line.
        history_changed(): a step was made, undone or redone.
        pen_width_changed(float): the pen is another.
    """

    changed = Signal()
    history_changed = Signal()
    pen_width_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hint = "Draw a digit here"
        self._history = StrokeHistory()
        self._gesture: Gesture | None = None
        self._pen_width = 18.0
        self._tool = "pen"
        self._grid = False
        self._hover: QPointF | None = None
        self._ink = InkLayer()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumSize(140, 140)
        self.setCursor(_CURSORS["pen"])
        self.setAccessibleName("Drawing area for one digit")
        self._describe()

    def strokes(self) -> list[NDArray[np.float32]]:
        """Return the drawing: float32 (n, 3) each; x, y in 0..280, pressure in 0..1.

        The points lie so close that straight lines between them are the drawn curve;
        `gui.toolkit.canvas.strokes.line_widths` tells how wide the ink is.
        """
        return [stroke.copy() for stroke in self._drawing]

    def set_strokes(self, strokes: Sequence[NDArray[np.floating]]) -> None:
        """Replace the drawing, as one step that can be undone."""
        self.cancel()
        self._commit(clean(strokes))

    @property
    def empty(self) -> bool:
        """True if nothing is drawn."""
        return not self._drawing

    @property
    def pen_width(self) -> float:
        """Width of the pen in units (the paper is 280 wide)."""
        return self._pen_width

    def set_pen_width(self, width: float) -> None:
        """Show all lines, old and new, `width` units wide (held within 5..40)."""
        width = float(min(max(width, PEN_WIDTHS[0]), PEN_WIDTHS[1]))
        if width != self._pen_width:
            self._pen_width = width
            self._redraw()
            self.pen_width_changed.emit(width)

    @property
    def grid(self) -> bool:
        """True while the paper shows the 28 x 28 pixels of the network's picture."""
        return self._grid

    def set_grid(self, shown: bool) -> None:
        """Show or hide faint lines between the pixels."""
        self._grid = shown
        self.update()

    @property
    def tool(self) -> str:
        """The tool in hand: "pen" or "eraser"."""
        return self._tool

    def set_tool(self, tool: str) -> None:
        """Take "pen" or "eraser" in hand. Raises KeyError for anything else."""
        self.setCursor(_CURSORS[tool])
        self._tool = tool
        self.update()

    @property
    def can_undo(self) -> bool:
        """True if there is a step back."""
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        """True if a step back can be taken again."""
        return self._history.can_redo

    def undo(self) -> None:
        """Go one step back: a line, a rubbing, a clearing, a push."""
        self.cancel()
        if self._history.can_undo:
            self._history.undo()
            self._stepped()

    def redo(self) -> None:
        """Take again the step that was undone."""
        self.cancel()
        if self._history.can_redo:
            self._history.redo()
            self._stepped()

    def clear(self) -> None:
        """Wipe the paper; this can be undone."""
        self.cancel()
        self._commit(())

    def cancel(self) -> None:
        """Take back the line or rubbing in progress, if there is one."""
        if self._gesture is not None:
            self._gesture = None
            self._redraw()

    @property
    def _drawing(self) -> Drawing:
        return self._history.now if self._gesture is None else self._gesture.drawing

    @property
    def _rub_radius(self) -> float:
        """Units around the pointer that the eraser rubs out."""
        return max(12.0, 0.75 * self._pen_width)

    def _commit(self, drawing: Drawing, gesture: str = "") -> None:
        """Make `drawing` a new step, unless nothing is different."""
        if drawing is not self._history.now and (drawing or self._history.now):
            self._history.push(drawing, gesture)
            self._stepped()

    def _stepped(self) -> None:
        self._redraw()
        self._describe()
        self.history_changed.emit()

    def _describe(self) -> None:
        count = len(self._history.now)
        strokes = "1 stroke" if count == 1 else f"{count or 'No'} strokes"
        self.setAccessibleDescription(
            f"{strokes}. Delete clears, arrow keys move it, + and − change the pen."
        )

    def _redraw(self) -> None:
        self._ink.redraw(self._drawing, self._pen_width, self._pixels)
        self.update()
        self.changed.emit()

    def _show_change(self, way: Stroke | None) -> None:
        """Show what the gesture did along `way`, at the cost of that piece only."""
        if way is None or self._gesture is None:
            return
        if not self._ink.fits(self._pixels):
            self._redraw()
            return
        rubbing = isinstance(self._gesture, Rub)
        reach = self._rub_radius + self._pen_width if rubbing else self._pen_width / 2
        area = bounds(way, reach)
        self._ink.repair(self._drawing, self._pen_width, area)
        self._update_units(area)
        self.changed.emit()

    def _update_units(self, area: QRectF) -> None:
        """Have `area`, in units of the drawing, painted again."""
        square = self._square()
        scale = square.width() / SIDE
        shown = QRectF(area.topLeft() * scale + square.topLeft(), area.size() * scale)
        self.update(shown.toAlignedRect().adjusted(-1, -1, 1, 1))

    def _square(self) -> QRectF:
        side = min(self.width(), self.height())
        return QRectF((self.width() - side) // 2, (self.height() - side) // 2, side, side)

    @property
    def _pixels(self) -> int:
        return max(1, round(self._square().width() * self.devicePixelRatio()))

    def sizeHint(self) -> QSize:
        """Ask for one logical pixel per unit."""
        return QSize(int(SIDE), int(SIDE))

    def hasHeightForWidth(self) -> bool:
        """The paper is square."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return `width`."""
        return width

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show paper, ink, and the ring that says where the keys go."""
        if not self._ink.fits(self._pixels):
            self._ink.redraw(self._drawing, self._pen_width, self._pixels)
        square = self._square()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        sheet = QPainterPath()
        sheet.addRoundedRect(square, _CORNER, _CORNER)
        painter.fillPath(sheet, QColor(PAPER))
        painter.setClipPath(sheet)
        self._paint_guide(painter, square)
        painter.drawImage(square, self._ink.image)
        self._paint_eraser(painter, square)
        if self.hasFocus():
            accent = self.palette().color(QPalette.ColorRole.Highlight)
            painter.setPen(QPen(accent, 4))  # half is cut
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(square, _CORNER, _CORNER)

    def _paint_guide(self, painter: QPainter, square: QRectF) -> None:
        scale = square.width() / SIDE
        if self._grid:
            paint_pixel_grid(painter, square)
        guide = QRectF(square.topLeft() + _GUIDE.topLeft() * scale, _GUIDE.size() * scale)
        painter.setPen(QPen(QColor(PAPER_GUIDE), 1, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(guide, _CORNER, _CORNER)
        if self.empty:
            painter.setPen(QColor(INK).darker(150))
            words = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(guide, words, self.hint)

    def _paint_eraser(self, painter: QPainter, square: QRectF) -> None:
        if self._tool == "eraser" and self._hover is not None:
            radius = self._rub_radius * square.width() / SIDE
            painter.setPen(QPen(QColor(INK), 1.5))
            painter.setBrush(QColor(255, 255, 255, 40))
            painter.drawEllipse(self._hover, radius, radius)
