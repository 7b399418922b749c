"""Many small pictures in rows: digits, mistakes, weight images."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QToolTip, QWidget

from gui.style.theme import Themes
from gui.toolkit.images.tile_view import TileView
from gui.toolkit.plain import tip_text

_PRESS_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class ImageGrid(TileView):
    """A grid of pictures that can be pointed at, clicked, and walked with the arrow keys.

    Signals:
        hovered(int): the tile under the mouse, -1 for none.
        clicked(int): a tile was clicked, or Enter or Space was pressed on it.
        current_changed(int): the keyboard's tile, -1 for none.
    """

    hovered = Signal(int)
    clicked = Signal(int)
    current_changed = Signal(int)

    def __init__(self, themes: Themes, parent: QWidget | None = None) -> None:
        super().__init__(themes, parent)
        self._tooltip: Callable[[int], str] | None = None
        self._held = -1  # the tile on which the mouse was pressed
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setMouseTracking(True)

    @property
    def current(self) -> int:
        """The keyboard's tile, -1 for none."""
        return self._current

    def set_current(self, index: int) -> None:
        """Give the keyboard's frame to tile `index` and scroll it into sight; -1: none."""
        index = max(-1, min(index, self.count - 1))
        if index == self._current:
            return
        self._current = index
        if index >= 0:
            self._scroll_to(index)
            self.setAccessibleDescription(self._tiles.words(index))
        self.viewport().update()
        self.current_changed.emit(index)

    def set_tooltip(self, tooltip: Callable[[int], str] | None) -> None:
        """Ask `tooltip` for the words to show over a tile."""
        self._tooltip = tooltip

    def _start_over(self) -> None:
        super()._start_over()
        self._set_hover(-1)
        self.set_current(-1)

    def _set_hover(self, index: int) -> None:
        if index != self._hover:
            self._hover = index
            pointing = Qt.CursorShape.PointingHandCursor
            self.viewport().setCursor(pointing if index >= 0 else Qt.CursorShape.ArrowCursor)
            self.viewport().update()
            self.hovered.emit(index)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell which tile is pointed at."""
        self._set_hover(self.tile_at(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of a tile."""
        left = event.button() == Qt.MouseButton.LeftButton
        self._held = self.tile_at(event.position()) if left else -1
        if self._held >= 0:
            self.set_current(self._held)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Press the tile, if the mouse is still on it."""
        held, self._held = self._held, -1
        if held >= 0 and held == self.tile_at(event.position()):
            self.clicked.emit(held)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk from tile to tile; Enter and Space press one."""
        if event.key() in _PRESS_KEYS and self._current >= 0:
            self.clicked.emit(self._current)
        elif (target := self._target(event.key())) is not None and self.count:
            self.set_current(max(0, target))
        else:
            super().keyPressEvent(event)

    def _target(self, key: int) -> int | None:
        """Return the tile that `key` leads to, or None if it leads nowhere."""
        columns, now = self._layout.columns, self._current
        page = columns * max(1, int(self.viewport().height() / self._layout.row_height))
        steps = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -columns if now >= columns else 0,
            Qt.Key.Key_Down: columns if now + columns < self.count else 0,
            Qt.Key.Key_PageUp: -page,
            Qt.Key.Key_PageDown: page,
            Qt.Key.Key_Home: -self.count,
            Qt.Key.Key_End: self.count,
        }
        step = steps.get(Qt.Key(key))
        if step is None:
            return None
        return now + step if now >= 0 else 0

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show where the keys go."""
        super().focusInEvent(event)
        keyboard = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if event.reason() in keyboard and self._current < 0:
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
            index = self.tile_at(QPointF(event.pos()))
            words = (self._tooltip or self._tiles.caption)(index) if index >= 0 else ""
            area = self.tile_rect(index).toAlignedRect() if index >= 0 else self.rect()
            QToolTip.showText(
                event.globalPos(), tip_text(*words.split("\n")), self.viewport(), area
            )
            return True
        return super().viewportEvent(event)
