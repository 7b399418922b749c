"""Networks that others replaced: said, offered back, saved after all, kept for the next start.

session.putting_away ──> Attic (memory and disk)
                    └──> note: "The unsaved network … was put away." Undo · Save…
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from core.base.errors import InklingError
from core.modelfile import save_model
from core.modelfile.filed import Filed, few_words, state_of, still_filed
from core.training.run import Run
from gui.features.recovery.attic import Attic, PutAway
from gui.session.documents import Documents
from gui.session.jobs import Jobs, Report
from gui.session.messages import Message, error_message
from gui.session.phase import Phase
from gui.session.session import Session

_FETCH, _SAVE = "previous-fetch", "previous-save"

Ask = Callable[[str, Callable[[Path], object]], object]


class Previous(QObject):
    """Puts networks away that are replaced, and brings them back.

    Attributes:
        attic: where they are.

    Signals:
        message(Message): something to tell the user.
        saved(Path): a network that was put away is in this file now.
    """

    message = Signal(object)
    saved = Signal(object)

    def __init__(
        self,
        session: Session,
        documents: Documents,
        jobs: Jobs,
        find_data: Callable[[Run], Message | None],
        ask: Ask,
        folder: Path,
        parent: QObject | None = None,
    ) -> None:
        """Take what to watch.

        Args:
            find_data: finds the digits of a network, or returns what is to be asked first.
            ask: asks where to save, with a name to suggest, and calls with the answer.
            folder: where networks are kept for the next start.
        """
        super().__init__(parent)
        self._session, self._documents, self._jobs, self._ask = session, documents, jobs, ask
        self._find_data = find_data
        self.attic = Attic(jobs, folder, self)
        self._note: PutAway | None = None  # put away just now, and not said yet
        self._wanted: PutAway | None = None  # as soon as the training has ended
        self._out: PutAway | None = None  # in use again; its file is still there
        self._rotating = False
        self._timer = QTimer(self, singleShot=True, interval=0)
        self._timer.timeout.connect(self._tell)
        session.putting_away.connect(self._put_away)
        session.situation_changed.connect(self._take_rest)
        documents.changed.connect(self._forget_saved)
        self.attic.changed.connect(lambda: session.set_has_previous(bool(self.attic.entries)))
        self.attic.failed.connect(self._warn)

    @property
    def in_memory_only(self) -> PutAway | None:
        """An unsaved network that would be lost if the program ended now, or None."""
        lost = [one for one in self.attic.entries if one.card is None and one.filed.dirty]
        lost = [one for one in lost if one.failed or not self.attic.enabled]
        return lost[-1] if lost else None

    def with_note(self, message: Message) -> Message:
        """Let a message say, too, that a network was put away, if that happened just now."""
        entry, self._note = self._note, None
        if entry is None:
            return message
        note = self._message(entry, "Save that one…")
        words = " ".join(filter(None, (message.text, message.hint, note.text)))
        return Message(message.kind, words, actions=(*message.actions, *note.actions))

    # Bringing back --------------------------------------------------------------------------

    def bring_back(self, entry: PutAway | None = None) -> None:
        """Swap the network with one it replaced; again and again goes round all of them.

        Args:
            entry: this one; a training that goes on is stopped first. By default the one
                that comes next.
        """
        if entry is not None and entry not in self.attic.entries:
            words = "is in use" if entry is self._out else "is not kept any more"
            self.message.emit(Message("info", f"The network ({entry.words}) {words}."))
        elif self._session.phase is not Phase.IDLE:
            self._wanted = entry
            if entry is not None:
                self._session.stop()
        elif self.attic.entries and not self._jobs.busy(_FETCH):
            self._fetch([entry] if entry else self.attic.entries[::-1])

    def _fetch(self, some: list[PutAway]) -> None:
        for entry in some:
            entry.in_use = True

        def work(_report: Report) -> tuple[PutAway, Run, Filed]:
            entry, run = self.attic.fetch(some)
            return entry, run, still_filed(run, entry.filed)

        def done(found: tuple[PutAway, Run, Filed]) -> None:
            self._let_go(some)
            self._use(*found)

        def refused(error: InklingError) -> None:
            self._let_go(some)
            self.message.emit(error_message(error))

        self._jobs.start(_FETCH, work, done, refused)

    def _let_go(self, some: list[PutAway]) -> None:
        for entry in some:
            entry.in_use = False
        self.attic.remove(*(entry for entry in some if entry.damaged))
        self.attic.write()

    def _use(self, entry: PutAway, run: Run, filed: Filed) -> None:
        if self._session.phase is not Phase.IDLE:  # it began meanwhile
            self.message.emit(
                Message("info", "Training has begun, so the network was not brought back.")
            )
            return
        self.attic.remove(entry)
        entry.run, self._rotating = run, True
        self._session.edit_recipe(run.recipe_now, "Bring back the previous network")
        self._session.adopt(run)
        self._rotating, self._out = False, entry
        self._documents.restore(filed)
        question = self._find_data(run)
        hint, actions = (
            (f"{question.text} {question.hint}".strip(), question.actions) if question else ("", ())
        )
        self.message.emit(Message("success", f"The network is back: {entry.words}.", hint, actions))

    def _take_rest(self) -> None:
        if self._wanted is not None and self._session.phase is Phase.IDLE:
            entry, self._wanted = self._wanted, None
            self.bring_back(entry)

    # Putting away ---------------------------------------------------------------------------

    def _put_away(self, run: Run) -> None:
        filed, out, self._out = self._documents.filed, self._out, None
        if not run.step and not filed.dirty:
            return  # a fresh network is made again from its seed
        entry = PutAway(few_words(run), filed, run, tuple(self._documents.past()))
        if out is not None and out.run is run:
            entry.replaces = out.card
        self.attic.add(entry, last=not self._rotating)
        if filed.dirty:
            self._note = entry
            self._timer.start()

    def _tell(self) -> None:
        entry, self._note = self._note, None
        if entry is not None:
            self.message.emit(self._message(entry, "Save…"))

    def _message(self, entry: PutAway, save: str) -> Message:
        return Message(
            "info",
            f"The unsaved network ({entry.words}) was put away.",
            actions=(
                ("Undo", lambda: self.bring_back(entry)),
                (save, lambda: self.ask_save(entry)),
            ),
        )

    def _warn(self, entry: PutAway, error: InklingError) -> None:
        if entry is self._note:
            self._note = None
        actions = self._message(entry, "Save…").actions if entry in self.attic.entries else ()
        self.message.emit(Message("warning", error.message, error.hint, actions))

    # Saving ---------------------------------------------------------------------------------

    def ask_save(self, entry: PutAway, then: Callable[[], None] = lambda: None) -> None:
        """Ask where to save a network that was put away; call `then` when that is done."""
        if entry not in self.attic.entries:
            self.bring_back(entry)  # says where it is
            return
        run, path = entry.run, entry.filed.path
        name = path.name if path else f"{(run and run.recipe.key) or 'my-network'}.h5"
        self._ask(name, lambda chosen: self._save(entry, chosen, then))

    def _save(self, entry: PutAway, path: Path, then: Callable[[], None]) -> None:
        def work(_report: Report) -> Filed:
            now = datetime.now(UTC)
            run = self.attic.save(entry, lambda run: save_model(path, run, now))
            return Filed(path, state_of(run), dirty=False)

        def done(filed: Filed) -> None:
            entry.filed = filed
            self._documents.take_away(path)
            self.message.emit(Message("success", f"Saved as “{path.name}”."))
            self.saved.emit(path)
            then()

        self._jobs.start(_SAVE, work, done, lambda error: self.message.emit(error_message(error)))

    def _forget_saved(self) -> None:
        """Delete the file of a network that was brought back, once the user has saved it."""
        out, documents = self._out, self._documents
        saved = documents.path is not None and not documents.dirty
        if saved and out is not None and out.run is self._session.run and out.card is not None:
            self.attic.forget_file(out.card)
            out.card = None

    # The end --------------------------------------------------------------------------------

    def keep_discarded(self) -> None:
        """Put the network away that the user discarded when closing: that can be undone, too."""
        run, wanted = self._session.run, self._documents.dirty and self.attic.enabled
        if run is not None and run.live_params is None and wanted:
            self._put_away(run)
            self._note = None

    def finish(self) -> None:
        """Block until all is written that can be."""
        self._jobs.wait(_SAVE)
        self.attic.finish()
