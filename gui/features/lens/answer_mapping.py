"""Maps of a network's answers, made in the background one after the other."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from core.base.arrays import ByteArray, FloatArray
from core.base.errors import InklingError
from core.imaging.framing import SHAPE
from core.imaging.lens.lens import LensStages
from core.imaging.lens.lens_map import AnswerMap, map_answers
from core.imaging.photos.preprocessing import fit_shape
from core.nn.predictor import Predictor
from gui.session.jobs import Jobs

_JOB = "answer-map"
_SOON_MS = 40  # strokes come up to 200 times a second; one map waits for several of them
_REST = 2.0  # times its own duration that the map pauses, so that a training keeps its speed


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What a map is about; see `core.imaging.lens.lens_map.map_answers`."""

    kind: str
    strokes: Sequence[NDArray[np.float32]]
    pen_radius: float
    stages: LensStages
    paper_side: float
    where: str


class AnswerMapping(QObject):
    """Answers the newest question, when the last map is done.

    Signals:
        made(AnswerMap or None): a map; None if nothing is drawn, or if it failed.
    """

    made = Signal(object)

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._predictor: Predictor | None = None
        self._own: Predictor | None = None  # for the job's thread alone
        self._image_shape = SHAPE
        self._question: Question | None = None
        self._duration = 0.0  # seconds that the last map took
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._start)

    def set_predictor(self, predictor: Predictor | None, image_shape: tuple[int, int]) -> None:
        """Ask this network from now on."""
        self.drop()
        self._predictor, self._image_shape = predictor, image_shape

    def ask(self, question: Question) -> None:
        """Answer this soon, with the weights of that moment."""
        self._question = question
        self._wait()

    def drop(self) -> None:
        """Let go of the question, and of the map that is being made."""
        self._jobs.cancel(_JOB)
        self._own = None  # the thread may still be using it
        self._question = None

    def _wait(self) -> None:
        if not (self._timer.isActive() or self._jobs.busy(_JOB)):
            self._timer.start(max(_SOON_MS, round(1000 * _REST * self._duration)))

    def _start(self) -> None:
        predictor, question = self._predictor, self._question
        if predictor is None or question is None:
            return
        self._question = None
        if self._own is None:
            self._own = Predictor(predictor.network, predictor.loss, predictor.params)
        else:
            self._own.set_params(predictor.params)
        work = _work(question, self._own, self._image_shape)
        self._jobs.start(_JOB, work, self._deliver, self._fail)

    def _deliver(self, result: tuple[AnswerMap | None, float]) -> None:
        found, self._duration = result
        self._hand_over(found)

    def _fail(self, _: InklingError) -> None:
        self._hand_over(None)

    def _hand_over(self, found: AnswerMap | None) -> None:
        self.made.emit(found)
        if self._question is not None:
            self._wait()


def _work(
    question: Question, predictor: Predictor, shape: tuple[int, int]
) -> Callable[[object], tuple[AnswerMap | None, float]]:
    """Return the job; the seconds it took come with its map."""

    def predict(images: ByteArray) -> FloatArray:
        if shape != SHAPE:
            images = np.stack([fit_shape(image, shape) for image in images])
        return predictor.probabilities(images)

    def work(_: object) -> tuple[AnswerMap | None, float]:
        began = time.perf_counter()
        found = map_answers(
            question.kind,
            question.strokes,
            question.pen_radius,
            question.stages,
            question.paper_side,
            predict,
            question.where,
        )
        return found, time.perf_counter() - began

    return work
