"""What a hand finds in the windows that are there: which takes the mouse, and where what is."""

import random

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QWindow
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

_KINDS = (Qt.WindowType.Window, Qt.WindowType.Dialog, Qt.WindowType.Tool)


def blocking() -> QWidget | None:
    """Return the menu or dialog that keeps the mouse from all others, if there is one."""
    return QApplication.activePopupWidget() or QApplication.activeModalWidget()


def front(main: QWidget, rng: random.Random) -> QWidget:
    """Return a window that takes the mouse, the main window in most cases."""
    if (only := blocking()) is not None:
        return only
    others = [each for each in QApplication.topLevelWidgets() if _takes_mouse(each)]
    if len(others) > 1 and rng.random() < 0.5:
        return rng.choice(sorted(others, key=name_of))
    return main


def _takes_mouse(window: QWidget) -> bool:
    return window.isVisible() and window.windowType() in _KINDS


def handle_of(window: QWidget) -> QWindow:
    """Return what events from outside come to."""
    handle = window.windowHandle()
    assert handle is not None, f"{name_of(window)} is to be seen, so it has a handle"
    return handle


def spot_in(widget: QWidget, rng: random.Random) -> QPoint:
    """Return any place in a widget."""
    return QPoint(rng.randrange(max(widget.width(), 1)), rng.randrange(max(widget.height(), 1)))


def target_in(
    window: QWidget, kinds: tuple[type[QWidget], ...], rng: random.Random
) -> tuple[QWidget, QPoint] | None:
    """Return a widget of these kinds that is not covered, and where in the window its middle is."""
    found = []
    # A window that was made smaller than its panels need has parts that nobody sees.
    seen = QRect(QPoint(), handle_of(window).size())
    for kind in kinds:
        for widget in window.findChildren(kind):
            if widget.isVisible() and widget.isEnabled() and widget.window() is window:
                middle = widget.mapTo(window, widget.rect().center())
                top = window.childAt(middle) if seen.contains(middle) else None
                if top is not None and (top is widget or widget.isAncestorOf(top)):
                    found.append((widget, middle))
    return rng.choice(found) if found else None


def name_at(window: QWidget, at: QPoint) -> str:
    """Return what to call the widget at this place of a window."""
    return name_of(window.childAt(at) or window)


def name_of(widget: QWidget) -> str:
    """Return what to call a widget in a report: its class and the words on it."""
    words = widget.objectName() or widget.accessibleName()
    if isinstance(widget, QAbstractButton):
        words = widget.text() or words or widget.toolTip()[:40]
    return f"{type(widget).__name__} {words!r}"
