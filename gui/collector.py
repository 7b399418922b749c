"""Keeps the garbage collector in the window's thread.

Widgets and their signals hold each other in circles, so Python deletes many of them only
when it looks for circles. That may happen in any thread, in the middle of a training:
then Qt's objects die in the wrong thread, and the program with them (seen while a theme
was applied and a job calculated).
"""

import gc

from PySide6.QtCore import QObject, QTimer

from core.garbage import collect_due

_EVERY_MS = 500


class Collector(QObject):
    """Switches automatic collection off and collects by a timer, from now on."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(collect_due)
        self._timer.start()
