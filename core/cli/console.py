"""The command line without a window: `inkling train | evaluate | predict`."""

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import core.cli.commands  # noqa: F401 - fills COMMANDS
from core import __version__
from core.base.errors import InklingError, OutputError, out_of_memory
from core.base.interrupts import heard, status_of
from core.cli.command import COMMANDS, print_error
from core.cli.streams import complain, put
from core.data.dataset import BUILTIN
from core.data.readers import kinds_of_data

BAD_INPUT = 2
UNREAD = 141  # what shells say of a program that a broken pipe ended: 128 and SIGPIPE

_MORE = """
Digits for --data: the path of a file or folder, or {builtin}, made by the program itself.
{kinds}

Without a command the window opens:
  inkling [FILE|FOLDER]     open the window, with a model or digit files
  inkling tour OUTDIR       drive the window by itself and write a picture of each station;
                            --recipe KEY trains another preset
"""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, without the usage text around it."""

    def error(self, message: str) -> NoReturn:
        print_error(f"{self.prog}: {message}. Try {self.prog} --help.")
        self.exit(BAD_INPUT)

    def _print_message(self, message: str, file: Any = None) -> None:
        # argparse would say nothing of help that could not be written.
        if message:
            put(message) if file is sys.stdout else complain(message)


def build_parser() -> argparse.ArgumentParser:
    """Return the parser for all commands that need no window."""
    parser = _Parser(
        prog="inkling",
        description="Train a neural network to read handwritten digits.",
        epilog=_MORE.format(
            builtin=BUILTIN, kinds="\n".join(f"  {kind}" for kind in kinds_of_data())
        ),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"Inkling {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for key in COMMANDS:
        command = COMMANDS[key]
        child = commands.add_parser(key, help=command.help, description=command.help)
        command.add_arguments(child)
        child.set_defaults(run=command.run)
    return parser


def main(arguments: Sequence[str]) -> int:
    """Run one command. Returns its exit status: see `guarded`."""
    return guarded(lambda: _run(arguments))


def guarded(work: Callable[[], int]) -> int:
    """Do the work of a command; what stops it is told in a sentence.

    Returns:
        The exit status: its own; 2 for bad input, for too little memory, and for output
        that could not be written; 141 if nobody reads that output; 128 and the number of
        the signal that ended it.
    """
    try:
        with heard():
            return work()
    except OutputError as error:
        if error.unread:  # as in `inkling ... | head`: nobody wants to know
            return UNREAD
        print_error(error.sentence)
    except InklingError as error:
        print_error(error.sentence)
    except MemoryError:
        print_error(out_of_memory().sentence)
    except KeyboardInterrupt as error:
        print_error("Interrupted.")
        return status_of(error)
    return BAD_INPUT


def _run(arguments: Sequence[str]) -> int:
    try:
        chosen = build_parser().parse_args(arguments)
    except SystemExit as end:  # argparse has printed its sentence
        return end.code if isinstance(end.code, int) else 0
    status: int = chosen.run(chosen)
    return status
