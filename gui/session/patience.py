"""Saying what is waited for, once that takes a moment, with a way to give it up."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Signal

from gui.session.messages import Message

_MOMENT_MS = 400  # what is done sooner needs no words


class Patience(QObject):
    """One thing that is waited for at a time.

    Signals:
        message(Message): it takes longer; with a button to give it up.
        settled(Message): that message has had its time.
    """

    message = Signal(object)
    settled = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._message: Message | None = None
        self._timer = QTimer(self, interval=_MOMENT_MS, singleShot=True)
        self._timer.timeout.connect(self._say)

    def begin(self, text: str, give_up: Callable[[], None]) -> None:
        """Wait for what `text` names: “Looking at “x”…”."""
        self.end()
        self._message = Message("info", text, actions=(("Cancel", give_up),))
        self._timer.start()

    def end(self) -> None:
        """It is there, or given up."""
        said = self._message is not None and not self._timer.isActive()
        self._timer.stop()
        message, self._message = self._message, None
        if said:
            self.settled.emit(message)

    def _say(self) -> None:
        self.message.emit(self._message)
