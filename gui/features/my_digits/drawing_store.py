"""Keeps the user's drawings: edits show at once and are written in the background."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from core.base.errors import InklingError
from core.data.drawings.drawings import OwnDrawing
from core.data.drawings.userset import Edit, UserSet
from gui.session.jobs import Jobs
from gui.session.messages import Message, error_message

_JOB = "my-digits"
_MOST_STEPS = 200  # edits that can be taken back


class DrawingStore(QObject):
    """The user's own set in the window.

    Attributes:
        set: the drawings and their file.

    Signals:
        changed(): the drawings are others.
        message(Message): something to tell the user.
    """

    changed = Signal()
    message = Signal(object)

    def __init__(self, jobs: Jobs, path: Path | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self.set = UserSet(path)
        self._back: list[tuple[str, Edit]] = []
        self._told = ""
        self._look_again = False
        self.look()

    @property
    def drawings(self) -> tuple[OwnDrawing, ...]:
        """All drawings, the oldest first."""
        return self.set.drawings

    @property
    def undo_text(self) -> str:
        """What `undo` would take back: "Delete a 7"; "" if there is nothing."""
        return self._back[-1][0] if self._back else ""

    def do(self, text: str, edit: Edit) -> None:
        """Make an edit that can be taken back; it is written at once, in the background."""
        self._back.append((text, self.set.apply(edit)))
        del self._back[:-_MOST_STEPS]
        self.changed.emit()
        self._go_on()

    def add(self, drawing: OwnDrawing) -> None:
        """Keep a drawing."""
        self.do(f"Keep a {drawing.name}", Edit((drawing,)))

    def relabel(self, keys: Sequence[str], label: int, name: str) -> None:
        """Say what drawings show."""
        self.do(f"Call it a {name}", self.set.relabelled(keys, label, name))

    def delete(self, drawings: Sequence[OwnDrawing]) -> None:
        """Take drawings out."""
        what = f"a {drawings[0].name}" if len(drawings) == 1 else f"{len(drawings)} drawings"
        self.do(f"Delete {what}", Edit(gone=tuple(one.key for one in drawings)))

    def undo(self) -> None:
        """Take back the last edit, if there is one."""
        if self._back:
            _, edit = self._back.pop()
            self.set.apply(edit)
            self.changed.emit()
            self._go_on()

    def look(self) -> None:
        """Read the file, if another Inkling has changed it."""
        self._look_again = True
        self._go_on()

    def shut_down(self) -> None:
        """Write what waits; for closing the program."""
        self._jobs.wait(_JOB)
        try:
            self.set.save()
        except InklingError as error:
            self._refuse(error)

    def _go_on(self) -> None:
        """Do what is left to be done, one thing after the other."""
        if self._jobs.busy(_JOB):
            return
        if self.set.unsaved:
            self._jobs.start(_JOB, lambda _: self.set.save(), self._done, self._refuse)
        elif self._look_again:
            self._look_again = False
            self._jobs.start(_JOB, lambda _: self.set.load(), self._done, self._refuse)

    def _done(self, news: bool | None) -> None:
        self._told = ""
        if self.set.note:
            self.message.emit(Message("warning", self.set.note))
            self.set.note = ""
        if news is not False:  # a merge may have brought drawings from elsewhere, too
            self.changed.emit()
        self._go_on()

    def _refuse(self, error: InklingError) -> None:
        """Say it once; what could not be written is tried again with the next edit."""
        if error.sentence != self._told:
            self._told = error.sentence
            self.message.emit(error_message(error))
