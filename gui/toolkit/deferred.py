"""A place for a widget that is built when it is first looked at."""

from collections.abc import Callable

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QWidget

from gui.toolkit.stack import column_of


class Deferred(QWidget):
    """Builds its content on the first show, so that the program starts without it.

    Attributes:
        content: the widget, or None as long as nobody has looked.
    """

    def __init__(self, make: Callable[[], QWidget]) -> None:
        super().__init__()
        self._make = make
        self.content: QWidget | None = None
        self._column = column_of(self, 0)

    def build(self) -> QWidget:
        """Return the content, built if need be."""
        if self.content is None:
            self.content = self._make()
            self._column.addWidget(self.content)
            self.setFocusProxy(self.content)
            self.content.show()  # what is added in the middle of showing is not shown by Qt
        return self.content

    def showEvent(self, event: QShowEvent) -> None:
        """Build before the first paint."""
        self.build()
        super().showEvent(event)
