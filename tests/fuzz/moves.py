"""Random moves of mouse and keys in the window, of a hand that knows nothing.

Mouse and keys go to the window's handle, so that Qt finds the widget beneath, lets open menus
take the click and keeps out what a dialog blocks, as it does for a hand.
"""

import random
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QImage, QInputMethodEvent, QWindow
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

from gui.actions import all_actions, keys_of
from gui.widgets.stroke_paper import StrokePaper
from gui.window import Window

_LEFT, _NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
_COPY = Qt.DropAction.CopyAction
_SHARP = (QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QSlider, QTabBar, StrokePaper)
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
        self._saved = 0
        self._way_out = Qt.Key.Key_Escape
        self._stuck = QTimer(interval=_STUCK_MS)
        self._stuck.timeout.connect(self._leave_inner_loop)
        specs = [spec for spec in all_actions() if spec.key != "file.quit"]
        self._shortcuts = [keys[0] for spec in specs if (keys := keys_of(spec))]
        ways: tuple[tuple[int, Callable[[], str]], ...] = (
            (30, self._click_something), (14, self._click_anywhere), (10, self._draw),
            (8, self._press_key), (7, self._type), (7, self._turn_wheel), (10, self._choose),
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

    def _leave_inner_loop(self) -> None:
        """Answer what Qt runs in a loop of its own, in which the move does not come back.

        These are its questions (replace this file?) and the menus of number fields.
        """
        front = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if isinstance(front, QMenu):
            QTest.keyClick(front, Qt.Key.Key_Escape)
        elif isinstance(front, QMessageBox):
            QTest.keyClick(front, self._way_out)

    def _move(self) -> str:
        where = self._front()
        if isinstance(where, QFileDialog):
            return self._answer(where)
        if isinstance(where, QMenu):
            return self._choose_from(where)
        if self._rng.random() < _QUIT_SHARE:
            QTest.keyClick(self._handle(where), Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
            return "Ctrl+Q"
        (way,) = self._rng.choices(self._ways, self._weights)
        done: str = way()
        return done

    # Where ----------------------------------------------------------------------------

    def _front(self) -> QWidget:
        """Return the window that takes the mouse: a menu, a dialog, or one of the others."""
        front = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if front is not None:
            return front
        others = [each for each in QApplication.topLevelWidgets() if _takes_mouse(each)]
        if len(others) > 1 and self._rng.random() < 0.5:
            return self._rng.choice(sorted(others, key=_name))
        return self.window

    @staticmethod
    def _handle(window: QWidget) -> QWindow:
        handle = window.windowHandle()
        assert handle is not None, f"{_name(window)} is to be seen, so it has a handle"
        return handle

    def _spot(self, window: QWidget) -> QPoint:
        return QPoint(
            self._rng.randrange(max(window.width(), 1)),
            self._rng.randrange(max(window.height(), 1)),
        )

    def _target(self, window: QWidget, kinds: tuple[type, ...]) -> tuple[QWidget, QPoint] | None:
        """Return a widget of these kinds that is not covered, and where in the window it is."""
        found = []
        for kind in kinds:
            for widget in window.findChildren(kind):
                if widget.isVisible() and widget.isEnabled() and widget.window() is window:
                    middle = widget.mapTo(window, widget.rect().center())
                    top = window.childAt(middle)
                    if top is not None and (top is widget or widget.isAncestorOf(top)):
                        found.append((widget, middle))
        return self._rng.choice(found) if found else None

    # Mouse ----------------------------------------------------------------------------

    def _click_something(self) -> str:
        window = self._front()
        target = self._target(window, _SHARP)
        if target is None:
            return self._click_anywhere()
        widget, middle = target
        at = middle
        if isinstance(widget, (QTabBar, QSlider, StrokePaper)) or self._rng.random() < 0.3:
            at = widget.mapTo(window, self._spot(widget))
        return self._click_at(window, at, _name(widget))

    def _click_anywhere(self) -> str:
        window = self._front()
        at = self._spot(window)
        return self._click_at(window, at, _name(window.childAt(at) or window))

    def _click_at(self, window: QWidget, at: QPoint, what: str) -> str:
        handle, kind = self._handle(window), self._rng.random()
        words = f"{what} at {at.x()}, {at.y()} of {_name(window)}"
        if kind < 0.06:
            QTest.mouseDClick(handle, _LEFT, _NONE, at)
            return f"double click on {words}"
        if kind < 0.12:
            QTest.mouseClick(handle, Qt.MouseButton.RightButton, _NONE, at)
            return f"right click on {words}"
        keys = self._rng.choice((_NONE, *[Qt.KeyboardModifier.ShiftModifier] * (kind > 0.95)))
        QTest.mouseClick(handle, _LEFT, keys, at)
        return f"click on {words}"

    def _drag(self) -> str:
        window = self._front()
        self._stroke(window, [self._spot(window), self._spot(window), self._spot(window)])
        return f"drag in {_name(window)}"

    def _draw(self) -> str:
        target = self._target(self.window, (StrokePaper,)) if self._is_free() else None
        if target is None:
            return self._click_something()
        paper, _ = target
        for _ in range(self._rng.randint(1, 3)):
            points = [self._spot(paper) for _ in range(self._rng.randint(2, 12))]
            self._stroke(self.window, [paper.mapTo(self.window, point) for point in points])
        return f"draw on {_name(paper)}"

    def _is_free(self) -> bool:
        return QApplication.activePopupWidget() is QApplication.activeModalWidget() is None

    def _stroke(self, window: QWidget, points: Sequence[QPoint]) -> None:
        handle = self._handle(window)
        QTest.mousePress(handle, _LEFT, _NONE, points[0])
        for point in points[1:]:
            QTest.mouseMove(handle, point)
        QTest.mouseRelease(handle, _LEFT, _NONE, points[-1])

    def _point(self) -> str:
        window = self._front()
        at = self._spot(window)
        QTest.mouseMove(self._handle(window), at)
        return f"point at {_name(window.childAt(at) or window)}"

    def _turn_wheel(self) -> str:
        window = self._front()
        at, by = self._spot(window), self._rng.choice((-120, 120, 360, -360))
        keys = self._rng.choice((_NONE, _NONE, Qt.KeyboardModifier.ControlModifier))
        QTest.wheelEvent(self._handle(window), QPointF(at), QPoint(0, by), QPoint(), keys)
        return f"wheel over {_name(window.childAt(at) or window)}"

    # Keys -----------------------------------------------------------------------------

    def _press_key(self) -> str:
        key = self._rng.choice(_KEYS)
        QTest.keyClick(self._handle(self._front()), key)
        return f"key {key.name}"

    def _type(self) -> str:
        target = self._target(self._front(), (QLineEdit, QAbstractSpinBox))
        if target is None:
            return self._press_key()
        field, at = target
        QTest.mouseDClick(self._handle(field.window()), _LEFT, _NONE, at)
        text = "".join(self._rng.choices(_TEXTS, k=self._rng.randint(1, 3)))
        if self._rng.random() < 0.5:
            QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        if text.isascii():
            QTest.keyClicks(field, text)
        else:  # such letters come from an input method
            event = QInputMethodEvent()
            event.setCommitString(text)
            QApplication.sendEvent(field, event)
        if self._rng.random() < 0.6:
            QTest.keyClick(field, Qt.Key.Key_Return)
        return f"type {text!r} into {_name(field)}"

    def _press_shortcut(self) -> str:
        keys = self._rng.choice(self._shortcuts)
        pressed = keys[0]
        QTest.keyClick(
            self._handle(self._front()), pressed.key(), pressed.keyboardModifiers()
        )
        return f"keys {keys.toString()}"

    # Menus, files, windows --------------------------------------------------------------

    def _choose(self) -> str:
        """Open a menu of the menu bar; the next move chooses from it."""
        if not self._is_free():
            return self._click_something()
        bar = self.window.menuBar()
        entry = self._rng.choice(bar.actions())
        at = bar.mapTo(self.window, bar.actionGeometry(entry).center())
        QTest.mouseClick(self._handle(self.window), _LEFT, _NONE, at)
        return f"open the menu {entry.text()}"

    def _choose_from(self, menu: QMenu) -> str:
        actions = [action for action in menu.actions() if not action.isSeparator()]
        if not actions or self._rng.random() < 0.1:
            QTest.keyClick(menu, Qt.Key.Key_Escape)
            return "leave the menu"
        action = self._rng.choice(actions)
        if action.objectName() == "file.quit" and self._rng.random() < 0.9:
            QTest.keyClick(menu, Qt.Key.Key_Escape)
            return "leave the menu at Quit"
        words = action.text()
        QTest.mouseClick(menu, _LEFT, _NONE, menu.actionGeometry(action).center())
        return f"choose {words!r}"

    def _answer(self, dialog: QFileDialog) -> str:
        """Name a file in a file dialog: clicks could delete real files in it."""
        field = dialog.findChild(QLineEdit, "fileNameEdit")
        if field is None or self._rng.random() < 0.3:
            QTest.keyClick(dialog, Qt.Key.Key_Escape)
            return "leave the file dialog"
        if dialog.acceptMode() == QFileDialog.AcceptMode.AcceptSave:
            self._saved = (self._saved + 1) % 6
            path = self._toys[0].parent / f"saved-{self._saved}{Path(field.text()).suffix}"
        elif dialog.fileMode() == QFileDialog.FileMode.Directory:
            path = self._rng.choice([each for each in self._toys if each.is_dir()])
        else:
            path = self._rng.choice(self._toys)
        field.setText(str(path))
        QTest.keyClick(field, Qt.Key.Key_Return)
        return f"name {path.name!r} in “{dialog.windowTitle()}”"

    def _drop(self) -> str:
        path = self._rng.choice(self._toys)
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        if not self._is_free():
            return self._click_something()
        target = self._target(self.window, (StrokePaper,)) if self._rng.random() < 0.2 else None
        place = QPoint(200, 200)
        over: QWidget = self.window if target is None else target[0]
        QApplication.sendEvent(over, QDragEnterEvent(place, _COPY, data, _LEFT, _NONE))
        QApplication.sendEvent(over, QDropEvent(QPointF(place), _COPY, data, _LEFT, _NONE))
        return f"drop {path.name!r} on {_name(over)}"

    def _paste(self) -> str:
        image = QImage(self._rng.randint(1, 300), self._rng.randint(1, 300), QImage.Format.Format_RGB32)
        image.fill(self._rng.randrange(1 << 24))
        QGuiApplication.clipboard().setImage(image)
        QTest.keyClick(self._handle(self._front()), Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
        return "paste a picture"

    def _resize(self) -> str:
        width, height = self._rng.randint(400, 1900), self._rng.randint(300, 1200)
        self.window.resize(width, height)
        return f"resize to {width} × {height}"


def _takes_mouse(window: QWidget) -> bool:
    return window.isVisible() and window.windowType() in (
        Qt.WindowType.Window, Qt.WindowType.Dialog, Qt.WindowType.Tool,
    )  # fmt: skip


def _name(widget: QWidget) -> str:
    """Return what to call a widget in a report: its class and the words on it."""
    words = widget.objectName() or widget.accessibleName()
    if isinstance(widget, QAbstractButton):
        words = widget.text() or words or widget.toolTip()[:40]
    return f"{type(widget).__name__} {words!r}"
