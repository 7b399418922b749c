"""A command as data: its words, its keys, when it makes sense."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QKeySequence

from gui.session.phase import Situation


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One command.

    Attributes:
        key: stable name: what it does is looked up under it.
        text: words in the menu, with the mnemonic marked by &.
        tip: one sentence for the tooltip and the status bar.
        icon: name of its icon, or empty.
        shortcut: a standard key, keys in words, or None.
        allowed: tells from the situation whether it makes sense.
        toolbar: whether it stands in the toolbar.
    """

    key: str
    text: str
    tip: str
    icon: str = ""
    shortcut: QKeySequence.StandardKey | str | None = None
    allowed: Callable[[Situation], bool] = lambda _: True
    toolbar: bool = False


def when_idle(now: Situation) -> bool:
    """Allow a command while no training goes on, not even a paused one."""
    return now.idle


def when_run(now: Situation) -> bool:
    """Allow a command while there is a network."""
    return now.has_run


def keys_of(spec: ActionSpec) -> list[QKeySequence]:
    """Return the shortcuts of a command on this system."""
    if spec.shortcut is None or spec.shortcut == "":
        return []
    if isinstance(spec.shortcut, str):
        return [QKeySequence(spec.shortcut)]
    return QKeySequence.keyBindings(spec.shortcut)
