"""Digits that have been loaded are used as soon as no training stands against it."""

from PySide6.QtCore import QObject, Signal

from gui.session.dataset_store import DatasetStore
from gui.session.messages import Message
from gui.session.phase import Phase
from gui.session.session import Session


class DataUse(QObject):
    """Hands the loaded digits to the session: at once, or when the training has ended.

    Signals:
        message(Message): they have to wait.
    """

    message = Signal(object)

    def __init__(
        self, session: Session, datasets: DatasetStore, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._datasets = session, datasets
        datasets.changed.connect(self._use_or_wait)
        session.situation_changed.connect(self._use_what_waits)

    def _use_or_wait(self) -> None:
        dataset = self._datasets.dataset
        if dataset is None:
            return
        if self._session.phase is Phase.IDLE:
            self._session.use_data(dataset)
        else:
            words = f"{dataset.name} is here and is used when training has ended."
            self.message.emit(Message("info", words))

    def _use_what_waits(self) -> None:
        waits = self._datasets.dataset not in (None, self._session.dataset)
        if waits and self._session.phase is Phase.IDLE:
            self._use_or_wait()
