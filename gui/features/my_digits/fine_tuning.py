"""Lessons: given to a copy of the network, shown as a report, kept or thrown away."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core.base.errors import InklingError
from core.base.generators import result_of
from core.data.dataset import ImageSet
from core.data.drawings.drawings import OwnDrawing, as_images
from core.teaching.fine_tuning import FineTuning, keep, learn_from, undo
from core.teaching.report import FineTuningReport
from core.training.run import DataSplit, Run
from gui.features.my_digits.report_dialog import ReportDialog
from gui.features.my_digits.report_model import ReportModel
from gui.session.jobs import Jobs, Report
from gui.session.messages import Message, error_message
from gui.session.session import Session
from gui.style.theme import Themes

_JOB = "lesson"


class FineTuningController(QObject):
    """Gives one lesson at a time.

    Signals:
        progressed(float | None): how far a lesson has come, 0..1; None when it has ended.
        message(Message): something to tell the user.
    """

    progressed = Signal(object)
    message = Signal(object)

    def __init__(self, session: Session, jobs: Jobs, window: QWidget, themes: Themes) -> None:
        super().__init__(window)
        self._session, self._jobs, self._window, self._themes = session, jobs, window, themes
        self._taught: tuple[Run, FineTuning] | None = None  # the last lesson that was kept
        self._dialog: ReportDialog | None = None
        self._seed = 0

    # What is the case ---------------------------------------------------------------------

    @property
    def refusal(self) -> str:
        """Why the network cannot learn now, a sentence; "" if it can."""
        session, run, parts = self._session, self._session.run, self._session.parts
        if not session.situation().idle:
            return "Stop the training first: the network is kept, and Continue goes on from there."
        if run is None or not run.step:
            return "Train a network first: then it can learn from this."
        if parts is None or not len(parts.images):
            return "The digits are not ready yet."
        if parts.image_shape != run.image_shape:
            return "The network was trained on images of another size than the digits in use."
        if parts.class_names != run.class_names:
            return "The network was trained on other classes than those of the digits in use."
        return ""

    @property
    def can_undo(self) -> bool:
        """True if the last lesson can be taken back now."""
        there = self._taught is not None and self._taught[0] is self._session.run
        return there and self._session.situation().idle

    @property
    def report(self) -> FineTuningReport | None:
        """The report of the lesson that the present weights come from, or None."""
        return self._taught[1].report if self._taught is not None and self.can_undo else None

    def look(self) -> None:
        """The situation is another: close a report that can no longer be kept."""
        if self._dialog is not None and self.refusal:
            self._dialog.close()
            self.message.emit(Message("info", "The lesson was thrown away: the network is in use."))

    def forget(self) -> None:
        """The network was trained on: its last lesson can no longer be taken back."""
        self._taught = None

    # Lessons ------------------------------------------------------------------------------

    def learn(self, drawings: Sequence[OwnDrawing], all_own: Sequence[OwnDrawing]) -> None:
        """Give a lesson on a copy of the network, and show the report.

        Args:
            drawings: to learn from.
            all_own: to measure on.
        """
        run, parts = self._session.run, self._session.parts
        if self.refusal or run is None or parts is None:
            self.message.emit(Message("info", self.refusal))
            return
        taught, _ = as_images(drawings, run.class_names, run.image_shape)
        own, _ = as_images(all_own, run.class_names, run.image_shape)
        if not len(taught):
            self.message.emit(Message("info", "The network does not know this class."))
            return
        if self._dialog is not None:
            self._dialog.close()
        self._seed += 1
        self.progressed.emit(0.0)
        # A copy: training may start before the lesson has ended.
        work = _Work(run.copy(), parts, taught, own, self._seed)
        self._jobs.start(
            _JOB,
            work.do,
            lambda lesson: self._show(run, work.report(lesson)),
            self._failed,
            self.progressed.emit,
        )

    def _failed(self, error: InklingError) -> None:
        self.progressed.emit(None)
        self.message.emit(error_message(error))

    def _show(self, run: Run, model: ReportModel) -> None:
        self.progressed.emit(None)
        if self._session.run is not run or self.refusal:
            self.message.emit(Message("info", "The lesson was thrown away: the network is in use."))
            return
        self._dialog = ReportDialog(model, self._themes, self._window)
        self._dialog.kept.connect(lambda: self._keep(run, model))
        self._dialog.finished.connect(self._closed)
        self._dialog.show()

    def _closed(self) -> None:
        self._dialog = None

    def _keep(self, run: Run, model: ReportModel) -> None:
        try:
            keep(run, model.lesson)
        except InklingError as error:
            self.message.emit(error_message(error))
            return
        self._taught = (run, model.lesson)
        self._session.spread_weights()
        words = f"The network has learned it. {model.cost_text}."
        self.message.emit(Message("success", words, "", (("Undo lesson", self.undo),)))

    def undo(self) -> None:
        """Give the network back the weights from before the last lesson that was kept."""
        if self._taught is None or not self.can_undo:
            self.message.emit(Message("info", "The network has been trained since this lesson."))
            return
        run, lesson = self._taught
        self._taught = None
        try:
            undo(run, lesson)
        except InklingError as error:
            self.message.emit(error_message(error))
            return
        self._session.spread_weights()
        self.message.emit(Message("success", "The lesson is taken back."))


class _Work:
    """One lesson as a job in the background."""

    def __init__(
        self, run: Run, parts: DataSplit, taught: ImageSet, own: ImageSet, seed: int
    ) -> None:
        self._run, self._parts, self._taught, self._own = run, parts, taught, own
        self._seed = seed

    def do(self, report: Report) -> FineTuning:
        """Give the lesson; a report that raises ends it."""
        steps = learn_from(self._run, self._parts, self._taught, self._own, seed=self._seed)
        return result_of(steps, report)

    def report(self, lesson: FineTuning) -> ReportModel:
        """Return the report, ready to be shown."""
        return ReportModel(lesson, self._taught, self._parts.held_out, self._run.class_names)
