"""`inkling`: opens the window, or runs one of the commands that need none."""

import sys
from collections.abc import Sequence
from pathlib import Path

from core.base.interrupts import heard, status_of
from core.cli.streams import complain, occupy_closed

_CANNOT_OPEN = 1
# Without importing them: the window does not wait for the command line.
COMMAND_NAMES = frozenset({"train", "evaluate", "predict", "check", "download", "export", "import"})


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program. Returns its exit status."""
    occupy_closed()
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    if arguments and arguments[0] == "tour":
        return _tour(arguments[1:])
    if arguments and not _is_file(arguments[0]):
        return _console(arguments)
    return _window(Path(arguments[0]).absolute() if arguments else None)


def _is_file(word: str) -> bool:
    # A command's name means the command, even where a folder is called so.
    if word in COMMAND_NAMES or word.startswith("-") or not word:
        return False
    try:
        return Path(word).exists() or Path(word).suffix == ".h5"
    except OSError:  # too long for a file name
        return False


def _console(arguments: Sequence[str]) -> int:
    try:
        with heard():  # while it is loaded, too
            from core.cli.console import main as console  # noqa: PLC0415 - no part of the window

            return console(arguments)
    except KeyboardInterrupt as error:
        complain("Interrupted.\n")
        return status_of(error)


def _window(path: Path | None) -> int:
    from core.cli.command import print_error  # noqa: PLC0415
    from gui.shell.system import (  # noqa: PLC0415
        explain_missing,
        missing_libraries,
        no_display_sentence,
        qt_platform,
    )

    for sentence in (no_display_sentence(), explain_missing(missing_libraries(qt_platform()))):
        if sentence:
            print_error(sentence)
            return _CANNOT_OPEN
    from gui.shell.launch import run  # noqa: PLC0415 - loads Qt, which the checks above come before

    return run(path)


def _tour(arguments: Sequence[str]) -> int:
    from core.cli.console import guarded  # noqa: PLC0415 - no part of the window
    from gui.tour.command import main as tour  # noqa: PLC0415 - loads Qt only when it starts

    return guarded(lambda: tour(arguments))


if __name__ == "__main__":
    sys.exit(main())
