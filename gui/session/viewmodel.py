"""What all view models share."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from core.base.events import Event


class ViewModel(QObject):
    """What a panel shows, without any widget.

    Signals:
        changed(): whoever shows this should look again.
    """

    changed = Signal()

    def accept(self, events: Sequence[Event]) -> None:
        """Take what the training reported, in order. A model that needs none ignores it."""
