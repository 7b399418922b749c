"""The square on which the user draws a digit with mouse, finger or pen."""

from collections.abc import Callable
from functools import partial

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import (
    QEventPoint,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPointingDevice,
    QTabletEvent,
    QTouchEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from gui.toolkit.canvas.gestures import PenLine, Rub
from gui.toolkit.canvas.ink import bounds
from gui.toolkit.canvas.stroke_paper import StrokePaper
from gui.toolkit.canvas.strokes import NUDGE, SIDE, Stroke, nudge

_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_PEN_KEYS = {
    Qt.Key.Key_Plus: 1,
    Qt.Key.Key_Equal: 1,  # plus without Shift on many keyboards
    Qt.Key.Key_BracketRight: 1,
    Qt.Key.Key_Minus: -1,
    Qt.Key.Key_BracketLeft: -1,
}
_PEN_STEP = 2.0  # units that one key or one notch of the wheel changes the pen's width
_NOTCH = 120  # eighths of a degree of a mouse wheel
_CLEAR_KEYS = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
_TOUCHES = (
    QEvent.Type.TouchBegin,
    QEvent.Type.TouchUpdate,
    QEvent.Type.TouchEnd,
    QEvent.Type.TouchCancel,
)


class DigitCanvas(StrokePaper):
    """Light ink on dark paper, whatever the theme. Nothing drawn is lost on resize.

    With the focus: Delete clears, Ctrl+Z and Ctrl+Shift+Z step back and forth, arrow
    keys push the drawing (with Shift by a tenth), Esc takes back the line being drawn. + and
    - (or ] and [) and the wheel make the pen wider and narrower.

    Signals:
        changed(): the drawing is another, also in the middle of a line.
        history_changed(): a step was made, undone or redone.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pointer = ""  # what drives the gesture: "mouse", "tablet", "touch 3"
        self._turned = 0  # of a notch of the wheel, not used yet
        self._direct_input = False  # real touch or tablet events do arrive
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setMouseTracking(True)

    # -- one drag, whatever drives it --------------------------------------------------

    def _press(self, at: QPointF, pressure: float, pointer: str, *, rubbing: bool) -> None:
        self._release(self._pointer)  # a release that never came must not lose the line
        point, base = self._point(at, pressure), self._history.now
        self._pointer = pointer
        if rubbing:
            self._gesture = Rub(base, point, self._rub_radius)
            self._show_change(self._gesture.move(point))
        else:
            self._gesture = PenLine(base, point)
            self._show_change(point)

    def _move(self, at: QPointF, pressure: float, pointer: str) -> None:
        point = self._point(at, pressure)
        if self._tool == "eraser":
            self._show_eraser(at)
        if self._gesture is not None and pointer == self._pointer:
            self._show_change(self._gesture.move(point))

    def _show_eraser(self, at: QPointF | None) -> None:
        """Move the eraser's circle; None takes it away."""
        places = [self._point(place, 1.0) for place in (self._hover, at) if place is not None]
        self._hover = at
        for place in places:
            self._update_units(bounds(place, self._rub_radius))

    def _release(self, pointer: str) -> None:
        if self._gesture is None or pointer != self._pointer:
            return
        self._show_change(self._gesture.finish())
        drawing, self._gesture = self._gesture.drawing, None
        if drawing is not self._history.now:
            self._history.push(drawing)
            self._describe()
            self.history_changed.emit()

    def _point(self, at: QPointF, pressure: float) -> Stroke:
        square = self._square()
        place = (at - square.topLeft()) * (SIDE / square.width())
        held = [min(max(value, 0.0), SIDE) for value in (place.x(), place.y())]
        return np.array([[*held, min(max(pressure, 0.0), 1.0)]], np.float32)

    # -- mouse -------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to draw with the left button."""
        if event.button() == Qt.MouseButton.LeftButton and not self._is_echo(event):
            self._press(event.position(), 1.0, "mouse", rubbing=self._tool == "eraser")

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw on."""
        if not self._is_echo(event):
            self._move(event.position(), 1.0, "mouse")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the line."""
        if event.button() == Qt.MouseButton.LeftButton and not self._is_echo(event):
            self._release("mouse")

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Make the pen wider or narrower."""
        notches, self._turned = divmod(self._turned + event.angleDelta().y(), _NOTCH)
        if notches:
            self.set_pen_width(self._pen_width + notches * _PEN_STEP)
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        """Take away the eraser's circle."""
        self._show_eraser(None)
        super().leaveEvent(event)

    def _is_echo(self, event: QMouseEvent) -> bool:
        """True for a mouse event made up from a touch that has been drawn already."""
        real = event.source() == Qt.MouseEventSource.MouseEventNotSynthesized
        return self._direct_input and not real

    # -- pen and finger ----------------------------------------------------------------

    def tabletEvent(self, event: QTabletEvent) -> None:
        """Draw with a pen; its other end rubs out."""
        self._direct_input = True
        flipped = event.pointerType() == QPointingDevice.PointerType.Eraser
        if event.type() == QEvent.Type.TabletPress:
            rubbing = flipped or self._tool == "eraser"
            self._press(event.position(), event.pressure(), "tablet", rubbing=rubbing)
        elif event.type() == QEvent.Type.TabletMove:
            self._move(event.position(), event.pressure(), "tablet")
        else:
            self._release("tablet")
        event.accept()

    def event(self, event: QEvent) -> bool:
        """Take touches, and the keys that would otherwise be the window's shortcuts."""
        if isinstance(event, QTouchEvent) and event.type() in _TOUCHES:
            self._touch(event)
            event.accept()
            return True
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.ShortcutOverride
            and self._command(event) is not None
        ):
            event.accept()
            return True
        return super().event(event)

    def _touch(self, event: QTouchEvent) -> None:
        """Follow the first finger; others, such as a resting palm, are left out."""
        self._direct_input = True
        if event.type() == QEvent.Type.TouchCancel:
            self.cancel()
            return
        for point in event.points():
            pointer = f"touch {point.id()}"
            match point.state():
                case QEventPoint.State.Pressed if self._gesture is None:
                    self.setFocus(Qt.FocusReason.MouseFocusReason)
                    rubbing = self._tool == "eraser"
                    self._press(point.position(), 1.0, pointer, rubbing=rubbing)
                case QEventPoint.State.Updated:
                    self._move(point.position(), 1.0, pointer)
                case QEventPoint.State.Released:
                    self._release(pointer)

    # -- keys --------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Do what the key says, or leave it to the window."""
        command = self._command(event)
        if command is None:
            super().keyPressEvent(event)
        else:
            command()

    def _command(self, event: QKeyEvent) -> Callable[[], None] | None:
        """Return what this key does here, or None if it is for the window."""
        control, shift = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
        if event.matches(QKeySequence.StandardKey.Undo):
            return self.undo
        if event.matches(QKeySequence.StandardKey.Redo):
            return self.redo
        if event.key() == Qt.Key.Key_Y and event.modifiers() == control:
            return self.redo  # many people's other habit
        if event.modifiers() & ~(shift | Qt.KeyboardModifier.KeypadModifier):
            return None
        if event.key() in _ARROWS:
            step = NUDGE / 10 if event.modifiers() & shift else NUDGE
            return partial(self._push, *_ARROWS[Qt.Key(event.key())], step)
        if event.key() in _PEN_KEYS:
            width = self._pen_width + _PEN_STEP * _PEN_KEYS[Qt.Key(event.key())]
            return partial(self.set_pen_width, width)
        if event.key() == Qt.Key.Key_Escape:
            return self.cancel if self._gesture is not None else None
        return self.clear if event.key() in _CLEAR_KEYS else None

    def _push(self, right: int, down: int, step: float) -> None:
        self.cancel()
        self._commit(nudge(self._history.now, right * step, down * step), gesture="push")
