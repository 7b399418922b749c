"""A display that dies, seen from the program's last line.

When its X server goes, Qt's event loop ends with an error, and all is well: see
`gui.shell.endings`. But if it goes in the middle of a call, Xlib ends the process itself, without
a word to Qt or Python. So Xlib is asked to call here first.
"""

import ctypes
import logging
import os
import threading
from collections.abc import Callable

from PySide6.QtGui import QGuiApplication

_LIBRARY = "libX11.so.6"
_STATUS, _PATIENCE_S = 1, 20.0
# int handler(Display *), see XSetIOErrorHandler(3); ctypes gives the callback Python's lock.
_HANDLER = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)

_log = logging.getLogger(__name__)
_kept_alive: list[object] = []  # Xlib calls it for as long as the process lives
_lost_before = threading.Event()


def call_when_display_is_lost(keep: Callable[[], None]) -> bool:
    """Let Xlib call `keep`, in the window's thread, before the process ends.

    Returns:
        Whether that is so: there is an X display, and Xlib can be asked.
    """
    if QGuiApplication.platformName() != "xcb":
        return False
    try:
        library = ctypes.CDLL(_LIBRARY)  # the one that Qt has loaded
        handler = _HANDLER(lambda _display: _lost(keep))
        library.XSetIOErrorHandler(handler)
    except (OSError, AttributeError):
        return False
    _kept_alive.append(handler)
    return True


def _lost(keep: Callable[[], None]) -> int:
    if _lost_before.is_set():
        os._exit(_STATUS)  # `keep` has come to the display again: nothing more can be done
    _lost_before.set()
    # Nobody sees a program that hangs without a display.
    guard = threading.Timer(_PATIENCE_S, os._exit, (_STATUS,))
    guard.daemon = True
    guard.start()
    _log.error("the display was lost")
    try:
        keep()
    except Exception:  # noqa: BLE001 - whatever it is, the process ends here
        _log.exception("not all was kept when the display was lost")
    finally:
        os._exit(_STATUS)
