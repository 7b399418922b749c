"""What a picture of digits shows: where each is, and what the network makes of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from core.base.arrays import ByteArray, FloatArray
from core.base.digits import DIGITS
from core.base.events import Event, RunFailed, RunFinished, RunStarted, WeightsSeen
from core.base.printable import printable
from core.imaging.framing import SHAPE
from core.imaging.photos.digit_row import FoundDigit, find_digits
from core.imaging.photos.picture import gray_of, reduction
from core.imaging.photos.preprocessing import fit_shape
from core.nn.predictor import Predictor
from gui.session.viewmodel import ViewModel
from gui.session.words import percent

_SHOWN = 1600  # pixels, the longer side of the picture on the screen
_AROUND = 0.15  # of a digit's longer side, shown around it when looked at closer

Judge = Callable[[ByteArray], FloatArray]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, eq=False)
class ReadPicture:
    """A picture and the digits found in it.

    Attributes:
        name: of its file, or where it is from.
        whole: as it was opened, upright, no side longer than about 4,000 pixels.
        shown: (H, W, 3) uint8, for the screen.
        digits: in the order of reading; boxes in pixels of `shown`.
    """

    name: str
    whole: Image.Image
    shown: ByteArray
    digits: tuple[FoundDigit, ...]


def read_digits(
    picture: Image.Image, name: str, report: Callable[[float], None], judge: Judge | None = None
) -> ReadPicture:
    """Find the digits in a picture. Takes up to seconds; made for a background thread.

    Args:
        picture: upright, in any mode.
        name: what to call it.
        report: is told the share done; may raise to give up.
        judge: helps to part digits that touch; see `core.imaging.photos.digit_row.find_digits`.
    """
    factor = reduction(picture)
    report(0.1)
    gray = gray_of(picture)
    if factor > 1 and picture.mode[0] not in "IF":
        picture = picture.reduce(factor)
    report(0.3)
    shown = _for_screen(picture, gray)
    report(0.4)
    scale = shown.shape[1] / gray.shape[1]
    digits = tuple(_scaled(digit, scale) for digit in find_digits(gray, judge))
    report(1.0)
    return ReadPicture(name, picture, shown, digits)


def _for_screen(picture: Image.Image, gray: FloatArray) -> ByteArray:
    if picture.mode[0] in "IF":  # wide modes have no colours that a screen could show
        picture = Image.fromarray((gray * 255).astype(np.uint8))
    if picture.has_transparency_data:
        ink = picture.convert("RGBA")
        ground = 0 if gray[0, 0] < 0.5 else 255
        picture = Image.new("RGBA", ink.size, (ground, ground, ground, 255))
        picture.alpha_composite(ink)
    picture = picture.convert("RGB")
    if max(picture.size) > _SHOWN:
        picture.thumbnail((_SHOWN, _SHOWN), Image.Resampling.BOX)
    return np.array(picture)


def _scaled(digit: FoundDigit, scale: float) -> FoundDigit:
    left, top, right, bottom = (round(side * scale) for side in digit.box)
    box = (left, top, max(right, left + 1), max(bottom, top + 1))
    return FoundDigit(box, digit.image, digit.line)


class PictureModel(ViewModel):
    """Follows the picture, the digit looked at, and each new set of weights.

    Attributes:
        picture: what is shown; None: nothing yet.
        selected: number of the digit looked at, from 0; -1 without one.
        probabilities: (N, K) of all digits; None without a network or without digits.
        class_names: a name for each class.
        busy: the name of a picture that is being read, or "".
        problem: a sentence about a picture that could not be read, or "".
    """

    def __init__(self) -> None:
        super().__init__()
        self.picture: ReadPicture | None = None
        self.selected = -1
        self.probabilities: FloatArray | None = None
        self.class_names: tuple[str, ...] = DIGITS
        self.busy, self.problem = "", ""
        self._predictor: Predictor | None = None
        self._shape: tuple[int, int] = SHAPE

    def set_predictor(
        self,
        predictor: Predictor | None,
        class_names: Sequence[str] = (),
        image_shape: tuple[int, int] = SHAPE,
    ) -> None:
        """Let this network read from now on; None if there is none."""
        self._predictor, self._shape = predictor, image_shape
        if class_names:
            self.class_names = tuple(class_names)
        self.refresh()

    def accept(self, events: Sequence[Event]) -> None:
        """Read again: the predictor has other weights now."""
        kinds = (RunStarted, WeightsSeen, RunFinished, RunFailed)
        if self.picture is not None and any(isinstance(event, kinds) for event in events):
            self.refresh()

    def refresh(self) -> None:
        """Read again: the predictor has other weights."""
        self.probabilities = None
        if self._predictor is not None and self.picture is not None and self.picture.digits:
            images = [fit_shape(digit.image, self._shape) for digit in self.picture.digits]
            self.probabilities = self._predictor.probabilities(np.stack(images))
        self.changed.emit()

    def judge(self) -> Judge | None:
        """Return a reader of images (N, 28, 28) with weights of its own, for another thread."""
        if self._predictor is None:
            return None
        own = Predictor(self._predictor.network, self._predictor.loss, self._predictor.params)
        shape = self._shape

        def read(images: ByteArray) -> FloatArray:
            return own.probabilities(np.stack([fit_shape(image, shape) for image in images]))

        return read

    def wait_for(self, name: str) -> None:
        """Say that a picture of this name is being read; "" if none is any more."""
        self.busy, self.problem = name, ""
        self.changed.emit()

    def show(self, picture: ReadPicture) -> None:
        """Show another picture, its first digit selected."""
        self.picture, self.busy, self.problem = picture, "", ""
        self.selected = 0 if picture.digits else -1
        self.refresh()

    def fail(self, sentence: str) -> None:
        """Say why a picture could not be read; the one shown stays."""
        self.busy, self.problem = "", sentence
        self.changed.emit()

    def select(self, number: int) -> None:
        """Look closer at a digit; numbers beyond the ends are the ends."""
        count = len(self.picture.digits) if self.picture else 0
        number = min(max(number, 0), count - 1)
        if number != self.selected:
            self.selected = number
            self.changed.emit()

    @property
    def digit(self) -> FoundDigit | None:
        """The digit looked at."""
        if self.picture is None or self.selected < 0:
            return None
        return self.picture.digits[self.selected]

    @property
    def image(self) -> ByteArray | None:
        """What the network receives of it, uint8 (H, W)."""
        return None if self.digit is None else fit_shape(self.digit.image, self._shape)

    @property
    def answer(self) -> FloatArray | None:
        """What the network makes of it, (K,)."""
        return None if self.probabilities is None else self.probabilities[self.selected]

    @property
    def closer(self) -> ByteArray | None:
        """The digit as it is in the picture, with a little around it: (h, w, 3) uint8."""
        if self.picture is None or self.digit is None:
            return None
        left, top, right, bottom = self.digit.box
        around = round(_AROUND * max(right - left, bottom - top)) + 1
        rows = slice(max(0, top - around), bottom + around)
        columns = slice(max(0, left - around), right + around)
        return np.ascontiguousarray(self.picture.shown[rows, columns])

    @property
    def boxes(self) -> list[Box]:
        """Left, top, right and bottom of each digit, in pixels of the shown picture."""
        return [] if self.picture is None else [digit.box for digit in self.picture.digits]

    @property
    def captions(self) -> list[tuple[str, str]]:
        """For each digit its reading and how sure it is: ("7", "98 %"); ("?", "") without."""
        if self.probabilities is None:
            return [("", "")] * len(self.boxes)
        best = self.probabilities.argmax(axis=1)
        return [
            (printable(self.class_names[answer]), percent(float(row[answer])))
            for answer, row in zip(best, self.probabilities, strict=True)
        ]

    @property
    def reading(self) -> str:
        """The whole number, line by line: "2019"; "" without a network or digits."""
        if self.picture is None:
            return ""
        lines: dict[int, str] = {}
        wide = any(len(name) > 1 for name in self.class_names)
        for digit, (name, _) in zip(self.picture.digits, self.captions, strict=True):
            before = lines.get(digit.line, "")
            lines[digit.line] = f"{before} {name}" if wide and before else before + name
        return "\n".join(lines.values()).strip()

    @property
    def note(self) -> str:
        """A sentence about the whole picture."""
        if self.problem:
            return self.problem
        if self.busy:
            return f"Reading {self.busy} …"
        if self.picture is None:
            return ""
        count = len(self.picture.digits)
        if not count:
            return "No digit stands out in this picture. Use one with clear, dark or light ink."
        found = "1 digit found." if count == 1 else f"{count} digits found, read left to right."
        if self.probabilities is None:
            return f"{found} Train a network first: then it reads them."
        least = float(self.probabilities.max(axis=1).min())
        sure = f"{percent(least)} sure." if count == 1 else f"The least sure: {percent(least)}."
        return f"{found} {sure}"

    @property
    def place(self) -> str:
        """Return "Digit 2 of 4"; "" without digits."""
        count = len(self.boxes)
        return f"Digit {self.selected + 1} of {count}" if count else ""
