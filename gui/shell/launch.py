"""Starting the program: the QApplication, the log, and what happens to faults."""

import logging
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import platformdirs
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from core import __version__
from core.base.allocator import keep_little
from core.base.blas_threads import limit_threads
from core.base.errors import out_of_memory
from core.base.printable import printable_lines
from gui.session.messages import Message
from gui.session.settings import Settings
from gui.shell.app import Inkling
from gui.shell.display_loss import call_when_display_is_lost
from gui.shell.endings import Endings
from gui.style.icons import app_icon

_log = logging.getLogger(__name__)


def create_application(arguments: Sequence[str]) -> QApplication:
    """Make the QApplication with the program's names and icon."""
    limit_threads()
    QCoreApplication.setApplicationName("Inkling")
    QCoreApplication.setApplicationVersion(__version__)
    app = QApplication([sys.argv[0], *arguments])
    app.setWindowIcon(app_icon())
    app.setDesktopFileName("inkling")
    return app


def catch_faults(inkling: Inkling) -> None:
    """Show faults in the program in the window, and write them to the log."""

    def caught(
        kind: type[BaseException], value: BaseException, trace: TracebackType | None
    ) -> None:
        _log.error("a fault in the program", exc_info=(kind, value, trace))
        if threading.current_thread() is threading.main_thread():
            what = f"A fault in the program stopped this action ({kind.__name__}: {value})."
            if issubclass(kind, MemoryError):
                what = out_of_memory().message
            inkling.say(Message("error", what, "Your network is still there: save it, then go on."))

    sys.excepthook = caught


def keep_log() -> None:
    """Write warnings and faults to a file in the user's log folder, where that can be done."""
    try:
        folder = platformdirs.user_log_path("Inkling", appauthor=False, ensure_exists=True)
        handler: logging.Handler = logging.FileHandler(folder / "inkling.log", encoding="utf-8")
    except OSError:
        handler = logging.StreamHandler()
    handler.setFormatter(_Visible("%(asctime)s %(name)s %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])


class _Visible(logging.Formatter):
    """Spells out what a terminal would obey: logs are read there, and name strangers' files."""

    def format(self, record: logging.LogRecord) -> str:
        return printable_lines(super().format(record))


def run(path: Path | None = None) -> int:
    """Open the window and run until it is closed, or ended from outside.

    Returns:
        The exit status.
    """
    keep_log()
    keep_little()
    app = create_application(())
    inkling = Inkling(app, Settings())
    inkling.collector.set_start_aside()
    catch_faults(inkling)
    endings = Endings(app, inkling)
    call_when_display_is_lost(inkling.display_lost)
    try:
        inkling.start(path)
        return app.exec()
    finally:
        inkling.shut_down()
        endings.forget()
