"""How well each training's network reads the user's own hand, from run to run."""

import logging
import math
import time
from pathlib import Path

from PySide6.QtCore import QObject

from core.base.errors import InklingError
from core.teaching.scorebook import Score, add_score, read_scores
from gui.session.jobs import Jobs
from gui.session.session import Session

_JOB = "my-scores"

_log = logging.getLogger(__name__)


class Scoring(QObject):
    """Keeps the scores.

    Attributes:
        scores: of all trainings on record, the oldest first.
    """

    def __init__(
        self, session: Session, jobs: Jobs, path: Path, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._jobs, self._path = session, jobs, path
        self.scores: list[Score] = read_scores(path)
        self._unwritten: list[Score] = []

    def held_out(self) -> tuple[float, str]:
        """Return the network's accuracy (or NaN) on images set aside, and their name."""
        run, parts = self._session.run, self._session.parts
        if run is None or not run.history.evaluations:
            return math.nan, ""
        name = parts.held_out_name if parts is not None else ""
        return run.history.evaluations[-1].validation_accuracy, name or "Validation"

    def record(self, own: float, count: int) -> None:
        """Write down, now that a training has ended, that `own` of `count` were read right."""
        run = self._session.run
        if run is None or not count:
            return
        accuracy, name = self.held_out()
        data = str(run.data.get("name", ""))
        score = Score(time.time(), run.recipe.label, data, own, count, accuracy, name)
        self.scores = [*self.scores, score]
        self._unwritten.append(score)
        self._write()

    def shut_down(self) -> None:
        """Write what waits; for closing the program."""
        self._jobs.wait(_JOB)

    def _write(self) -> None:
        if self._unwritten and not self._jobs.busy(_JOB):
            score = self._unwritten.pop(0)
            self._jobs.start(
                _JOB, lambda _: add_score(self._path, score), lambda _: self._write(), self._failed
            )

    def _failed(self, error: InklingError) -> None:
        _log.warning("%s", error.sentence)  # not worth interrupting anybody
        self._write()
