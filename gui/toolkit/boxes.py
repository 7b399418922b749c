"""Qt's own dialogs, without their habit of taking names from files for HTML."""

from PySide6.QtCore import QChildEvent, QEvent, Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QMessageBox, QWidget

from core.base.printable import printable, printable_lines
from gui.toolkit.plain import shortened


class MessageBox(QMessageBox):
    """A question or a message that shows its words as they are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)

    def setText(self, text: str) -> None:
        """Say what it is about."""
        super().setText(shortened(printable(text)))

    def setInformativeText(self, text: str) -> None:
        """Say more about it."""
        super().setInformativeText(shortened(printable(text)))
        make_plain(self)

    def set_own_words(self, html: str) -> None:
        """Show HTML written in this program's source, with nothing of others in it."""
        self.setTextFormat(Qt.TextFormat.RichText)
        super().setText(html)


class FileDialog(QFileDialog):
    """Asks for a file or a folder. Its own questions ("Replace it?") are plain text."""

    def childEvent(self, event: QChildEvent) -> None:
        """Look at each question before it is shown."""
        super().childEvent(event)
        child = event.child()
        if event.type() == QEvent.Type.ChildPolished and isinstance(child, QMessageBox):
            make_plain(child)


def make_plain(box: QMessageBox) -> None:
    """Let a message box show its words as they are."""
    box.setTextFormat(Qt.TextFormat.PlainText)
    for label in box.findChildren(QLabel):  # the second text has a label that no setter reaches
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setText(printable_lines(label.text()))
