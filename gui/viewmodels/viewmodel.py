"""What all view models share."""

from PySide6.QtCore import QObject, Signal


class ViewModel(QObject):
    """What a panel shows, without any widget.

    Signals:
        changed(): whoever shows this should look again.
    """

    changed = Signal()
