"""Undo over frozen values: every edit swaps one whole state for another."""

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtGui import QUndoCommand

from core.base.printable import printable

S = TypeVar("S")


class Replace(QUndoCommand, Generic[S]):
    """Swap one frozen state for another, and back.

    Edits made with the same non-negative `gesture` (an arrow key being held) merge into
    one undo step; if they end where they began, nothing is left to undo.

    Args:
        text: what was done, for the Edit menu: "Change learning rate to 0.01".
        show: called with the state to be in force.
    """

    def __init__(
        self, text: str, old: S, new: S, show: Callable[[S], None], gesture: int = -1
    ) -> None:
        super().__init__(printable(text))  # Qt would cut it at a line break
        self._old, self._new, self._show, self._gesture = old, new, show, gesture

    def redo(self) -> None:
        """Put the new state in force."""
        self._show(self._new)

    def undo(self) -> None:
        """Put the old state back in force."""
        self._show(self._old)

    def id(self) -> int:
        """Return the gesture; Qt offers commands of equal id for merging."""
        return self._gesture

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take over the result of a later edit of the same gesture."""
        if not isinstance(other, Replace) or other.id() != self.id():
            return False
        self._new = other._new
        self.setText(other.text())
        self.setObsolete(_same(self._new, self._old))
        return True


def _same(one: object, other: object) -> bool:
    try:
        return bool(one == other)
    except ValueError:  # arrays inside: numpy does not say whether they are equal
        return False
