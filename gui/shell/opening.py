"""Opening whatever the user gives, drops or chooses: looked at in the background first."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from core.base.errors import InklingError
from core.exchange.recognition import Kind, kind_of
from core.untrusted.parsing.picturelist import SUFFIXES
from gui.session.messages import Message, error_message
from gui.session.patience import Patience
from gui.session.phase import Phase
from gui.session.services import Services
from gui.session.targets import DigitFile, NetworkFile, PictureFile

_JOB = "look"


def _nothing() -> None:
    """Do nothing about it."""


class Opening(QObject):
    """Finds out what a path holds, and hands it to the part of the program that opens it.

    A pipe or a dead drive never answers: so nothing is asked of a path in the window's
    thread, not even whether it is there.

    Signals:
        message(Message): something to tell the user.
        settled(Message): what was told to be waited for is there, or given up.
    """

    message = Signal(object)
    settled = Signal(object)

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self._without_digits: Callable[[], None] = _nothing
        self._patience = Patience(self)
        self._patience.message.connect(self.message)
        self._patience.settled.connect(self.settled)

    @property
    def looking(self) -> bool:
        """True until it is known what a path holds."""
        return self._services.jobs.busy(_JOB)

    def open(
        self,
        path: Path,
        *,
        unseen: bool = False,
        without_digits: Callable[[], None] = _nothing,
    ) -> None:
        """Open a model, a picture, or digits: a file or folder.

        Args:
            path: where it is.
            unseen: use digits at once, without looking them over.
            without_digits: called if it turns out that this brings no digits.
        """
        self.cancel()
        self._without_digits = without_digits
        if path.suffix.lower() not in SUFFIXES and self._is_training(path):
            self._end()
            return
        self._patience.begin(f"Looking at “{path.name or path}”…", self.cancel)
        self._services.jobs.start(
            _JOB,
            lambda _report: kind_of(path),
            lambda kind: self._open(path, kind, unseen),
            self._refuse,
            may_hang=True,
        )

    def cancel(self) -> None:
        """Give up looking; what is open stays."""
        self._services.jobs.cancel(_JOB)
        self._end()

    def _open(self, path: Path, kind: Kind, unseen: bool) -> None:
        self._patience.end()
        if kind is Kind.PICTURE:
            self._end()
            self._services.show(PictureFile(path))
            return
        if self._is_training(path):
            self._end()
            return
        if kind in (Kind.DIGITS, Kind.FOLDER):
            self._without_digits = _nothing
            self._services.settings.folder = path if kind is Kind.FOLDER else path.parent
            self._open_digits(path, unseen)
            return
        self._end()  # first: a model may bring digits of its own
        if kind is Kind.MODEL:
            self._services.documents.open(path)
        else:
            self._services.show(NetworkFile(path))

    def _open_digits(self, path: Path, unseen: bool) -> None:
        if unseen:
            self._services.datasets.load(str(path))
        else:
            self._services.show(DigitFile(path))

    def _is_training(self, path: Path) -> bool:
        """Say that a path is not opened while training runs; tell whether it does."""
        if self._services.session.phase is Phase.IDLE:
            return False
        words = f"Training is running, so “{path.name}” was not opened."
        self.message.emit(Message("info", words, "Stop the training first; the network is kept."))
        return True

    def _refuse(self, error: InklingError) -> None:
        self._end()
        self.message.emit(error_message(error))

    def _end(self) -> None:
        """Nothing is waited for any more, and no digits come of it."""
        self._patience.end()
        without_digits, self._without_digits = self._without_digits, _nothing
        without_digits()
