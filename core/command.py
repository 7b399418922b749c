"""What a subcommand of `inkling` is."""

import argparse
import json
import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TextIO

from core.printable import printable
from core.registry import Registry


@dataclass(frozen=True, slots=True)
class Command:
    """One subcommand that needs no window.

    Attributes:
        help: one line for `inkling --help`.
        add_arguments: declares its arguments.
        run: does it and returns the exit status.
    """

    help: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]


COMMANDS: Registry[Command] = Registry("command")


def print_json(values: dict[str, Any]) -> None:
    """Print one object on one line; numbers that are not finite become null."""
    clean = {
        key: None if isinstance(value, float) and not math.isfinite(value) else value
        for key, value in values.items()
    }
    sys.stdout.write(json.dumps(clean) + "\n")  # plain ASCII: any reader takes it
    sys.stdout.flush()


def print_line(text: str) -> None:
    """Print one line of text."""
    sys.stdout.write(shown(text, sys.stdout) + "\n")


def print_error(text: str) -> None:
    """Print one line to the error stream."""
    sys.stderr.write(shown(text, sys.stderr) + "\n")


def shown(text: str, stream: TextIO) -> str:
    """Return `text` on one line, with nothing in it that a terminal would obey.

    What the stream's encoding lacks is written as an escape: Windows still gives
    redirected output an encoding of 256 characters.
    """
    encoding = stream.encoding or "utf-8"
    return printable(text).encode(encoding, "backslashreplace").decode(encoding)


class ProgressBar:
    """A bar on one line of a terminal's error stream; silent elsewhere."""

    _WIDTH = 30

    def __init__(self) -> None:
        self._live = sys.stderr.isatty()
        self._shown = ""

    def show(self, share: float, text: str = "") -> None:
        """Draw the bar at `share` (0..1) with `text` behind it."""
        if not self._live:
            return
        filled = round(self._WIDTH * min(max(share, 0.0), 1.0))
        line = f"{'█' * filled}{'░' * (self._WIDTH - filled)} {text}"
        if line != self._shown:
            sys.stderr.write(f"\r{shown(line, sys.stderr):<79.79}")
            sys.stderr.flush()
            self._shown = line

    def clear(self) -> None:
        """Take the bar away."""
        if self._live and self._shown:
            sys.stderr.write("\r" + " " * 79 + "\r")
            sys.stderr.flush()
            self._shown = ""
