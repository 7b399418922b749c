"""The user's own drawings, how the network reads them, and how that went from run to run."""

import math
from collections.abc import Sequence

import numpy as np

from core.base.arrays import ByteArray, FloatArray
from core.base.digits import DIGITS
from core.data.dataset import ImageSet
from core.data.drawings.drawings import OwnDrawing, as_images
from core.imaging.framing import SHAPE
from core.imaging.photos.preprocessing import fit_shape
from core.nn.predictor import Predictor
from core.teaching.scorebook import Score
from gui.session.reading import Reading
from gui.session.viewmodel import ViewModel
from gui.session.words import with_article

KINDS = (("all", "All answers"), ("wrong", "Only wrong ones"), ("right", "Only right ones"))


class MyDigitsModel(ViewModel):
    """Follows the set, the network and the scores.

    Attributes:
        class_names: of the network in use; digits without one.
        name, kind: which drawings are shown: a class's name or None; one of `KINDS`.
        undo_text: the last edit of the set; "" if there is none to take back.
        can_undo_lesson: a lesson that was kept can be taken back.
        refusal: why the network cannot learn now; "" if it can.
        scores: of past trainings, the oldest first.
        held_out: accuracy of the network on images set aside, or NaN, and their name.
    """

    def __init__(self) -> None:
        super().__init__()
        self.class_names: tuple[str, ...] = DIGITS
        self.name: str | None = None
        self.kind = "all"
        self.undo_text = ""
        self.can_undo_lesson = False
        self.refusal = ""
        self.scores: list[Score] = []
        self.held_out: tuple[float, str] = (math.nan, "")
        self._shape = SHAPE
        self._drawings: tuple[OwnDrawing, ...] = ()
        self._predictor: Predictor | None = None
        self._answers: dict[str, FloatArray] = {}  # by key, for the network's classes
        self._known: tuple[ImageSet, list[OwnDrawing]] = as_images((), DIGITS)
        self._shown: list[OwnDrawing] = []
        self._focus = ""  # key
        self._place = 0  # where the focus was, if that drawing is gone

    # What is the case -----------------------------------------------------------------

    def set_drawings(self, drawings: Sequence[OwnDrawing], undo_text: str) -> None:
        """Take the drawings as they are now."""
        self._drawings, self.undo_text = tuple(drawings), undo_text
        if self.name not in self.all_names:
            self.name = None
        self._prepare()

    def set_predictor(
        self, predictor: Predictor | None, class_names: Sequence[str], shape: tuple[int, int]
    ) -> None:
        """Let this network read them; None if there is none."""
        self._predictor, self._shape = predictor, shape
        self.class_names = tuple(class_names) or DIGITS
        self._prepare()

    def set_state(
        self,
        *,
        refusal: str,
        can_undo_lesson: bool,
        held_out: tuple[float, str],
        scores: list[Score],
    ) -> None:
        """Take all that is not about the drawings themselves."""
        self.refusal, self.can_undo_lesson = refusal, can_undo_lesson
        self.held_out, self.scores = held_out, scores
        self.changed.emit()

    def read_again(self) -> None:
        """The network has other weights: read all drawings with them."""
        self._answers = {} if self._predictor is None else self._read_by(self._predictor)
        self._choose()

    def _read_by(self, predictor: Predictor) -> dict[str, FloatArray]:
        images, known = self._known
        if not known:
            return {}
        found = predictor.probabilities(images.images)
        return {one.key: row for one, row in zip(known, found, strict=True)}

    def _prepare(self) -> None:
        self._known = as_images(self._drawings, self.class_names, self._shape)
        self.read_again()

    # What is shown --------------------------------------------------------------------

    def set_filter(self, name: str | None, kind: str) -> None:
        """Show drawings of one class (None: all), and all, wrong or right ones."""
        self.name, self.kind = name, kind
        self._choose()

    def focus(self, tile: int) -> None:
        """Show this tile large."""
        if 0 <= tile < len(self._shown) and self._shown[tile].key != self._focus:
            self._focus, self._place = self._shown[tile].key, tile
            self.changed.emit()

    def _choose(self) -> None:
        shown = [one for one in self._drawings if self._passes(one)]
        order = {name: index for index, name in enumerate(self.all_names)}
        self._shown = sorted(shown, key=lambda one: (order[one.name], one.order))
        self.changed.emit()

    def _passes(self, one: OwnDrawing) -> bool:
        if self.name is not None and one.name != self.name:
            return False
        return self.kind == "all" or self._mark(one) == self.kind

    def _answer(self, one: OwnDrawing) -> str | None:
        found = self._answers.get(one.key)
        return None if found is None else self.class_names[int(found.argmax())]

    def _mark(self, one: OwnDrawing) -> str | None:
        answer = self._answer(one)
        if answer is None:
            return None
        return "right" if answer == one.name else "wrong"

    @property
    def all_names(self) -> list[str]:
        """Names of the classes there may be drawings of: the network's, then others."""
        others = {one.name for one in self._drawings} - set(self.class_names)
        return [*self.class_names, *sorted(others)]

    @property
    def empty(self) -> bool:
        """True if there is no drawing at all."""
        return not self._drawings

    @property
    def shown(self) -> list[OwnDrawing]:
        """The drawings of the tiles, by class."""
        return self._shown

    @property
    def images(self) -> ByteArray:
        """The tiles' images (tiles, 28, 28)."""
        if not self._shown:
            return np.empty((0, *SHAPE), np.uint8)
        return np.stack([one.image for one in self._shown])

    @property
    def captions(self) -> list[str]:
        """One line per tile: "7", or "7 → 1" for a 7 that is read as 1."""
        return [
            one.name if (answer := self._answer(one)) in (None, one.name) else
            f"{one.name} → {answer}"
            for one in self._shown
        ]  # fmt: skip

    @property
    def marks(self) -> list[str | None]:
        """ "right", "wrong" or None (no answer) per tile."""
        return [self._mark(one) for one in self._shown]

    @property
    def wrong(self) -> list[OwnDrawing]:
        """All drawings that the network reads wrong."""
        return [one for one in self._known[1] if self._mark(one) == "wrong"]

    @property
    def focused(self) -> OwnDrawing | None:
        """The drawing shown large, None if no tile is shown."""
        for one in self._shown:
            if one.key == self._focus:
                return one
        return self._shown[min(self._place, len(self._shown) - 1)] if self._shown else None

    @property
    def focused_tile(self) -> int:
        """The tile of the drawing shown large, or -1."""
        focused = self.focused
        return -1 if focused is None else self._shown.index(focused)

    def reading(self, one: OwnDrawing) -> Reading | None:
        """Return how a drawing is read; None if the network does not know its class."""
        if one.name not in self.class_names:
            return None
        label = self.class_names.index(one.name)
        image = fit_shape(one.image, self._shape)
        return Reading(0, image, label, self._answers.get(one.key), self.class_names)

    def verdict(self, one: OwnDrawing) -> str:
        """Say how a drawing is read now: "A 7, read as a 1"."""
        reading = self.reading(one)
        if reading is None:
            return f"{one.name}: the network does not know this class"
        return reading.verdict

    def then_text(self, one: OwnDrawing) -> str:
        """Say when it was kept, and what it was read as then."""
        when = f"Kept on {one.when.astimezone():%d %B %Y, %H:%M}"
        if not one.answer:
            return f"{when}."
        return f"{when}; read then as {with_article(one.answer)} ({one.confidence:.0%}).".replace(
            "%)", " %)"
        )

    def tooltip(self, tile: int) -> str:
        """Say in a sentence what a tile is; "" if there is no such tile."""
        if not 0 <= tile < len(self._shown):
            return ""
        one = self._shown[tile]
        return f"{self.verdict(one)}. {self.then_text(one)}"

    # Figures --------------------------------------------------------------------------

    @property
    def own_accuracy(self) -> tuple[float, int, int]:
        """Share of the drawings that are read right (NaN if none can be), and counts."""
        return self._accuracy(self._answers)

    def accuracy_of(self, predictor: Predictor) -> tuple[float, int, int]:
        """Return the same for a network of these classes that is not the one that answers."""
        return self._accuracy(self._read_by(predictor))

    def _accuracy(self, answers: dict[str, FloatArray]) -> tuple[float, int, int]:
        if not answers:
            return math.nan, 0, 0
        known = self._known[1]
        right = sum(self.class_names[int(answers[one.key].argmax())] == one.name for one in known)
        return right / len(known), right, len(known)

    @property
    def score_text(self) -> str:
        """ "Your handwriting 84 % (42 of 50) · Validation 97.3 %"."""
        share, right, count = self.own_accuracy
        if math.isnan(share):
            words = "drawing" if len(self._drawings) == 1 else "drawings"
            return f"{len(self._drawings):,} {words} · train a network, and see how it reads them"
        text = f"Your handwriting {100 * share:.0f} % ({right:,} of {count:,})"
        accuracy, name = self.held_out
        if not math.isnan(accuracy):
            text += f" · {name} {100 * accuracy:.1f} %"
        return text

    @property
    def learn_text(self) -> str:
        """What the button says: "Learn from the 8 wrong ones"."""
        count = len(self.wrong)
        return f"Learn from the {count} wrong ones" if count > 1 else "Learn from the wrong one"
