"""Ties copies on the disk, recovery and networks put away to each other and to the user."""

from collections.abc import Callable

from PySide6.QtCore import QObject

from core.modelfile.autosave import data_folder
from gui.features.recovery.autosaving import Autosaving
from gui.features.recovery.previous import Previous
from gui.session.messages import Action, Message
from gui.session.services import Services
from gui.toolkit.dialogs import Dialogs

_AUTOSAVE, _PREVIOUS = "autosave", "previous"


class Recovery(QObject):
    """Guards the user's work.

    Attributes:
        autosaving, previous: copies of what is in use; networks that were put away.
    """

    def __init__(self, services: Services) -> None:
        """Keep copies under the services' folder; by default where the user's data belong."""
        super().__init__(services.window)
        self._settings, self._say = services.settings, services.say
        self._dialogs, folder = Dialogs(services.window), services.folder
        session, documents, jobs = services.session, services.documents, services.jobs
        self.autosaving = Autosaving(
            session,
            documents,
            jobs,
            documents.find_data,
            None if folder is None else folder / _AUTOSAVE,
            self,
        )
        self.previous = Previous(
            session,
            documents,
            jobs,
            documents.find_data,
            lambda name, chosen: self._dialogs.save_model(self._settings.folder, name, chosen),
            (folder or data_folder()) / _PREVIOUS,
            self,
        )
        recovery = self.autosaving.recovery
        documents.suggested = lambda: recovery.suggestion
        self.previous.saved.connect(self._settings.add_recent)
        self.previous.attic.written.connect(recovery.kept)
        for part in (self.autosaving, self.previous):
            part.message.connect(self._say)
        self._enable(self._settings.autosave)

    def look(self) -> None:
        """Find what earlier programs left: after a crash, and of networks put away."""
        self.autosaving.recovery.look()
        self.previous.attic.look()

    def recover(self) -> None:
        """Offer what a crash has left, or say that there is nothing."""
        recovery = self.autosaving.recovery
        if recovery.offers:
            recovery.offer()
        else:
            self._say(Message("info", "There is nothing to recover: all was saved."))

    def switch_autosave(self) -> None:
        """Keep copies on the disk from now on, or none; and say so."""
        attic, on = self.previous.attic, not self._settings.autosave
        self._settings.autosave = on
        self._enable(on)
        words, hint = "Copies of the network are kept while it trains.", ""
        actions: tuple[Action, ...] = ()
        if not on:
            words = "No copies are kept from now on: what is put away is in memory only."
        if not on and attic.on_disk:
            hint = f"Put away before that, and still on the disk: {attic.on_disk}."
            actions = (("Delete them", attic.delete_all),)
        self._say(Message("info", words, hint, actions))

    def before_close(self, close: Callable[[], None]) -> None:
        """Close; but first ask if a network that was put away is in memory only."""
        entry = self.previous.in_memory_only
        if entry is None:
            close()
            return
        self._dialogs.keep_work(
            f"Save the network that was put away ({entry.words})?",
            "It could not be kept on the disk, so it is lost when Inkling ends.",
            save=lambda: self.previous.ask_save(entry, lambda: self.before_close(close)),
            discard=close,
        )

    def shut_down(self, agreed: bool) -> None:
        """End; the training must have ended.

        Args:
            agreed: the user agreed to close. What was not saved then can be brought back;
                else it is offered at the next start.
        """
        if agreed:
            self.previous.keep_discarded()
        self.previous.finish()
        self.autosaving.shut_down(agreed)

    def _enable(self, enabled: bool) -> None:
        self.autosaving.set_enabled(enabled)
        self.previous.attic.enabled = enabled
        self.previous.attic.write()
