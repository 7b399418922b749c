"""Keeps the network's calibration up to date, in the background."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, Signal

from core.base.errors import InklingError
from core.certainty.calibration import Calibration, Judge
from core.data.dataset import BUILTIN
from core.nn.predictor import Predictor
from core.training.calibrate import calibrate, images_for
from core.training.run import DataSplit, Run
from gui.features.reliability.model import Strangest
from gui.session.jobs import Jobs
from gui.session.phase import Phase
from gui.session.session import Session

_JOB = "calibrate"
_MOST_JUDGED, _MOST_SHOWN = 10_000, 60
_SLICE = 500  # images between two chances to be cancelled
_FITTING = 0.7  # of the time of a job
Report = Callable[[float], None]


class Calibrating(QObject):
    """Calibrates the session's network whenever it rests and nobody has done so yet.

    Attributes:
        calibration: of the present weights, or None.

    Signals:
        changed(Calibration | None): another one is in force. There is none while the
            network is in training: its weights are others at every moment.
        judged(Strangest | None): the strangest images of the data in use; None if unknown.
        failed(InklingError): it could not be calibrated.
    """

    changed = Signal(object)
    judged = Signal(object)
    failed = Signal(object)

    def __init__(self, session: Session, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._jobs = session, jobs
        self.calibration: Calibration | None = None
        self._seen: tuple[object, ...] = ()
        session.situation_changed.connect(self._look)
        session.run_changed.connect(self._look)
        session.data_changed.connect(self._look)

    def refresh(self) -> None:
        """Look again at the network: its weights may have been changed without training."""
        self._seen = ()
        self._look()

    def _look(self) -> None:
        session = self._session
        run, parts = session.run, session.parts
        rests = session.phase is Phase.IDLE and run is not None and run.step > 0
        # Many signals come for one change: only the first of them counts.
        seen = (rests, id(run), None if run is None else run.step, id(parts))
        if seen == self._seen:
            return
        self._seen = seen
        self._jobs.cancel(_JOB)
        if not rests or run is None:
            self._show(None)
            self.judged.emit(None)
            return
        known = run.calibration
        if known is not None and not known.belongs_to(run.params):
            known = None
        self._show(known)
        if parts is not None and self._belongs(parts, run):
            self._start(run, parts, known)
        else:
            self.judged.emit(None)

    def _belongs(self, parts: DataSplit, run: Run) -> bool:
        """Tell whether these are the digits that the network learned, or others of the kind."""
        dataset = self._session.dataset
        same = run.data["fingerprint"] == parts.fingerprint
        made = dataset is not None and dataset.key == run.data["key"] == BUILTIN
        return same or (made and parts.image_shape == run.image_shape)

    def _start(self, run: Run, parts: DataSplit, known: Calibration | None) -> None:
        # Its weights only: the optimizer's vectors are of no use, and may be large.
        still = replace(run, stored_params=run.params.copy(), stored_slots={}, live_params=None)

        def work(report: Report) -> tuple[Calibration | None, Strangest | None]:
            made = known or calibrate(still, parts, lambda share: report(_FITTING * share))
            return made, None if made is None else _strangest(still, parts, made, report)

        def done(found: tuple[Calibration | None, Strangest | None]) -> None:
            made, strangest = found
            run.calibration = made
            self._show(made)
            self.judged.emit(strangest)

        self._jobs.start(_JOB, work, done, self._fail)

    def _show(self, calibration: Calibration | None) -> None:
        if calibration is not self.calibration:
            self.calibration = calibration
            self.changed.emit(calibration)

    def _fail(self, error: InklingError) -> None:
        self.judged.emit(None)
        self.failed.emit(error)


def _strangest(
    run: Run, parts: DataSplit, calibration: Calibration, report: Report
) -> Strangest | None:
    """Judge up to 10,000 images and return the strangest."""
    found = images_for(parts)
    if found is None:
        return None
    images, labels = found.images[:_MOST_JUDGED], found.labels[:_MOST_JUDGED]
    judge = Judge(Predictor(run.network, run.loss, run.params), calibration)
    strangeness = np.empty(len(images), np.float32)
    answers = np.empty(len(images), np.uint8)
    for start in range(0, len(images), _SLICE):
        part = slice(start, start + _SLICE)
        judgement = judge.judge(images[part])
        strangeness[part] = judgement.strangeness
        answers[part] = judgement.probabilities.argmax(axis=1)
        report(_FITTING + (1 - _FITTING) * min(start + _SLICE, len(images)) / len(images))
    first = np.argsort(-strangeness, kind="stable")[:_MOST_SHOWN]
    return Strangest(images[first], labels[first], answers[first], strangeness[first])
