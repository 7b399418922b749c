"""Random moves of mouse and keys in the window, of a hand that knows nothing.

Mouse and keys go to the window's handle, so that Qt finds the widget beneath, lets open menus
take the click and keeps out what a dialog blocks, as it does for a hand.
"""

import random
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QImage, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QMenu,
    QMessageBox,
    QSlider,
    QTabBar,
    QWidget,
)

from gui.session.action import keys_of
from gui.shell.actions import specs_of
from gui.shell.window import Window
from gui.toolkit.canvas.stroke_paper import StrokePaper
from tests.fuzz.choices import answer, choose_from, drop
from tests.fuzz.sight import blocking, front, handle_of, name_at, name_of, spot_in, target_in

_LEFT, _NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
_CTRL = Qt.KeyboardModifier.ControlModifier
_SHARP = (QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QSlider, QTabBar, StrokePaper)
_WIDE = (QTabBar, QSlider, StrokePaper)  # where on them one clicks matters
_KEYS = (
    *(Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.Key.Key_Space),
    *(Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home),
    *(Qt.Key.Key_End, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Delete),
    *(Qt.Key.Key_Backspace, Qt.Key.Key_F1, Qt.Key.Key_Menu, Qt.Key.Key_R),
    *(Qt.Key(Qt.Key.Key_0.value + digit) for digit in range(10)),
)
_TEXTS = ("7", "0", "-1", "1e9", "0.001", "99999999", "a", "é€𝟛", "<b>x</b>", "nan", "3,4", " ")
_STUCK_MS = 300  # longer than moves take
_QUIT_SHARE = 0.004  # of all moves


class Hand:
    """Makes one random move after the other in the windows that are there."""

    def __init__(self, window: Window, rng: random.Random, toys: Sequence[Path]) -> None:
        """Work `window` and what opens over it; `toys` are opened and dropped."""
        self.window, self._rng, self._toys = window, rng, toys
        self._way_out = Qt.Key.Key_Escape
        self._stuck = QTimer(interval=_STUCK_MS)
        self._stuck.timeout.connect(self._leave_inner_loop)
        specs = [spec for spec in specs_of(window.menus) if spec.key != "file.quit"]
        self._shortcuts = [keys[0] for spec in specs if (keys := keys_of(spec))]
        ways: tuple[tuple[int, Callable[[], str]], ...] = (
            (30, self._click_something), (14, self._click_anywhere), (10, self._draw),
            (8, self._press_key), (7, self._type), (7, self._turn_wheel), (10, self._open_menu),
            (9, self._press_shortcut), (4, self._drop), (3, self._drag), (3, self._point),
            (2, self._resize), (1, self._paste),
        )  # fmt: skip
        self._weights, self._ways = zip(*ways, strict=True)

    def move(self) -> str:
        """Make a move; return what was done, in words."""
        self._way_out = self._rng.choice((Qt.Key.Key_Return, Qt.Key.Key_Escape))
        self._stuck.start()
        try:
            return self._move()
        finally:
            self._stuck.stop()

    def _move(self) -> str:
        where = self._front()
        if isinstance(where, QFileDialog):
            return answer(where, self._rng, self._toys)
        if isinstance(where, QMenu):
            return choose_from(where, self._rng)
        if self._rng.random() < _QUIT_SHARE:
            QTest.keyClick(handle_of(where), Qt.Key.Key_Q, _CTRL)
            return "Ctrl+Q"
        (way,) = self._rng.choices(self._ways, self._weights)
        done: str = way()
        return done

    def _leave_inner_loop(self) -> None:
        """Answer what Qt runs in a loop of its own, in which the move does not come back.

        These are its questions (replace this file?) and the menus of number fields.
        """
        where = blocking()
        if isinstance(where, QMenu):
            QTest.keyClick(where, Qt.Key.Key_Escape)
        elif isinstance(where, QMessageBox):
            QTest.keyClick(where, self._way_out)

    def _front(self) -> QWidget:
        return front(self.window, self._rng)

    # Mouse ----------------------------------------------------------------------------

    def _click_something(self) -> str:
        window = self._front()
        target = target_in(window, _SHARP, self._rng)
        if target is None:
            return self._click_anywhere()
        widget, at = target
        if isinstance(widget, _WIDE) or self._rng.random() < 0.3:
            at = widget.mapTo(window, spot_in(widget, self._rng))
        return self._click_at(window, at, name_of(widget))

    def _click_anywhere(self) -> str:
        window = self._front()
        at = spot_in(window, self._rng)
        return self._click_at(window, at, name_at(window, at))

    def _click_at(self, window: QWidget, at: QPoint, what: str) -> str:
        handle, kind = handle_of(window), self._rng.random()
        words = f"click on {what} at {at.x()}, {at.y()} of {name_of(window)}"
        if kind < 0.06:
            QTest.mouseDClick(handle, _LEFT, _NONE, at)
            return f"double {words}"
        if kind < 0.12:
            QTest.mouseClick(handle, Qt.MouseButton.RightButton, _NONE, at)
            return f"right {words}"
        keys = Qt.KeyboardModifier.ShiftModifier if kind > 0.97 else _NONE
        QTest.mouseClick(handle, _LEFT, keys, at)
        return words

    def _drag(self) -> str:
        window = self._front()
        self._stroke(window, [spot_in(window, self._rng) for _ in range(3)])
        return f"drag in {name_of(window)}"

    def _draw(self) -> str:
        target = None if blocking() else target_in(self.window, (StrokePaper,), self._rng)
        if target is None:
            return self._click_something()
        paper, _ = target
        for _ in range(self._rng.randint(1, 3)):
            points = [spot_in(paper, self._rng) for _ in range(self._rng.randint(2, 12))]
            self._stroke(self.window, [paper.mapTo(self.window, point) for point in points])
        return f"draw on {name_of(paper)}"

    def _stroke(self, window: QWidget, points: Sequence[QPoint]) -> None:
        handle = handle_of(window)
        QTest.mousePress(handle, _LEFT, _NONE, points[0])
        for point in points[1:]:
            QTest.mouseMove(handle, point)
        QTest.mouseRelease(handle, _LEFT, _NONE, points[-1])

    def _point(self) -> str:
        window = self._front()
        at = spot_in(window, self._rng)
        QTest.mouseMove(handle_of(window), at)
        return f"point at {name_at(window, at)}"

    def _turn_wheel(self) -> str:
        window = self._front()
        at, by = spot_in(window, self._rng), self._rng.choice((-120, 120, 360, -360))
        keys = self._rng.choice((_NONE, _NONE, _CTRL))
        QTest.wheelEvent(handle_of(window), QPointF(at), QPoint(0, by), QPoint(), keys)
        return f"wheel over {name_at(window, at)}"

    def _open_menu(self) -> str:
        """Open a menu of the menu bar; the next move chooses from it."""
        if blocking():
            return self._click_something()
        bar = self.window.menuBar()
        entry = self._rng.choice(bar.actions())
        at = bar.mapTo(self.window, bar.actionGeometry(entry).center())
        QTest.mouseClick(handle_of(self.window), _LEFT, _NONE, at)
        return f"open the menu {entry.text()}"

    # Keys -----------------------------------------------------------------------------

    def _press_key(self) -> str:
        key = self._rng.choice(_KEYS)
        QTest.keyClick(handle_of(self._front()), key)
        return f"key {key.name}"

    def _press_shortcut(self) -> str:
        keys = self._rng.choice(self._shortcuts)
        QTest.keySequence(handle_of(self._front()), keys)
        return f"keys {keys.toString()}"

    def _type(self) -> str:
        target = target_in(self._front(), (QLineEdit, QAbstractSpinBox), self._rng)
        if target is None:
            return self._press_key()
        field, at = target
        QTest.mouseDClick(handle_of(field.window()), _LEFT, _NONE, at)
        text = "".join(self._rng.choices(_TEXTS, k=self._rng.randint(1, 3)))
        if self._rng.random() < 0.5:
            QTest.keyClick(field, Qt.Key.Key_A, _CTRL)
        if text.isascii():
            QTest.keyClicks(field, text)
        else:  # such letters come from an input method
            event = QInputMethodEvent()
            event.setCommitString(text)
            QApplication.sendEvent(field, event)
        if self._rng.random() < 0.6:
            QTest.keyClick(field, Qt.Key.Key_Return)
        return f"type {text!r} into {name_of(field)}"

    # From outside -----------------------------------------------------------------------

    def _drop(self) -> str:
        if blocking():
            return self._click_something()
        target = target_in(self.window, (StrokePaper,), self._rng)
        over = target[0] if target is not None and self._rng.random() < 0.2 else self.window
        path = self._rng.choice(self._toys)
        drop(path, over)
        return f"drop {path.name!r} on {name_of(over)}"

    def _paste(self) -> str:
        size = self._rng.randint(1, 300), self._rng.randint(1, 300)
        image = QImage(*size, QImage.Format.Format_RGB32)
        image.fill(self._rng.randrange(1 << 24))
        QGuiApplication.clipboard().setImage(image)
        QTest.keyClick(handle_of(self._front()), Qt.Key.Key_V, _CTRL)
        return "paste a picture"

    def _resize(self) -> str:
        width, height = self._rng.randint(400, 1900), self._rng.randint(300, 1200)
        self.window.resize(width, height)
        return f"resize to {width} × {height}"
