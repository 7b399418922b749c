"""A part of a panel that opens and closes under its heading."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from gui.style.theme import SPACE_XS
from gui.toolkit.plain import button_text, set_tooltip
from gui.toolkit.stack import column_of

_ARROW_PX, _LEAST_PX = 32, 80


class Collapsible(QWidget):
    """A heading to press (mouse, Space or Enter) and the content it shows.

    Signals:
        toggled(bool): it was opened or closed.
    """

    toggled = Signal(bool)

    def __init__(self, title: str, content: QWidget) -> None:
        super().__init__()
        self._title, self._content = title, content
        self.is_open = False
        # Not checkable: a switched-on button looks as if something were selected.
        self.button = _Heading()
        self.button.setAutoRaise(True)
        self.button.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.button.setStyleSheet("QToolButton { padding-left: 0; }")  # in line with the labels
        self.button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        column = column_of(self, SPACE_XS)
        column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(content)
        self._summary = ""
        self.button.clicked.connect(lambda: self.set_open(not self.is_open))
        self.set_open(False)

    def set_open(self, is_open: bool) -> None:
        """Show or hide the content."""
        changed, self.is_open = is_open != self.is_open, is_open
        self.button.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)
        self._name()
        self._content.setVisible(is_open)
        if changed:
            self.toggled.emit(is_open)

    def set_summary(self, text: str) -> None:
        """Say beside the heading what is set inside; "" for nothing."""
        self._summary = text
        self._name()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten the summary to the room there is."""
        super().resizeEvent(event)
        self._name()

    def _name(self) -> None:
        whole = f"{self._title} · {self._summary}" if self._summary else self._title
        room = max(self.width() - _ARROW_PX, _LEAST_PX)
        shown = self.fontMetrics().elidedText(whole, Qt.TextElideMode.ElideRight, room)
        self.button.setText(button_text(shown))
        set_tooltip(self.button, whole if shown != whole else "")
        self.button.setAccessibleName(f"{whole}, {'open' if self.is_open else 'closed'}")


class _Heading(QToolButton):
    """May become narrower than its words, which are shortened then; Enter presses it too."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.isAutoRepeat():
            self.click()
        else:
            super().keyPressEvent(event)

    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST_PX, super().minimumSizeHint().height())
