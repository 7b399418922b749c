"""A sentence under a field: what is wrong with it, or what to know about it."""

from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.toolkit.plain import TextLabel
from gui.toolkit.restyle import set_style_property


class MessageLine(TextLabel):
    """Takes no room while there is nothing to say. A problem comes before a note."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self._note, self._problem = "", ""
        self.setWordWrap(True)
        # A wrapped label asks for the width of a line of its choice; this one takes what it gets.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.hide()

    def set_note(self, text: str) -> None:
        """Show a muted sentence; "" takes it away."""
        self._note = text
        self._show()

    def set_problem(self, text: str) -> None:
        """Show a sentence about something wrong; "" takes it away."""
        self._problem = text
        self._show()

    def _show(self) -> None:
        text = self._problem or self._note
        set_style_property(self, "role", "error" if self._problem else "muted")
        self.setText(text)
        self.setVisible(bool(text))
