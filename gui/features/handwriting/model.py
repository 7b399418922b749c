"""The handwriting under the user's hands: samples of it, its templates, how it is read."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.base.arrays import ByteArray, FloatArray, LabelArray
from core.base.digits import DIGITS
from core.base.events import Event, RunFailed, RunFinished, RunStarted, WeightsSeen
from core.imaging.framing import SHAPE
from core.imaging.photos.preprocessing import fit_shape
from core.imaging.synthesis import Hand, write_digits
from core.imaging.synthesis.own import DEFAULT_STYLE, Style, handwriting_of, own_templates
from core.imaging.synthesis.templates import Templates
from core.nn.predictor import Predictor
from gui.session.viewmodel import ViewModel
from gui.session.words import percent, with_article

SAMPLES = 100
_NO_NETWORK = "Train a network: then it reads these."
_OTHER_NETWORK = "The network in use reads no digits."
# The first words of a field's name say what it is about; a field of another name is shape.
_GROUPS = (("Slope", ("slant", "turn", "lean")), ("Pen", ("pen", "pressure", "ink", "speed")))
_LAST_GROUP = "Shape"


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """One way to write a digit, as it is shown.

    Attributes:
        digit: which.
        strokes: the curves, (n, 2) each, in half heights around the digit's middle.
        points: their control points (k, 2).
        own: which of the user's templates this is, or None for a built-in one.
        used: whether samples are written in this way.
    """

    digit: int
    strokes: tuple[FloatArray, ...]
    points: FloatArray
    own: int | None
    used: bool


class HandwritingModel(ViewModel):
    """Samples follow every change at once: the same digits, otherwise written.

    Attributes:
        style: the handwriting.
        digit: the digit that is looked at; None for all.
    """

    def __init__(self) -> None:
        super().__init__()
        self.style: Style = DEFAULT_STYLE
        self.digit: int | None = None
        self._seed = 0
        self._predictor: Predictor | None = None
        self._names: tuple[str, ...] = DIGITS
        self._shape = SHAPE
        self._images: ByteArray | None = None
        self._answers: FloatArray | None = None

    # -- what is set ---------------------------------------------------------------------

    def set_style(self, style: Style) -> None:
        """Write in another way from now on."""
        self.style = style
        self._rewrite()

    def choose(self, digit: int | None) -> None:
        """Look at one digit, or at all (None)."""
        if digit != self.digit:
            self.digit = digit
            self._rewrite()

    def shuffle(self) -> None:
        """Write other samples."""
        self._seed += 1
        self._rewrite()

    def set_predictor(
        self,
        predictor: Predictor | None,
        class_names: Sequence[str] = (),
        image_shape: tuple[int, int] = SHAPE,
    ) -> None:
        """Let this network read the samples; None if there is none."""
        self._predictor, self._shape = predictor, image_shape
        self._names = tuple(class_names) or DIGITS
        self._reread()

    def accept(self, events: Sequence[Event]) -> None:
        """Read again: the predictor has other weights now."""
        kinds = (RunStarted, WeightsSeen, RunFinished, RunFailed)
        if any(isinstance(event, kinds) for event in events):
            self._reread()

    def _rewrite(self) -> None:
        self._images = None
        self._reread()

    def _reread(self) -> None:
        self._answers = None
        self.changed.emit()

    # -- samples -------------------------------------------------------------------------

    @property
    def labels(self) -> LabelArray:
        """What each sample is (100,) uint8: all ten in turn, or one."""
        if self.digit is None:
            return (np.arange(SAMPLES) % 10).astype(np.uint8)
        return np.full(SAMPLES, self.digit, np.uint8)

    @property
    def images(self) -> ByteArray:
        """The samples (100, 28, 28) uint8: from the same randomness until shuffled."""
        if self._images is None:
            rng = np.random.default_rng(self._seed)
            self._images = write_digits(self.labels, rng, handwriting_of(self.style))
        return self._images

    @property
    def readable(self) -> bool:
        """True if there is a network, and it reads digits."""
        return self._predictor is not None and set(DIGITS) <= set(self._names)

    @property
    def answers(self) -> FloatArray | None:
        """The network's probabilities (100, K) for the samples; None if none can read them."""
        if self._answers is None and self._predictor is not None and self.readable:
            fitted = self.images
            if fitted.shape[1:] != self._shape:
                fitted = np.stack([fit_shape(image, self._shape) for image in fitted])
            self._answers = self._predictor.probabilities(fitted).copy()
        return self._answers

    @property
    def marks(self) -> list[str | None]:
        """For each sample "wrong" if it is misread, or None."""
        if self.answers is None:
            return [None] * SAMPLES
        read = self.answers.argmax(axis=1)
        return [
            None if self._names[found] == str(label) else "wrong"
            for found, label in zip(read, self.labels, strict=True)
        ]

    @property
    def rating(self) -> str:
        """How many of the samples the network reads, in a sentence."""
        if self._predictor is None:
            return _NO_NETWORK
        if not self.readable:
            return _OTHER_NETWORK
        right = SAMPLES - self.marks.count("wrong")
        return f"The network reads {right} of {SAMPLES}."

    def tooltip(self, sample: int) -> str:
        """Say how one sample is read; "" if there is no such sample."""
        if not 0 <= sample < SAMPLES:
            return ""
        digit = with_article(str(self.labels[sample]))
        if self.answers is None:
            return digit.capitalize()
        found = int(self.answers[sample].argmax())
        name, share = self._names[found], float(self.answers[sample, found])
        return f"{digit.capitalize()}, read as {with_article(name)} ({percent(share)})."

    # -- templates -----------------------------------------------------------------------

    @property
    def ways(self) -> list[Way]:
        """The ways to write the digit looked at (or all), the user's own ones first."""
        style, every = self.style, own_templates(self.style.templates)
        own, shipped = [], []
        for digit in range(10) if self.digit is None else (self.digit,):
            first, last = int(every.bounds[digit]), int(every.bounds[digit + 1])
            mine = [k for k, each in enumerate(style.templates) if each.digit == digit]
            own += [
                _way(every, first + k, digit, place, style.ways != "builtin")
                for k, place in enumerate(mine)
            ]
            used = style.ways != "own" or not mine
            rows = range(first + len(mine), last)
            shipped += [_way(every, row, digit, None, used) for row in rows]
        return own + shipped

    @property
    def ways_title(self) -> str:
        """What the strip of templates shows."""
        whose = "" if self.digit is None else f" {with_article(str(self.digit))}"
        return f"Ways to write{whose}"

    @property
    def ways_counts(self) -> str:
        """How many templates there are, in words."""
        digits = range(10) if self.digit is None else (self.digit,)
        own = sum(each.digit in digits for each in self.style.templates)
        shipped = int(sum(np.diff(own_templates(()).bounds)[list(digits)]))
        return f"{own} of yours, {shipped} built in"


def _way(templates: Templates, row: int, digit: int, own: int | None, used: bool) -> Way:
    curve = templates.curves[row] @ templates.points[row]
    lifted = np.flatnonzero(templates.down[row] == 0) + 1
    held = (templates.curves[row] != 0).any(axis=0)
    points = templates.points[row][held]
    return Way(digit, tuple(np.split(curve, lifted)), points, own, used)


def group_of(name: str) -> str:
    """Return the heading under which a habit of this name is shown."""
    for group, words in _GROUPS:
        if name.startswith(words):
            return group
    return _LAST_GROUP


def grouped(names: Sequence[str]) -> dict[str, list[str]]:
    """Return the habits' names by heading, in the order of the headings."""
    groups: dict[str, list[str]] = {group: [] for group, _ in _GROUPS}
    groups[_LAST_GROUP] = []
    for name in names:
        groups[group_of(name)].append(name)
    return {group: found for group, found in groups.items() if found}


def default_of(name: str) -> float:
    """Return the default of a habit."""
    return float(getattr(Hand(), name))
