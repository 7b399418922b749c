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
from core.allocator import keep_little
from core.blas import limit_threads
from gui.app import Inkling
from gui.icons import app_icon
from gui.messages import Message
from gui.settings import Settings

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
        if issubclass(kind, KeyboardInterrupt):
            inkling.desk.ask_to_close()
            return
        _log.error("a fault in the program", exc_info=(kind, value, trace))
        if threading.current_thread() is threading.main_thread():
            inkling.say(
                Message(
                    "error",
                    f"A fault in the program stopped this action ({kind.__name__}: {value}).",
                    "Your network is still there: save it, then go on.",
                )
            )

    sys.excepthook = caught


def keep_log() -> None:
    """Write warnings and faults to a file in the user's log folder, where that can be done."""
    try:
        folder = platformdirs.user_log_path("Inkling", appauthor=False, ensure_exists=True)
        logging.basicConfig(
            filename=folder / "inkling.log",
            level=logging.WARNING,
            format="%(asctime)s %(name)s %(levelname)s %(message)s",
        )
    except OSError:
        logging.basicConfig(level=logging.WARNING)


def run(path: Path | None = None) -> int:
    """Open the window and run until it is closed. Returns the exit status."""
    keep_log()
    keep_little()
    app = create_application(())
    inkling = Inkling(app, Settings())
    inkling.collector.set_start_aside()
    catch_faults(inkling)
    inkling.start(path)
    status = app.exec()
    inkling.shut_down()
    return status
