"""Lets the user look at, export and train on from any past moment of the training."""

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from core.base.arrays import ByteArray, LabelArray
from core.base.events import Captured, Event, RunFailed
from core.nn.predictor import Predictor
from core.training.rewind import run_at
from core.training.run import Run
from core.training.timeline import Moment
from gui.features.timeline.model import TimelineModel
from gui.session.answering import Answering
from gui.session.jobs import Jobs
from gui.session.messages import Message
from gui.session.phase import Phase
from gui.session.session import Session

_SETTLE_MS = 120  # after the last move of the slider
_MOST_MEASURED, _SLICE = 10_000, 500  # images; so many between two looks at whether to go on
_JOB = "timeline"


class TimelineController(QObject):
    """Holds a past moment for the window while the training may go on.

    `Answering` answers with the weights of that moment, and panels are shown them as if
    the training had just reported them.

    Attributes:
        model: what the panel shows.

    Signals:
        export_wanted(Run): the user wants this network, of a past moment, in a file.
        message(Message): something to tell the user.
    """

    export_wanted = Signal(object)
    message = Signal(object)

    def __init__(
        self, session: Session, answering: Answering, jobs: Jobs, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._answering, self._jobs = session, answering, jobs
        self.model = TimelineModel()
        self._waiting: Callable[[Run], None] | None = None  # for a snapshot of the run
        self._branch_at: Moment | None = None  # as soon as the training has ended
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self._settled)
        session.received.connect(self._receive)
        session.run_changed.connect(self._show_run)
        session.situation_changed.connect(self._take_rest)
        session.work_done.connect(self._take_lesson)

    @property
    def holding(self) -> bool:
        """True while a past moment is looked at."""
        return self.model.held is not None

    def look(self, index: int) -> None:
        """Show the moment of this index; the last is the present."""
        self.model.hold(index)
        self._show()

    def back_to_now(self) -> None:
        """Show the present again."""
        if self.holding:
            self.model.release()
            self._show()

    def export(self) -> None:
        """Ask for the held moment to be written to a file."""
        moment = self.model.held
        if moment is not None:
            self._with_run(lambda run: self.export_wanted.emit(run_at(run, moment)))

    def train_on(self) -> None:
        """Train on from the held moment; a training that goes on is stopped first."""
        self._branch_at = self.model.held
        if self._branch_at is None:
            return
        if self._session.phase is Phase.IDLE:
            self._take_rest()
        else:
            self._session.stop()

    # How -----------------------------------------------------------------------------

    def _receive(self, events: Sequence[Event]) -> None:
        self.model.accept(events)
        for event in events:
            if isinstance(event, Captured) and self._waiting is not None:
                wanted, self._waiting = self._waiting, None
                wanted(event.run)
        if self.holding and any(isinstance(event, RunFailed) for event in events):
            self.model.release()  # what is shown begins anew at the state it was put back to

    def _show(self) -> None:
        if self._answering.predictor is None or not self.model.moments:
            return
        if self.model.held is not None:
            self._answering.hold(self.model.held)
        else:
            self._answering.release(self.model.moments[-1])
        self._jobs.cancel(_JOB)
        self._settle.start()

    def _show_run(self) -> None:
        self._settle.stop()
        self._jobs.cancel(_JOB)
        self.model.show_run(self._session.run)

    def _take_rest(self) -> None:
        run = self._session.resting_run()
        if run is None:
            return
        if self._waiting is not None:
            wanted, self._waiting = self._waiting, None
            wanted(run)
        if self._branch_at is not None and self._session.phase is Phase.IDLE:
            moment, self._branch_at = self._branch_at, None
            if moment.step <= run.step:  # a training that failed was put back further
                self._branch(run, moment)

    def _take_lesson(self) -> None:
        """Follow what changed the weights at rest, without an event."""
        if self._session.phase is Phase.IDLE and self.model.take_present() and self.holding:
            self.back_to_now()

    def _with_run(self, wanted: Callable[[Run], None]) -> None:
        """Call `wanted` with a run that nobody changes, now or in a moment."""
        run = self._session.resting_run()
        if run is not None:
            wanted(run)
        else:
            self._waiting = wanted
            self._session.request_capture()

    def _branch(self, run: Run, moment: Moment) -> None:
        session, made = self._session, run_at(run, moment)
        self.model.branch(made, moment)
        if not session.recipe.continues(made.recipe):
            session.edit_recipe(made.recipe_now, f"Go back to iteration {moment.step:,}")
        session.adopt(made)
        memory = " The optimizer's memory begins anew." if made.stored_slots else ""
        if session.situation().can_continue:
            session.train()
            words = f"Training goes on from iteration {moment.step:,}.{memory}"
        else:
            words = f"The network is back at iteration {moment.step:,}.{memory}"
        self.message.emit(Message("info", words, "“Bring back” returns the one before."))

    def _settled(self) -> None:
        self._answering.settle()
        held, run, parts = self.model.held, self._session.run, self._session.parts
        if held is None or run is None or parts is None or parts.image_shape != run.image_shape:
            return
        images, labels = parts.images, parts.labels
        name = parts.held_out_name or "Training"
        if parts.held_out is not None:
            images, labels = parts.held_out.images, parts.held_out.labels
        reader = Predictor(run.network, run.loss, held.params)
        images, labels = images[:_MOST_MEASURED], labels[:_MOST_MEASURED]
        self._jobs.start(
            _JOB,
            lambda report: _accuracy(reader, images, labels, report),
            lambda share: self.model.set_accuracy(share, name),
            lambda _error: None,
        )


def _accuracy(
    reader: Predictor, images: ByteArray, labels: LabelArray, report: Callable[[float], None]
) -> float:
    """Return the share of images read right; `report` may raise to give up."""
    right = 0
    for start in range(0, len(images), _SLICE):
        report(start / len(images))
        answers = reader.logits(images[start : start + _SLICE]).argmax(axis=1)
        right += int(np.count_nonzero(answers == labels[start : start + _SLICE]))
    return right / max(len(images), 1)
