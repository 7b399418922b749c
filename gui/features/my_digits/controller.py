"""Teaching the network the user's own hand: kept drawings, lessons, and their scores.

row ──chosen──> DrawingStore ──changed──> MyDigitsModel ──> panel
row, panel ──learn_wanted──> FineTuningController ──> report ──> the weights ──learned──> the window
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core.base.arrays import ByteArray, FloatArray
from core.base.events import Event, RunFailed, RunFinished, WeightsSeen
from core.data.drawings.userset import default_path
from core.nn.predictor import Predictor
from gui.features.my_digits.digit_export import DigitExport
from gui.features.my_digits.drawing_store import DrawingStore
from gui.features.my_digits.fine_tuning import FineTuningController
from gui.features.my_digits.label_row import LabelRow
from gui.features.my_digits.model import MyDigitsModel
from gui.features.my_digits.panel import MyDigitsPanel
from gui.features.my_digits.scoring import Scoring
from gui.features.my_digits.teaching_model import TeachingModel
from gui.session.jobs import Jobs
from gui.session.session import Session
from gui.session.settings import Settings
from gui.style.theme import Themes

_SCORES = "my-scores.jsonl"
_LARGE = 5000  # drawings; so many are read again at the end of a training only


class Teaching(QObject):
    """Everything about the user's own drawings, for the window to place and to feed.

    Attributes:
        row: the widget under the drawing: what is it, undo, learn.
        panel: the tab of all drawings.
        model, own: what the two show.
        keeper, fine_tuning: the drawings; the lessons.

    Signals:
        message(Message): something to tell the user.
        learned(): the weights of the session's run were changed, by a lesson or its undoing.
    """

    message = Signal(object)
    learned = Signal()

    def __init__(
        self,
        session: Session,
        jobs: Jobs,
        window: QWidget,
        themes: Themes,
        settings: Settings,
        folder: Path | None = None,
    ) -> None:
        """Keep everything in `folder`, by default the user's data folder."""
        super().__init__(window)
        path = default_path() if folder is None else folder / default_path().name
        self._session = session
        self.keeper = DrawingStore(jobs, path, self)
        self.fine_tuning = FineTuningController(session, jobs, window, themes)
        self.model, self.own = TeachingModel(), MyDigitsModel()
        self.row, self.panel = LabelRow(), MyDigitsPanel(self.own, themes)
        self._scoring = Scoring(session, jobs, path.with_name(_SCORES), self)
        self._export = DigitExport(jobs, window, settings)
        self._connect_row()
        self._connect_panel()
        session.situation_changed.connect(self.refresh)
        session.received.connect(self._receive)
        self._show_drawings()
        self.refresh()
        self._show_row()

    def _connect_row(self) -> None:
        self.row.chosen.connect(self._name_drawing)
        self.row.undone.connect(self._let_go)
        self.row.learn_wanted.connect(self._learn_drawing)
        self.model.changed.connect(self._show_row)
        self.fine_tuning.progressed.connect(self.model.set_share)
        self.fine_tuning.learned.connect(self._learned)
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

    # What the window tells ----------------------------------------------------------------

    def set_drawing(
        self,
        strokes: Sequence[NDArray[np.float32]],
        pen_radius: float,
        image: ByteArray,
        probabilities: FloatArray | None,
    ) -> None:
        """Take the drawing at hand, at each change of it.

        Args:
            strokes: (n, 3) each: x, y, pressure; none for a picture.
            pen_radius: in the unit of x and y.
            image: (H, W) uint8, as the network receives it.
            probabilities: (K,) its answer, or None.
        """
        self.model.set_drawing(strokes, pen_radius, image, probabilities)

    def set_predictor(
        self,
        predictor: Predictor | None,
        class_names: Sequence[str] = (),
        image_shape: tuple[int, int] = (28, 28),
    ) -> None:
        """Let this network read the drawings from now on; None if there is none."""
        self.model.set_class_names(class_names)
        self.own.set_predictor(predictor, class_names, image_shape)
        self.refresh()

    def listen_on(self, scope: QWidget) -> None:
        """Take digit keys and L while `scope` (the panel of the drawing) has the focus."""
        self.row.listen_on(scope)

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

    def _learned(self) -> None:
        self.own.read_again()
        self.refresh()
        self.learned.emit()

    def _receive(self, events: Sequence[Event]) -> None:
        ended = any(isinstance(event, (RunFinished, RunFailed)) for event in events)
        seen = any(isinstance(event, WeightsSeen) for event in events)
        live = self.panel.isVisible() and len(self.keeper.set) <= _LARGE
        if seen or ended:
            self.fine_tuning.forget()
        if ended or (seen and live):
            self.own.read_again()
        if any(isinstance(event, RunFinished) for event in events):
            share, _, count = self.own.own_accuracy
            self._scoring.record(share, count)
        if ended:
            self.refresh()
