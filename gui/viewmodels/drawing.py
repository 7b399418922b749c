"""What the user draws, as the network sees it, and what it makes of it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.arrays import ByteArray, FloatArray
from core.events import Event, RunFailed, RunFinished, RunStarted, WeightsSeen
from core.ink import draw
from core.prediction import Predictor
from gui.viewmodels.viewmodel import ViewModel
from gui.viewmodels.words import percent, with_article

_SIZE = (28, 28)  # what `core.ink.draw` makes
_SURE, _LIKELY = 0.9, 0.5  # probability of the best answer from which we speak so
_NO_NETWORK = "Train a network first: then it reads what you draw."
_NO_INK = "Draw a digit, and the network reads it at once."


@dataclass(frozen=True, slots=True)
class Answer:
    """The network's reading in words, in three parts so that the middle can be large.

    Attributes:
        lead: "It is a", "Probably a", "Perhaps a"; "" without a reading.
        names: "7", or "7 or 1" when it is unsure.
        note: "97 % sure", "48 % and 47 %"; without a reading, what is missing.
    """

    lead: str
    names: str
    note: str


class DrawingModel(ViewModel):
    """Follows each stroke and each new set of weights at once.

    Attributes:
        image: (H, W) uint8, what the network receives.
        probabilities: (K,), or None: nothing is drawn, or no network is there.
        class_names: a name for each class.
    """

    def __init__(self) -> None:
        super().__init__()
        self.image: ByteArray = np.zeros(_SIZE, np.uint8)
        self.probabilities: FloatArray | None = None
        self.class_names: tuple[str, ...] = tuple(str(digit) for digit in range(10))
        self._drawn: ByteArray = np.zeros(_SIZE, np.uint8)  # before it is fitted to the network
        self._image_shape: tuple[int, int] = _SIZE
        self._predictor: Predictor | None = None

    def set_strokes(self, strokes: Sequence[NDArray[np.float32]], pen_radius: float) -> None:
        """Read another drawing.

        Args:
            strokes: (n, 3) each: x and y in 0..280, pressure 0..1.
            pen_radius: in the same units as x and y.
        """
        self._drawn = draw(strokes, pen_radius)
        self._read()

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
        self._read()

    def accept(self, events: Sequence[Event]) -> None:
        """Read again: the predictor has other weights now."""
        kinds = (RunStarted, WeightsSeen, RunFinished, RunFailed)
        if any(isinstance(event, kinds) for event in events):
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
        return spell(self.probabilities, self.class_names)

    @property
    def answer_text(self) -> str:
        """The answer as one line: "It is a 7", "Perhaps a 7 or a 1"."""
        if self.probabilities is None:
            return self.answer.note
        return sentence(self.probabilities, self.class_names)

    def _read(self) -> None:
        self.image = fit(self._drawn, self._image_shape)
        self.probabilities = None
        if self._predictor is not None and not self.empty:
            self.probabilities = self._predictor.probabilities(self.image[None])[0]
        self.changed.emit()


def spell(probabilities: FloatArray, names: Sequence[str]) -> Answer:
    """Put an answer (K,) into words, the surer the plainer."""
    first, second = np.argsort(-probabilities, kind="stable")[:2]
    sure, other = float(probabilities[first]), float(probabilities[second])
    article = with_article(names[first]).split()[0]
    if sure < _LIKELY:
        note = f"{percent(sure)} and {percent(other)}"
        return Answer(f"Perhaps {article}", f"{names[first]} or {names[second]}", note)
    return Answer(
        f"It is {article}" if sure >= _SURE else f"Probably {article}",
        names[first],
        f"{percent(sure)} sure",
    )


def sentence(probabilities: FloatArray, names: Sequence[str]) -> str:
    """Put an answer (K,) into one line: "It is a 7", "Perhaps a 7 or a 1"."""
    first, second = np.argsort(-probabilities, kind="stable")[:2]
    words = spell(probabilities, names)
    if probabilities[first] < _LIKELY:
        return f"Perhaps {with_article(names[first])} or {with_article(names[second])}"
    return f"{words.lead} {words.names}"


def fit(image: ByteArray, shape: tuple[int, int]) -> ByteArray:
    """Return `image` (28, 28) uint8 in the size (H, W) that a network reads.

    The square stays a square: it is scaled to the shorter side and put in the middle.
    """
    if image.shape == shape:
        return image
    side = min(shape)
    # Bilinear averages over all source pixels where Pillow makes an image smaller.
    small = Image.fromarray(image).resize((side, side), Image.Resampling.BILINEAR)
    made = np.zeros(shape, np.uint8)
    top, left = (shape[0] - side) // 2, (shape[1] - side) // 2
    made[top : top + side, left : left + side] = np.asarray(small)
    return made
