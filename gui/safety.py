"""What guards the user's work: copies on the disk, recovery, and the time line."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from gui.autosaving import Autosaving
from gui.panels.timeline import TimelinePanel
from gui.timeline import Timeline

if TYPE_CHECKING:
    from gui.app import Inkling

_AUTOSAVE = "autosave"


class Safety(QObject):
    """Ties autosave, recovery and time line to the program.

    Attributes:
        autosaving, timeline: the two controllers.
        panel: the time line, for under the tabs.
    """

    def __init__(self, inkling: "Inkling", folder: Path | None = None) -> None:
        """Keep copies under `folder`; by default where the user's data belong."""
        super().__init__(inkling)
        self._all = inkling
        self.timeline = Timeline(inkling.session, inkling.jobs, self)
        self.panel = TimelinePanel(self.timeline.model, inkling.themes)
        self.autosaving = Autosaving(
            inkling.session,
            inkling.documents,
            inkling.jobs,
            inkling.finding.find,
            None if folder is None else folder / _AUTOSAVE,
            self,
        )
        self.autosaving.set_enabled(inkling.settings.autosave)

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
        for part in (timeline, self.autosaving):
            part.said.connect(inkling.say)

    def set_autosave(self, enabled: bool) -> None:
        """Keep copies on the disk while training, or not."""
        self._all.settings.autosave = enabled
        self.autosaving.set_enabled(enabled)
