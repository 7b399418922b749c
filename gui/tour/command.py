"""`inkling tour OUTDIR`: drives the window by itself and takes pictures of it."""

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

from core.errors import OutputError, reason
from core.interrupts import held
from core.streams import complain, put
from gui.system import explain_missing, missing_libraries, no_display_sentence, qt_platform

_FAILED, _BAD_INPUT = 1, 2
_USAGE = "inkling tour: name one folder for the pictures, as in: inkling tour OUTDIR"


def main(arguments: Sequence[str]) -> int:
    """Run the tour.

    Returns:
        The exit status: 0, 1 if it failed, 2 for bad input.

    Raises:
        Interrupted: a signal ended it.
        OutputError: all was done, but not all lines could be printed.
    """
    if len(arguments) != 1 or arguments[0].startswith("-") or not arguments[0]:
        wanted = list(arguments) in (["-h"], ["--help"])
        (put if wanted else complain)(_USAGE + "\n")
        return 0 if wanted else _BAD_INPUT
    folder = Path(arguments[0]).absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        complain(f"inkling tour: {folder} cannot be written: {reason(error)}.\n")
        return _BAD_INPUT
    if no_display_sentence() is not None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    missing = explain_missing(missing_libraries(qt_platform()))
    if missing:
        complain(missing + "\n")
        return _FAILED
    return _drive(folder)


def _drive(folder: Path) -> int:
    from PySide6.QtCore import QSettings, Qt  # noqa: PLC0415 - the checks above come first
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    from gui.app import Inkling  # noqa: PLC0415
    from gui.launch import create_application  # noqa: PLC0415
    from gui.settings import Settings  # noqa: PLC0415
    from gui.tour.hands import TourError  # noqa: PLC0415
    from gui.tour.script import Tour  # noqa: PLC0415

    # The system's own file dialogs cannot be worked from here.
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)
    present = QApplication.instance()
    app = present if isinstance(present, QApplication) else create_application(())
    unsaid: list[OutputError] = []

    def say(line: str) -> None:
        """Print a line, as long as anybody hears; the pictures are what is wanted."""
        try:
            if not unsaid:
                put(f"{line}\n")
        except OutputError as error:
            unsaid.append(error)

    with tempfile.TemporaryDirectory() as home, held():
        # Settings of its own: the user's are neither used nor changed.
        store = QSettings(f"{home}/tour.ini", QSettings.Format.IniFormat)
        store.setValue("look/theme", "light")
        inkling = Inkling(app, Settings(store), Path(home))
        try:
            Tour(inkling, folder, say).run()
        except TourError as error:
            complain(f"inkling tour: {error}\n")
            return _FAILED
        finally:
            inkling.session.stop()
            inkling.shut_down()
            inkling.window.allow_close()
            inkling.window.close()
    if unsaid:
        raise unsaid[0]
    return 0
