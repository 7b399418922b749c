"""`inkling tour OUTDIR`: drives the window by itself and takes pictures of it."""

import argparse
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from core.base.errors import OutputError, reason
from core.base.interrupts import held
from core.base.registry import suggestion
from core.cli.arguments import file_name
from core.cli.command import print_error, print_line
from core.recipe.recipe import presets
from gui.shell.system import explain_missing, missing_libraries, no_display_sentence, qt_platform

_FAILED, _BAD_INPUT = 1, 2
DEFAULT_RECIPE = "thorough"
_EXAMPLE = "as in: inkling tour OUTDIR [--recipe KEY]"


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence."""

    def error(self, message: str) -> NoReturn:
        print_error(f"inkling tour: {' '.join(message.split())}; {_EXAMPLE}")
        self.exit(_BAD_INPUT)


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = _Parser(
        prog="inkling tour",
        description="Drive the window by itself and write a picture of each station.",
    )
    parser.add_argument("folder", type=file_name, metavar="OUTDIR", help="where the pictures go")
    parser.add_argument(
        "--recipe",
        default=DEFAULT_RECIPE,
        metavar="KEY",
        help=f"the preset that is trained: {', '.join(presets())}; default {DEFAULT_RECIPE}",
    )
    chosen = parser.parse_args(arguments)
    if chosen.recipe not in presets():
        hint = suggestion(chosen.recipe, list(presets()))
        print_error(f"inkling tour: There is no preset called {chosen.recipe!r}. {hint}")
        parser.exit(_BAD_INPUT)
    return chosen


def main(arguments: Sequence[str]) -> int:
    """Run the tour.

    Returns:
        The exit status: 0, 1 if it failed, 2 for bad input.

    Raises:
        Interrupted: a signal ended it.
        OutputError: all was done, but not all lines could be printed.
    """
    try:
        chosen = _parsed(arguments)
    except SystemExit as end:  # its sentence, or the help, is printed
        return end.code if isinstance(end.code, int) else 0
    folder = chosen.folder.absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError as error:
        print_error(f"inkling tour: {folder} cannot be written: {reason(error)}.")
        return _BAD_INPUT
    if no_display_sentence() is not None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    missing = explain_missing(missing_libraries(qt_platform()))
    if missing:
        print_error(missing)
        return _FAILED
    return _drive(folder, chosen.recipe)


def _drive(folder: Path, recipe: str) -> int:
    from PySide6.QtCore import QSettings, Qt  # noqa: PLC0415 - the checks above come first
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    from gui.session.settings import Settings  # noqa: PLC0415
    from gui.shell.app import Inkling  # noqa: PLC0415
    from gui.shell.launch import create_application  # noqa: PLC0415
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
                print_line(line)
        except OutputError as error:
            unsaid.append(error)

    with tempfile.TemporaryDirectory() as home, held():
        # Settings of its own: the user's are neither used nor changed.
        store = QSettings(f"{home}/tour.ini", QSettings.Format.IniFormat)
        store.setValue("look/theme", "light")
        inkling = Inkling(app, Settings(store), Path(home))
        try:
            Tour(inkling, folder, say, recipe).run()
        except TourError as error:
            print_error(f"inkling tour: {error}")
            return _FAILED
        finally:
            inkling.session.stop()
            inkling.shut_down()
            inkling.window.allow_close()
            inkling.window.close()
    if unsaid:
        raise unsaid[0]
    return 0
