"""Working the window as a person does: by mouse and keys, and by waiting until it shows.

Waiting runs the window's own event loop, so that training and painting go on beneath.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter

from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QLineEdit,
    QMainWindow,
    QMenu,
    QTabWidget,
    QToolBar,
    QWidget,
)

from core.base.interrupts import requested

_POLL_MS = 10
_TRIES = 20
_MOVE_S, _KEY_S = 0.004, 0.01  # between two events of a hand
_LEFT = Qt.MouseButton.LeftButton


class TourError(Exception):
    """The window did not do what the tour was waiting for."""


def wait_until(holds: Callable[[], bool], what: str, seconds: float = 60.0) -> float:
    """Let the window run until `holds()`; return how long it took, in seconds.

    Raises:
        TourError: it did not come true in time; `what` says what was awaited.
        Interrupted: a signal asked the program to end.
    """
    began = perf_counter()
    loop, timer, held = QEventLoop(), QTimer(interval=_POLL_MS), holds()

    def look() -> None:
        # Looked at once: until the loop has come to its end it may have passed again.
        nonlocal held
        held = held or holds()
        if held or requested():
            loop.quit()

    timer.timeout.connect(look)
    limit = QTimer(interval=round(seconds * 1000), singleShot=True)
    limit.timeout.connect(loop.quit)
    timer.start()
    limit.start()
    if not held:
        loop.exec()
    timer.stop()
    limit.stop()
    requested().check()
    if not held:
        raise TourError(f"waited {seconds:g} s in vain for: {what}")
    return perf_counter() - began


def rest(seconds: float) -> None:
    """Let the window run for a while, as a person who looks does. Raises Interrupted."""
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1000), loop.quit)
    loop.exec()
    requested().check()


def click(widget: QWidget, at: QPoint | None = None) -> None:
    """Click a widget, in its middle if not said otherwise."""
    QTest.mouseClick(widget, _LEFT, pos=widget.rect().center() if at is None else at)


def click_tool(window: QMainWindow, key: str) -> None:
    """Click the toolbar's button of a command."""
    for bar in window.findChildren(QToolBar):
        for action in bar.actions():
            button = bar.widgetForAction(action)
            if action.objectName() == key and button is not None:
                click(button)
                return
    raise TourError(f"the toolbar has no button {key}")


def choose_menu(window: QMainWindow, title: str, key: str) -> None:
    """Open a menu by mouse and click the command in it."""
    bar = window.menuBar()
    for entry in bar.actions():
        if entry.text().replace("&", "") != title:
            continue
        click(bar, bar.actionGeometry(entry).center())
        menu = next(menu for menu in bar.findChildren(QMenu) if menu.menuAction() is entry)
        wait_until(menu.isVisible, f"the menu {title}")
        for action in menu.actions():
            if action.objectName() == key:
                click(menu, menu.actionGeometry(action).center())
                return
    raise TourError(f"the menu {title} has no command {key}")


def show_tab(tabs: QTabWidget, index: int) -> None:
    """Click a tab."""
    bar = tabs.tabBar()
    click(bar, bar.tabRect(index).center())


def enter_path(window: QWidget, path: Path) -> None:
    """Type a file name into the open file dialog and press Enter."""

    def dialog() -> QFileDialog | None:
        found = [box for box in window.findChildren(QFileDialog) if box.isVisible()]
        return found[0] if found else None

    wait_until(lambda: dialog() is not None, "the file dialog")
    box = dialog()
    assert box is not None
    field = box.findChild(QLineEdit, "fileNameEdit")
    if field is None:
        raise TourError("the file dialog has no field for the name")
    rest(0.3)  # until the folder is listed: names typed before are read amiss
    field.selectAll()
    for letter in str(path):
        QTest.keyClicks(field, letter)
        rest(_KEY_S)
    # The list of completions opens when the folder has been read, and takes the keys.
    for _ in range(_TRIES):
        rest(0.1)
        if dialog() is None:
            return
        popup = QApplication.activePopupWidget()
        if popup is not None:
            QTest.keyClick(popup, Qt.Key.Key_Escape)
        else:
            QTest.keyClick(field, Qt.Key.Key_Return)
    wait_until(lambda: dialog() is None, "the file dialog to close")


def draw(canvas: QWidget, strokes: Sequence[Sequence[tuple[float, float]]]) -> None:
    """Draw strokes with the mouse; points are (x, y) in widget pixels."""
    for stroke in strokes:
        points = [QPoint(round(x), round(y)) for x, y in stroke]
        QTest.mousePress(canvas, _LEFT, pos=points[0])
        for point in points[1:]:
            QTest.mouseMove(canvas, point)
            rest(_MOVE_S)
        QTest.mouseRelease(canvas, _LEFT, pos=points[-1])


class Pulse:
    """Measures how long the event loop keeps others waiting.

    Attributes:
        longest_s: the longest it was late, in seconds.
        doing: what is being done; set by whoever does it.
        longest_at: what was being done then.
    """

    _BEAT_MS = 5

    def __init__(self) -> None:
        self.longest_s = self._last = 0.0
        self.longest_at = self.doing = ""
        self._timer = QTimer(interval=self._BEAT_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)

    def start(self) -> None:
        """Measure from now on."""
        self._last = perf_counter()
        self._timer.start()

    def stop(self) -> None:
        """Measure no more, for now."""
        self._timer.stop()

    def _beat(self) -> None:
        now = perf_counter()
        late = now - self._last - self._BEAT_MS / 1000
        if late > self.longest_s:
            self.longest_s, self.longest_at = late, self.doing
        self._last = now
