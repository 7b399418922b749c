"""Ends that come from outside: a signal, the end of the desktop's session, a display that dies.

None of them asks, for nobody may be there to answer: the program ends as after a crash, with
a last copy of the network for the next start. Only Ctrl-C, typed by somebody, asks first.
"""

import signal
import socket
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier
from PySide6.QtGui import QGuiApplication, QSessionManager

from gui.shell.app import Inkling

# SIGHUP: the terminal was closed. Windows has no such thing.
_ENDING = [number for name in ("SIGTERM", "SIGHUP") if (number := getattr(signal, name, None))]
_STATUS = 128  # plus the signal's number: what shells expect of a program it ended


class Endings(QObject):
    """Hears them in the window's thread."""

    def __init__(self, app: QGuiApplication, inkling: Inkling) -> None:
        super().__init__(inkling)
        self._app, self._inkling = app, inkling
        self._interrupted = False
        # Python runs its handlers only when it gets its turn, and Qt may wait for minutes:
        # so the signal is written to a socket, which wakes Qt.
        self._heard, self._told = socket.socketpair()
        for end in (self._heard, self._told):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._heard.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._hear)
        self._wakeup_before = signal.set_wakeup_fd(self._told.fileno(), warn_on_full_buffer=False)
        numbers = [signal.SIGINT, *_ENDING]
        # What was ignored before (by nohup) stays so.
        numbers = [one for one in numbers if signal.getsignal(one) is not signal.SIG_IGN]
        self._before = {one: signal.signal(one, _nothing) for one in numbers}
        app.commitDataRequest.connect(self._session_ends)
        # The last that is heard of a display that has died, and on Windows of a session.
        app.aboutToQuit.connect(inkling.shut_down)

    def forget(self) -> None:
        """Let signals do again what they did before."""
        self._notifier.setEnabled(False)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._wakeup_before)
        for end in (self._heard, self._told):
            end.close()

    def _hear(self) -> None:
        for number in self._heard.recv(64):
            if number == signal.SIGINT and not self._interrupted:
                self._interrupted = True  # who types it twice means it
                self._inkling.commands.ask_to_close()
            else:
                self._app.exit(_STATUS + number)

    def _session_ends(self, _manager: QSessionManager) -> None:
        self._inkling.keep_now()


def _nothing(_number: int, _frame: FrameType | None) -> None:
    """Take a signal that has been written to the socket already."""
