"""What the program tells the user in the window: one sentence, and what to do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from core.base.errors import InklingError

Action: TypeAlias = tuple[str, Callable[[], None]]


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence for the message strip.

    Attributes:
        kind: "info", "success", "warning" or "error".
        text: what happened.
        hint: what to do about it.
        actions: buttons: their words and what they do.
    """

    kind: str
    text: str
    hint: str = ""
    actions: tuple[Action, ...] = ()


def error_message(error: InklingError) -> Message:
    """Say an error in the window."""
    return Message("error", error.message, error.hint)
