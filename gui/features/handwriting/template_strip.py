"""Templates in a row: the curves a pen follows, and the points they go through."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QSizePolicy, QToolTip, QWidget

from gui.features.handwriting.template_tile import StripItem, paint_cross, paint_template
from gui.style.theme import FONT_SMALL, SPACE_XS, Theme, Themes
from gui.toolkit.plain import tip_text

_TILE_PX, _CAPTION_PX, _BAR_PX = 76, 16, 12
_HIT_PX = 22
_DELETE_KEYS = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)


class TemplateStrip(QAbstractScrollArea):
    """A row of templates that scrolls sideways; arrow keys walk along, Delete deletes.

    Signals:
        delete_wanted(int): the user's template at this place is to go.
    """

    delete_wanted = Signal(int)

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._themes = themes
        self._items: tuple[StripItem, ...] = ()
        self._current = self._hover = -1
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Ways to write")
        self.viewport().setMouseTracking(True)
        themes.changed.connect(self._apply_theme)

    @property
    def items(self) -> tuple[StripItem, ...]:
        """What is shown."""
        return self._items

    @property
    def current(self) -> int:
        """The keyboard's tile, -1 for none."""
        return self._current

    def set_items(self, items: Sequence[StripItem]) -> None:
        """Show other templates; the place in the row is kept where their number is."""
        if len(items) != len(self._items):
            self.horizontalScrollBar().setValue(0)
            self._current = min(self._current, len(items) - 1)
        self._items = tuple(items)
        self._arrange()
        self._describe()
        self.viewport().update()

    def tile_rect(self, index: int) -> QRectF:
        """Return where a tile is now, in the viewport's coordinates."""
        left = index * (_TILE_PX + SPACE_XS) - self.horizontalScrollBar().value()
        return QRectF(left, 0, _TILE_PX, _TILE_PX)

    def delete_rect(self, index: int) -> QRectF:
        """Return where the cross of one of the user's templates is pressed."""
        corner = self.tile_rect(index).topRight()
        return QRectF(corner.x() - _HIT_PX, corner.y(), _HIT_PX, _HIT_PX)

    def set_current(self, index: int) -> None:
        """Give the keyboard's frame to a tile and scroll it into sight."""
        index = max(-1, min(index, len(self._items) - 1))
        self._current = index
        if index >= 0:
            place, bar = self.tile_rect(index), self.horizontalScrollBar()
            if place.left() < 0:
                bar.setValue(bar.value() + int(place.left()))
            elif place.right() > self.viewport().width():
                bar.setValue(bar.value() + int(place.right() - self.viewport().width() + 1))
        self._describe()
        self.viewport().update()

    def _describe(self) -> None:
        shown = self._items[self._current].tooltip if self._current >= 0 else ""
        self.setAccessibleDescription(shown or f"{len(self._items)} templates")

    def _apply_theme(self, _: Theme) -> None:
        self.viewport().update()

    # -- size ----------------------------------------------------------------------------

    def _arrange(self) -> None:
        whole = len(self._items) * (_TILE_PX + SPACE_XS) - SPACE_XS
        bar, seen = self.horizontalScrollBar(), self.viewport().width()
        bar.setRange(0, max(0, whole - seen))
        bar.setPageStep(seen)
        bar.setSingleStep(_TILE_PX // 2)

    def sizeHint(self) -> QSize:
        """Ask for one row and its scroll bar."""
        return QSize(320, _TILE_PX + _CAPTION_PX + _BAR_PX + 2)

    def minimumSizeHint(self) -> QSize:
        """Show two tiles at least."""
        return QSize(2 * _TILE_PX, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fill the new width."""
        super().resizeEvent(event)
        self._arrange()

    # -- mouse and keys ------------------------------------------------------------------

    def _tile_at(self, place: QPointF) -> int:
        index = int((place.x() + self.horizontalScrollBar().value()) // (_TILE_PX + SPACE_XS))
        there = 0 <= index < len(self._items) and self.tile_rect(index).contains(place)
        return index if there else -1

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Light up the tile under the mouse."""
        self._set_hover(self._tile_at(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose a tile, or press its cross."""
        index = self._tile_at(event.position())
        if event.button() != Qt.MouseButton.LeftButton or index < 0:
            return
        self.set_current(index)
        if self._items[index].own and self.delete_rect(index).contains(event.position()):
            self.delete_wanted.emit(index)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Nothing is left to do; but it was for this strip."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn the row sideways."""
        bar, turn = self.horizontalScrollBar(), event.angleDelta()
        if bar.maximum() == 0:
            event.ignore()
            return
        bar.setValue(bar.value() - (turn.y() or turn.x()) * _TILE_PX // 120)
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk along the row; Delete asks for the current one to go."""
        steps = {
            Qt.Key.Key_Left: self._current - 1,
            Qt.Key.Key_Right: self._current + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: len(self._items) - 1,
        }
        target = steps.get(Qt.Key(event.key()))
        if target is not None and self._items:
            self.set_current(max(0, target))
        elif event.key() in _DELETE_KEYS and self._current >= 0 and self._items[self._current].own:
            self.delete_wanted.emit(self._current)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keys go."""
        super().focusInEvent(event)
        if self._current < 0 and event.reason() != Qt.FocusReason.MouseFocusReason:
            self.set_current(0)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the frame away."""
        super().focusOutEvent(event)
        self.viewport().update()

    def viewportEvent(self, event: QEvent) -> bool:
        """Show the tooltip of a tile; notice that the mouse has left."""
        if event.type() == QEvent.Type.Leave:
            self._set_hover(-1)
        if isinstance(event, QHelpEvent):
            index = self._tile_at(QPointF(event.pos()))
            words = self._items[index].tooltip if index >= 0 else ""
            QToolTip.showText(event.globalPos(), tip_text(words), self.viewport())
            return True
        return super().viewportEvent(event)

    def _set_hover(self, index: int) -> None:
        if index != self._hover:
            self._hover = index
            self.viewport().update()

    # -- painting ------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the tiles that can be seen."""
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = QFont(self.font())
        font.setPixelSize(FONT_SMALL)
        painter.setFont(font)
        seen = QRectF(self.viewport().rect())
        for index, item in enumerate(self._items):
            place = self.tile_rect(index)
            if place.intersects(seen):
                self._paint_tile(painter, place, item, index)

    def _paint_tile(self, painter: QPainter, place: QRectF, item: StripItem, index: int) -> None:
        theme = self._themes.current
        frame = theme.accent if item.own else theme.border
        focused = index == self._current and self.hasFocus()
        painter.setPen(QPen(QColor(theme.focus if focused else frame), 2 if focused else 1))
        painter.setBrush(QColor(theme.hover if index == self._hover else theme.raised))
        painter.drawRoundedRect(place.adjusted(1, 1, -1, -1), 6, 6)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        paint_template(painter, place, item, theme)
        painter.setPen(QColor(theme.disabled if item.faded else theme.muted))
        below = QRectF(place.left(), place.bottom(), place.width(), _CAPTION_PX)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, item.caption)
        if item.own and (index in (self._hover, self._current)):
            paint_cross(painter, self.delete_rect(index), theme)
