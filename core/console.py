"""The command line without a window: `inkling train | evaluate | predict`."""

import argparse
import sys
from collections.abc import Sequence
from typing import NoReturn

import core.commands  # noqa: F401 - fills COMMANDS
from core import __version__
from core.command import COMMANDS, print_error
from core.errors import InklingError, out_of_memory

BAD_INPUT = 2
INTERRUPTED = 130

_WINDOW = """
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


def build_parser() -> argparse.ArgumentParser:
    """Return the parser for all commands that need no window."""
    parser = _Parser(
        prog="inkling",
        description="Train a neural network to read handwritten digits.",
        epilog=_WINDOW,
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
    """Run one command. Returns the exit status: 0, or 2 for bad input or too little memory."""
    try:
        chosen = build_parser().parse_args(arguments)
    except SystemExit as end:  # argparse has printed its sentence
        return end.code if isinstance(end.code, int) else 0
    try:
        status: int = chosen.run(chosen)
    except InklingError as error:
        print_error(error.sentence)
        return BAD_INPUT
    except MemoryError:
        print_error(out_of_memory().sentence)
        return BAD_INPUT
    except BrokenPipeError:  # the reader of our output went away, as in `inkling ... | head`
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        print_error("Interrupted.")
        return INTERRUPTED
    return status
