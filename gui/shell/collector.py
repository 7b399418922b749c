"""Keeps the garbage collector in the window's thread.

Widgets and their signals hold each other in circles, so Python deletes many of them only
when it looks for circles. That may happen in any thread, in the middle of a training:
then Qt's objects die in the wrong thread, and the program with them (seen while a theme
was applied and a job calculated).

What has lived for a while is looked at only by a full collection, which Python's counters
ask for after ten thousands of new objects: not in a whole day of drawing. So there is one
every few seconds, too, when no mouse button is down.
"""

import gc
import time

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QGuiApplication

from core.base.gc_policy import collect_due

_EVERY_MS = 500
_FULL_EVERY_S = 10.0
_LATEST = 6  # times as long it is put off for a hand that draws


class Collector(QObject):
    """Switches automatic collection off and collects by a timer, from now on."""

    def __init__(self, parent: QObject | None = None, full_every_s: float = _FULL_EVERY_S) -> None:
        super().__init__(parent)
        gc.disable()
        self._full_every_s = full_every_s
        self._last_full = time.monotonic()
        self._sets_aside = False
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self._collect)
        self._timer.start()

    def set_start_aside(self) -> None:
        """Look at what is alive after the next full collection never again.

        For a program that runs once in its process: the hundred thousand objects of its
        libraries and its window, which stay, make a full collection take 30 to 40 ms; without
        them it takes 1.
        """
        self._sets_aside = True

    def _collect(self) -> None:
        now = time.monotonic()
        waited = now - self._last_full
        at_work = QGuiApplication.mouseButtons() != Qt.MouseButton.NoButton
        if waited < self._full_every_s * (_LATEST if at_work else 1):
            collect_due()
            return
        gc.collect()
        self._last_full = now
        if self._sets_aside:
            self._sets_aside = False
            gc.freeze()
