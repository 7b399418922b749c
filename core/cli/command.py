"""What a subcommand of `inkling` is."""

import argparse
import json
import math
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.base.printable import printable
from core.base.registry import Registry
from core.cli.streams import complain, is_terminal, put


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
    """Print one object on one line; numbers that are not finite become null.

    Raises:
        OutputError: it could not be written.
    """
    clean = {
        key: None if isinstance(value, float) and not math.isfinite(value) else value
        for key, value in values.items()
    }
    put(json.dumps(clean) + "\n")  # plain ASCII: any reader takes it


def print_line(text: str) -> None:
    """Print one line of text. Raises OutputError."""
    put(f"{printable(text)}\n")


def print_error(text: str) -> None:
    """Print one line to the error stream, if that is still there."""
    complain(f"{printable(text)}\n")


class ProgressBar:
    """A bar on one line of a terminal's error stream; silent elsewhere."""

    _WIDTH = 30

    def __init__(self) -> None:
        self._live = is_terminal(sys.stderr)
        self._shown = ""

    def show(self, share: float, text: str = "") -> None:
        """Draw the bar at `share` (0..1) with `text` behind it."""
        if not self._live:
            return
        filled = round(self._WIDTH * min(max(share, 0.0), 1.0))
        line = f"{'█' * filled}{'░' * (self._WIDTH - filled)} {text}"
        if line != self._shown:
            # The terminal may be gone by now.
            self._live = complain(f"\r{printable(line):<79.79}")
            self._shown = line

    def clear(self) -> None:
        """Take the bar away."""
        if self._live and self._shown:
            complain("\r" + " " * 79 + "\r")
            self._shown = ""
