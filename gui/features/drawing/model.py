"""What the user draws, as the network sees it, and what it makes of it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from core.base.arrays import ByteArray, FloatArray
from core.base.events import Event, RunFailed, RunFinished, RunStarted, WeightsSeen
from core.certainty.calibration import Calibration, Judge
from core.certainty.novelty import SEEN_SHARE
from core.imaging.lens.lens import ALL, LensStages, look
from core.imaging.photos.preprocessing import fit_shape
from core.nn.predictor import Predictor
from gui.session.answer_words import Answer, sentence, spell
from gui.session.viewmodel import ViewModel
from gui.session.words import percent

_SIZE = (28, 28)  # what `core.imaging.lens.lens.look` makes
_PAPER = 280.0  # units along an edge of the drawing square
_NO_NETWORK = "Train a network first: then it reads what you draw."
_NO_INK = "Draw a digit, and the network reads it at once."


class DrawingModel(ViewModel):
    """Follows each stroke and each new set of weights at once.

    Attributes:
        image: (H, W) uint8, what the network receives.
        probabilities: (K,), or None: nothing is drawn, or no network is there.
        class_names: a name for each class.
        strangeness: of the image, above 1 strange; None without a calibration or a reading.
    """

    def __init__(self) -> None:
        super().__init__()
        self.image: ByteArray = np.zeros(_SIZE, np.uint8)
        self.probabilities: FloatArray | None = None
        self.class_names: tuple[str, ...] = tuple(str(digit) for digit in range(10))
        self._drawn: ByteArray = np.zeros(_SIZE, np.uint8)  # before it is fitted to the network
        self._image_shape: tuple[int, int] = _SIZE
        self._predictor: Predictor | None = None
        self._calibration: Calibration | None = None
        self._judge: Judge | None = None
        self.strangeness: float | None = None
        self._strokes: list[NDArray[np.float32]] = []
        self._pen_radius = 1.0
        self._stages = ALL

    def set_strokes(self, strokes: Sequence[NDArray[np.float32]], pen_radius: float) -> None:
        """Read another drawing.

        Args:
            strokes: (n, 3) each: x and y in 0..280, pressure 0..1.
            pen_radius: in the same units as x and y.
        """
        self._strokes, self._pen_radius = list(strokes), pen_radius
        self._draw()

    def set_stages(self, stages: LensStages) -> None:
        """Take only these steps from the strokes to the image, from now on."""
        self._stages = stages
        self._draw()

    def set_predictor(
        self,
        predictor: Predictor | None,
        class_names: Sequence[str] = (),
        image_shape: tuple[int, int] = _SIZE,
    ) -> None:
        """Let this network read from now on; None if there is none."""
        self._predictor, self._image_shape = predictor, image_shape
        if class_names:
            self.class_names = tuple(class_names)
        self._appoint()
        self._read()

    def set_calibration(self, calibration: Calibration | None) -> None:
        """Answer with calibrated certainty; None: with the network's own.

        One that was made for other weights than the predictor's is not used.
        """
        self._calibration = calibration
        self._appoint()
        self._read()

    def accept(self, events: Sequence[Event]) -> None:
        """Read again: the predictor has other weights now."""
        kinds = (RunStarted, WeightsSeen, RunFinished, RunFailed)
        if any(isinstance(event, kinds) for event in events):
            self._judge = None
            self._read()

    @property
    def empty(self) -> bool:
        """True if nothing is drawn."""
        return not self._drawn.any()

    @property
    def answer(self) -> Answer:
        """What the network reads, or what is missing."""
        if self.probabilities is None:
            return Answer("", "", _NO_NETWORK if self._predictor is None else _NO_INK)
        if self.strange:
            return Answer("", self._doubt, f"Closest: {self._closest}")
        return spell(self.probabilities, self.class_names)

    @property
    def strange(self) -> bool:
        """True if the drawing does not look like anything the network knows."""
        return self.strangeness is not None and self.strangeness > 1

    @property
    def doubt_text(self) -> str:
        """Why there is no confident answer, in two sentences; "" where there is one."""
        if not self.strange:
            return ""
        return (
            f"Strangeness {self.strangeness:.1f}; of the images that were kept aside from"
            f" training, {percent(SEEN_SHARE)} stay below 1.\nIt is measured by what the"
            " network’s neurons make of the drawing, between such images and made-up scribbles."
        )

    @property
    def answer_text(self) -> str:
        """The answer as one line: "It is a 7", "Perhaps a 7 or a 1"."""
        if self.probabilities is None:
            return self.answer.note
        if self.strange:
            return f"{self._doubt} (closest: {self._closest})"
        return sentence(self.probabilities, self.class_names)

    @property
    def _doubt(self) -> str:
        digits = all(name.isdecimal() for name in self.class_names)
        return f"Does not look like any{' digit' if digits else 'thing'} I know"

    @property
    def _closest(self) -> str:
        assert self.probabilities is not None
        return self.class_names[int(self.probabilities.argmax())]

    def _appoint(self) -> None:
        predictor, calibration, self._judge = self._predictor, self._calibration, None
        if predictor is None or calibration is None:
            return
        if calibration.belongs_to(predictor.params):
            self._judge = Judge(predictor, calibration)

    def _draw(self) -> None:
        self._drawn = look(self._strokes, self._pen_radius, self._stages, _PAPER).image
        self._read()

    def _read(self) -> None:
        self.image = fit_shape(self._drawn, self._image_shape)
        self.probabilities = self.strangeness = None
        if self._judge is not None and not self.empty:
            judgement = self._judge.judge(self.image[None])
            self.probabilities = judgement.probabilities[0]
            self.strangeness = float(judgement.strangeness[0])
        elif self._predictor is not None and not self.empty:
            self.probabilities = self._predictor.probabilities(self.image[None])[0]
        self.changed.emit()
