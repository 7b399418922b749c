"""Each step from the strokes to the network's picture, and how its answer would change."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QTimer, Signal

from core.base.arrays import ByteArray, FloatArray
from core.base.digits import DIGITS
from core.base.events import Event, RunFailed, RunFinished, RunStarted, WeightsSeen
from core.imaging.framing import SHAPE
from core.imaging.ink import PAPER_SIDE
from core.imaging.lens.lens import ALL, look
from core.imaging.lens.lens_map import AFTER, AnswerMap
from core.imaging.photos.preprocessing import fit_shape
from core.nn.predictor import Predictor
from gui.features.lens.answer_mapping import AnswerMapping, Question
from gui.features.lens.words import KINDS, cell_answer, cell_words, summary
from gui.session.jobs import Jobs
from gui.session.viewmodel import ViewModel

_NO_NETWORK = "Train a network first: then this map shows how its answer changes."


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """What is looked at closely: the drawing as it is, or one cell of the map.

    Attributes:
        image: (H, W) uint8, what the network receives.
        words: what was done to the drawing.
        probabilities: (K,), or None without a network.
        answer: what it is read as, "" without a network.
    """

    image: ByteArray
    words: str
    probabilities: FloatArray | None
    answer: str


class LensModel(ViewModel):
    """Follows each stroke and each new set of weights, while it can be seen.

    Attributes:
        stages: the steps taken.
        lens: pictures and sentences of all steps.
        kind: which map: a key of `core.imaging.lens.lens_map.MAPS`.
        where: `BEFORE` or `AFTER`: where the map's changes are made.
        map: how the answer changes; None until it is there.
        class_names: a name for each class.
        means: (K, H, W) uint8, the average training digit of each class, or None.

    Signals:
        changed(): whoever shows this should look again.
        stages_changed(LensStages): the user took or left out a step.
    """

    stages_changed = Signal(object)

    def __init__(self, jobs: Jobs) -> None:
        super().__init__()
        self.stages, self.kind, self.where = ALL, KINDS[0][0], AFTER
        self.class_names: tuple[str, ...] = DIGITS
        self.means: ByteArray | None = None
        self.map: AnswerMap | None = None
        self.strokes: list[NDArray[np.float32]] = []
        self.pen_radius, self.paper_side = 1.0, PAPER_SIDE
        self.lens = look([], 1.0, ALL, self.paper_side)
        self.cell: tuple[int, int] | None = None
        self._mapping = AnswerMapping(jobs, self)
        self._mapping.made.connect(self._show_map)
        self._predictor: Predictor | None = None
        self._image_shape = SHAPE
        self._visible = False
        self._drawn, self._mapped = True, True  # up to date
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._refresh)

    # -- what comes in -----------------------------------------------------------------

    def set_strokes(
        self, strokes: Sequence[NDArray[np.float32]], pen_radius: float, paper_side: float
    ) -> None:
        """Look at another drawing.

        Args:
            strokes: (n, 3) each: x and y in 0..paper_side, pressure 0..1.
            pen_radius: in the same units.
            paper_side: of the square that was drawn on.
        """
        self.strokes, self.pen_radius, self.paper_side = list(strokes), pen_radius, paper_side
        self._outdate(drawn=True)

    def set_predictor(
        self,
        predictor: Predictor | None,
        class_names: Sequence[str] = (),
        image_shape: tuple[int, int] = SHAPE,
    ) -> None:
        """Let this network read from now on; None if there is none."""
        self._predictor, self._image_shape = predictor, image_shape
        self._mapping.set_predictor(predictor, image_shape)
        if class_names:
            self.class_names = tuple(class_names)
        self.map = self.cell = None
        self._outdate(drawn=False)

    def set_means(self, means: NDArray[np.floating] | ByteArray | None) -> None:
        """Take the average training digit of each class, (K, H, W) in 0..255."""
        self.means = None if means is None else np.rint(np.asarray(means)).astype(np.uint8)
        self._soon.start()

    def accept(self, events: Sequence[Event]) -> None:
        """Read again: the predictor has other weights now."""
        kinds = (RunStarted, WeightsSeen, RunFinished, RunFailed)
        if any(isinstance(event, kinds) for event in events):
            self._outdate(drawn=False)

    def set_visible(self, visible: bool) -> None:
        """Tell whether anyone can see this; unseen, nothing is computed."""
        self._visible = visible
        if visible:
            self._refresh()

    # -- what the user chooses ---------------------------------------------------------

    def set_step(self, key: str, taken: bool) -> None:
        """Take or leave out the step of this name, a field of `LensStages`."""
        self.stages = replace(self.stages, **{key: taken})
        self._outdate(drawn=True)
        self.stages_changed.emit(self.stages)

    def set_kind(self, kind: str) -> None:
        """Choose one of `KINDS`."""
        self.kind = kind
        self._drop_map()
        self._outdate(drawn=False)

    def set_where(self, where: str) -> None:
        """Make the map's changes `BEFORE` or `AFTER` the steps."""
        self.where = where
        self._outdate(drawn=False)

    def point_at(self, cell: tuple[int, int] | None) -> None:
        """Look at one cell of the map closely; None: at the drawing as it is."""
        if cell != self.cell:
            self.cell = cell
            self.changed.emit()

    # -- what is shown -----------------------------------------------------------------

    @property
    def empty(self) -> bool:
        """True if nothing is drawn."""
        return self.lens.empty

    @property
    def shown(self) -> Shown:
        """The cell pointed at, or the drawing as it is."""
        found = self.map
        if found is None or self.cell is None:
            return self._present()
        probabilities = found.probabilities[self.cell]
        words = cell_words(found, self.cell)
        answer = cell_answer(probabilities, self.class_names)
        return Shown(
            fit_shape(found.images[self.cell], self._image_shape), words, probabilities, answer
        )

    @property
    def mean(self) -> tuple[str, ByteArray] | None:
        """Name and average training digit of the class that is shown as the answer."""
        probabilities = self.shown.probabilities
        if self.means is None or probabilities is None or len(self.means) != len(probabilities):
            return None
        best = int(probabilities.argmax())
        return self.class_names[best], self.means[best]

    @property
    def legend(self) -> list[tuple[int, str]]:
        """Number and name of each class on the map."""
        found = [] if self.map is None else np.unique(self.map.answers).tolist()
        return [(index, self.class_names[index]) for index in found]

    @property
    def note(self) -> str:
        """What the map says in a sentence, or why there is none."""
        if self._predictor is None:
            return _NO_NETWORK
        if self.map is None:
            return ""
        return summary(self.map, self.class_names, self.stages, self.where)

    def _present(self) -> Shown:
        image = fit_shape(self.lens.image, self._image_shape)
        if self._predictor is None or self.empty:
            return Shown(image, "As it is", None, "")
        probabilities = self._predictor.probabilities(image[None])[0]
        return Shown(image, "As it is", probabilities, cell_answer(probabilities, self.class_names))

    # -- keeping up --------------------------------------------------------------------

    def _outdate(self, *, drawn: bool) -> None:
        self._drawn = self._drawn and not drawn
        self._mapped = False
        if self._visible:
            self._soon.start()

    def _refresh(self) -> None:
        """Bring all up to date, once for any number of changes."""
        if not self._visible:
            return
        if not self._drawn:
            self.lens = look(self.strokes, self.pen_radius, self.stages, self.paper_side)
            self._drawn = True
        if self.empty:
            self._drop_map()
        elif not self._mapped and self._predictor is not None:
            self._mapping.ask(self._question())
            self._mapped = True
        self.changed.emit()

    def _question(self) -> Question:
        return Question(
            self.kind, self.strokes, self.pen_radius, self.stages, self.paper_side, self.where
        )

    def _drop_map(self) -> None:
        self._mapping.drop()
        self.map = self.cell = None

    def _show_map(self, found: AnswerMap | None) -> None:
        self.map = found
        if found is None:
            self.cell = None
        self.changed.emit()
