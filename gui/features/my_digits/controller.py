"""Teaching the network the user's own hand: kept drawings, lessons, and their scores.

row ──chosen──> DrawingStore ──changed──> MyDigitsModel ──> panel
row, panel ──learn_wanted──> FineTuningController ──> report ──> the session's weights
"""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from core.base.events import Event, RunFailed, RunFinished, WeightsSeen
from core.data.drawings.userset import default_path
from core.imaging.framing import SHAPE
from core.nn.predictor import Predictor
from gui.features.my_digits.digit_export import DigitExport
from gui.features.my_digits.drawing_store import DrawingStore
from gui.features.my_digits.fine_tuning import FineTuningController
from gui.features.my_digits.label_row import LabelRow
from gui.features.my_digits.model import MyDigitsModel
from gui.features.my_digits.panel import MyDigitsPanel
from gui.features.my_digits.scoring import Scoring
from gui.features.my_digits.teaching_model import TeachingModel
from gui.session.services import Services

_SCORES = "my-scores.jsonl"
_LARGE = 5000  # drawings; so many are read again at the end of a training only


class Teaching(QObject):
    """Everything about the user's own drawings, for the window to place.

    Attributes:
        row: the widget under the drawing: what is it, undo, learn.
        panel: the tab of all drawings.
        model, own: what the two show.
        keeper, fine_tuning: the drawings; the lessons.

    Signals:
        message(Message): something to tell the user.
    """

    message = Signal(object)

    def __init__(self, services: Services) -> None:
        """Keep everything in the services' folder, by default the user's data folder."""
        super().__init__(services.window)
        session, jobs, window = services.session, services.jobs, services.window
        folder, themes = services.folder, services.themes
        path = default_path() if folder is None else folder / default_path().name
        self._session, self._answering = session, services.answering
        self._drawing = services.drawing
        self.keeper = DrawingStore(jobs, path, self)
        self.fine_tuning = FineTuningController(session, jobs, window, themes)
        self.model, self.own = TeachingModel(), MyDigitsModel()
        self.row, self.panel = LabelRow(), MyDigitsPanel(self.own, themes)
        self._scoring = Scoring(session, jobs, path.with_name(_SCORES), self)
        self._export = DigitExport(jobs, window, services.settings)
        self._connect_row()
        self._connect_panel()
        session.situation_changed.connect(self.refresh)
        session.data_changed.connect(self.refresh)
        session.received.connect(self._receive)
        self._drawing.changed.connect(self._show_drawing)
        self._answering.lead(self)
        self._show_drawings()
        self.refresh()
        self._show_row()

    def _connect_row(self) -> None:
        self.row.chosen.connect(self._name_drawing)
        self.row.undone.connect(self._let_go)
        self.row.learn_wanted.connect(self._learn_drawing)
        self.model.changed.connect(self._show_row)
        self.fine_tuning.progressed.connect(self.model.set_share)
        for part in (self.keeper, self.fine_tuning, self._export):
            part.message.connect(self.message)

    def _connect_panel(self) -> None:
        panel, keeper = self.panel, self.keeper
        panel.relabelled.connect(
            lambda key, label: keeper.relabel([key], label, self.own.class_names[label])
        )
        panel.deleted.connect(
            lambda key: keeper.delete([one for one in keeper.drawings if one.key == key])
        )
        panel.undone.connect(keeper.undo)
        panel.learn_wanted.connect(lambda: self.fine_tuning.learn(self.own.wrong, keeper.drawings))
        panel.lesson_undone.connect(self.fine_tuning.undo)
        panel.idx_wanted.connect(lambda: self._export.as_idx(keeper.drawings))
        panel.pngs_wanted.connect(lambda: self._export.as_pngs(keeper.drawings))
        panel.shown.connect(keeper.look)
        keeper.changed.connect(self._show_drawings)

    # Which network answers, and with which weights ------------------------------------------

    def set_predictor(
        self,
        predictor: Predictor | None,
        class_names: Sequence[str] = (),
        image_shape: tuple[int, int] = SHAPE,
    ) -> None:
        """Let this network read the drawings from now on; None if there is none."""
        self.model.set_class_names(class_names)
        self.own.set_predictor(predictor, class_names, image_shape)
        self.refresh()

    def accept(self, events: Sequence[Event]) -> None:
        """Read the drawings again, when the training has ended or while they are looked at."""
        ended = any(isinstance(event, (RunFinished, RunFailed)) for event in events)
        seen = any(isinstance(event, WeightsSeen) for event in events)
        live = self.panel.isVisible() and len(self.keeper.set) <= _LARGE
        if ended or (seen and live):
            self.own.read_again()

    def refresh(self) -> None:
        """Find out anew what may be done, and what the network's scores are."""
        fine_tuning = self.fine_tuning
        fine_tuning.look()
        self.model.set_refusal(fine_tuning.refusal)
        report, held_out = fine_tuning.report, self._scoring.held_out()
        if report is not None:
            held_out = (report.held_out_after, report.held_out_name)
        self.own.set_state(
            refusal=fine_tuning.refusal,
            can_undo_lesson=fine_tuning.can_undo,
            held_out=held_out,
            scores=self._scoring.scores,
        )

    def shut_down(self) -> None:
        """Write what is not on the disk yet; before `Jobs.shut_down`."""
        self.keeper.shut_down()
        self._scoring.shut_down()

    # The row ------------------------------------------------------------------------------

    def _show_drawing(self) -> None:
        drawn = self._drawing
        self.model.set_drawing(drawn.strokes, drawn.pen_radius, drawn.image, drawn.probabilities)

    def _show_row(self) -> None:
        model, row = self.model, self.row
        row.set_classes(model.class_names)
        row.show_state(
            text=model.text,
            drawn=model.has_drawing,
            kept=model.kept is not None,
            chosen=model.chosen,
        )
        row.show_learning(enabled=model.can_learn, tip=model.learn_tip)

    def _name_drawing(self, label: int) -> None:
        kept = self.model.kept
        if kept is not None:
            self.keeper.relabel([kept.key], label, self.model.class_names[label])
            self._show_row()
        elif (drawing := self.model.label(label)) is not None:
            self.model.set_kept(drawing)
            self.keeper.add(drawing)

    def _let_go(self) -> None:
        if self.model.kept is not None:
            self.keeper.delete([self.model.kept])

    def _learn_drawing(self) -> None:
        if self.model.kept is not None:
            self.fine_tuning.learn([self.model.kept], self.keeper.drawings)

    # What changed -------------------------------------------------------------------------

    def _show_drawings(self) -> None:
        drawings = self.keeper.drawings
        self.own.set_drawings(drawings, self.keeper.undo_text)
        kept = self.model.kept
        if kept is not None:  # it may have been relabelled or deleted in the panel
            now = next((one for one in drawings if one.key == kept.key), None)
            if now is not kept:
                self.model.set_kept(now)

    def _receive(self, events: Sequence[Event]) -> None:
        ended = any(isinstance(event, (RunFinished, RunFailed)) for event in events)
        if ended or any(isinstance(event, WeightsSeen) for event in events):
            self.fine_tuning.forget()
        if any(isinstance(event, RunFinished) for event in events):
            self._record_score()
        if ended:
            self.refresh()

    def _record_score(self) -> None:
        """Write down how the network that was trained reads them, whatever answers now."""
        run = self._session.run
        share, _, count = self.own.own_accuracy
        if self._answering.holding and run is not None:
            share, _, count = self.own.accuracy_of(Predictor(run.network, run.loss, run.params))
        self._scoring.record(share, count)
