"""What guards the user's work: copies on the disk, recovery, networks put away, the time line."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from core.modelfile.autosave import data_folder
from gui.features.recovery.autosaving import Autosaving
from gui.features.recovery.previous import Previous
from gui.features.timeline.controller import TimelineController
from gui.features.timeline.panel import TimelinePanel
from gui.session.messages import Action, Message

if TYPE_CHECKING:
    from gui.shell.app import Inkling

_AUTOSAVE, _PREVIOUS = "autosave", "previous"


class Safety(QObject):
    """Ties autosave, recovery, networks put away and time line to the program.

    Attributes:
        autosaving, previous, timeline: the controllers.
        panel: the time line, for under the tabs.
    """

    def __init__(self, inkling: "Inkling", folder: Path | None = None) -> None:
        """Keep copies under `folder`; by default where the user's data belong."""
        super().__init__(inkling)
        self._all = inkling
        self.timeline = TimelineController(inkling.session, inkling.jobs, self)
        self.panel = TimelinePanel(self.timeline.model, inkling.themes)
        self.autosaving = Autosaving(
            inkling.session,
            inkling.documents,
            inkling.jobs,
            inkling.finding.find,
            None if folder is None else folder / _AUTOSAVE,
            self,
        )
        self.previous = Previous(
            inkling.session,
            inkling.documents,
            inkling.jobs,
            inkling.finding.find,
            lambda name, chosen: inkling.dialogs.save_model(inkling.settings.folder, name, chosen),
            (folder or data_folder()) / _PREVIOUS,
            self,
        )
        self.previous.saved.connect(inkling.settings.add_recent)
        self.previous.attic.written.connect(self.autosaving.recovery.kept)
        self._enable(inkling.settings.autosave)

    def tie(self) -> None:
        """Tie them to the panels that are there."""
        timeline, panel, inkling = self.timeline, self.panel, self._all
        panel.moved.connect(timeline.look)
        panel.back_wanted.connect(timeline.back_to_now)
        panel.train_wanted.connect(timeline.train_on)
        panel.export_wanted.connect(timeline.export)
        timeline.shown.connect(lambda event: inkling.show_answers([event]))
        timeline.settled.connect(inkling.give_predictor)
        timeline.export_wanted.connect(inkling.features.exporting.show)
        inkling.documents.past = lambda: timeline.model.moments
        for part in (timeline, self.autosaving, self.previous):
            part.message.connect(inkling.say)

    def look(self) -> None:
        """Find what earlier programs left: after a crash, and of networks put away."""
        self.autosaving.recovery.look()
        self.previous.attic.look()

    def switch_autosave(self) -> None:
        """Keep copies on the disk from now on, or none; and say so."""
        attic, on = self.previous.attic, not self._all.settings.autosave
        self._all.settings.autosave = on
        self._enable(on)
        words, hint = "Copies of the network are kept while it trains.", ""
        actions: tuple[Action, ...] = ()
        if not on:
            words = "No copies are kept from now on: what is put away is in memory only."
        if not on and attic.on_disk:
            hint = f"Put away before that, and still on the disk: {attic.on_disk}."
            actions = (("Delete them", attic.delete_all),)
        self._all.say(Message("info", words, hint, actions))

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
