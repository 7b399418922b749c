"""A place for a widget that is built when it is first seen, so that starting costs nothing."""

from collections.abc import Callable

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget


class Late(QWidget):
    """Holds the widget that `build` returns, from the first time it is shown."""

    def __init__(self, build: Callable[[], QWidget], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._build: Callable[[], QWidget] | None = build
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)

    def showEvent(self, event: QShowEvent) -> None:
        """Build it now, if it is not there yet."""
        super().showEvent(event)
        if self._build is not None:
            build, self._build = self._build, None
            widget = build()
            self._layout.addWidget(widget)
            self.setFocusProxy(widget)
