"""A random handful of images that the network never trained on, and how it reads them."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from core.base.arrays import ByteArray, FloatArray, IndexArray, LabelArray
from core.base.events import Evaluated, Event, RunFailed, RunFinished, RunStarted, WeightsSeen
from core.data.dataset import ImageSet
from core.imaging.framing import SHAPE
from core.nn.predictor import Predictor
from gui.features.digits.digit_filter import DigitFilter
from gui.features.digits.survey import Survey
from gui.session.reading import Reading
from gui.session.viewmodel import ViewModel

TILES = 100


class DigitsModel(ViewModel):
    """Tiles stay where they are while the network learns; only their marks change.

    A new sample is drawn when the user asks for one (filter, reshuffle), when images or
    network are others, and when nothing was shown because no answers were known.

    Attributes:
        filter: which images may be shown.
        class_names, part_name: of the images shown.
    """

    def __init__(self, seed: int = 0) -> None:
        super().__init__()
        self.filter = DigitFilter()
        self.class_names: tuple[str, ...] = ()
        self.part_name = ""
        self._rng = np.random.default_rng(seed)
        self._set: ImageSet | None = None
        self._predictor: Predictor | None = None
        self._shown: IndexArray = np.empty(0, np.intp)
        self._answers: FloatArray | None = None  # (tiles, K) for `_shown`; made when needed
        self._known: LabelArray | None = None  # (M,) answers over the whole set
        self._known_step = -1
        self._step = 0
        self._focus = 0
        self._redraw = False  # the tiles were chosen by the answers of another network
        self._survey = Survey(self)
        self._survey.finished.connect(self._survey_finished)

    # -- what is shown -----------------------------------------------------------------

    def show_images(
        self, image_set: ImageSet | None, class_names: Sequence[str], part_name: str
    ) -> None:
        """Show images of this set; `part_name` says what they are ("Validation").

        The same images once more (a second training on them) keep their places.
        """
        same = _same(self._set, image_set)
        self._set = image_set
        self.class_names, self.part_name = tuple(class_names), part_name
        if (self.filter.label or 0) >= len(self.class_names):
            self.filter = replace(self.filter, label=None)
        self._measure_anew()
        self._refresh() if same else self.reshuffle()

    def set_predictor(self, predictor: Predictor | None) -> None:
        """Let this network answer from now on; None if there is none.

        The caller changes its weights (`set_params`) before passing events on. Where no
        training measures the whole set, it is read here, bit by bit.
        """
        self._predictor = predictor
        self._measure_anew()
        if self._reader is None and self.filter.kind != "all":
            self.reshuffle()
        else:
            self._refresh()

    def accept(self, events: Sequence[Event]) -> None:
        """Follow a training: answers of the tiles, and counts over the whole set."""
        news = False
        for event in events:
            match event:
                case RunStarted() | WeightsSeen():
                    self._survey.stop()  # its answers would come from different weights
                    self._step, news = event.step, True
                case Evaluated():
                    self._step, news = event.step, True
                    self._keep(event.predictions)
                case RunFinished() | RunFailed():
                    self._step, news = event.step, True
                    self._finish()
        if news:
            self._refresh()

    def set_kind(self, kind: str) -> None:
        """Show all images, only mistakes or only right ones: one of `digit_filter.KINDS`."""
        self.filter = replace(self.filter, kind=kind)
        self.reshuffle()

    def set_label(self, label: int | None) -> None:
        """Show only images of one class; None for all."""
        self.filter = replace(self.filter, label=label)
        self.reshuffle()

    def reshuffle(self) -> None:
        """Draw another sample of what the filter lets through."""
        matching = self.filter.matching(self._labels, self._known)
        self._shown = self._rng.permutation(matching)[:TILES]
        self._focus = min(self._focus, max(0, self.count - 1))
        self._refresh()

    def focus(self, tile: int) -> None:
        """Show this tile large."""
        if tile != self._focus and 0 <= tile < self.count:
            self._focus = tile
            self.changed.emit()

    # -- answers -----------------------------------------------------------------------

    @property
    def _reader(self) -> Predictor | None:
        """The network, if it can read these images at all."""
        network = self._predictor.network if self._predictor else None
        if network is None or self._set is None or len(self._set) == 0:
            return None
        fits = network.input_size == self._set.images[0].size
        return self._predictor if fits and network.class_count == len(self.class_names) else None

    def _measure_anew(self) -> None:
        self._known, self._known_step = None, -1
        self._redraw = True
        self._survey.stop()
        if self._reader is not None and self._set is not None:
            self._survey.start(self._reader, self._set.images)

    def _finish(self) -> None:
        if self._known_step != self._step and self._reader and self._set is not None:
            self._survey.start(self._reader, self._set.images)

    def _survey_finished(self, predictions: LabelArray) -> None:
        self._keep(predictions)
        self._refresh()

    def _keep(self, predictions: LabelArray) -> None:
        if len(predictions) == len(self._labels):
            self._known, self._known_step = predictions, self._step
            if not self.count or (self._redraw and self.filter.kind != "all"):
                self.reshuffle()
            self._redraw = False

    @property
    def _labels(self) -> LabelArray:
        """The true classes (M,) of the whole set."""
        return self._set.labels if self._set is not None else np.empty(0, np.uint8)

    def _refresh(self) -> None:
        self._answers = None
        self.changed.emit()

    @property
    def answers(self) -> FloatArray | None:
        """Probabilities (tiles, K) for the tiles shown; None if no network can read them."""
        reader = self._reader
        if self._answers is None and reader is not None:
            self._answers = reader.probabilities(self.images)
        return self._answers

    # -- tiles -------------------------------------------------------------------------

    @property
    def has_images(self) -> bool:
        """True if there is anything to choose from."""
        return len(self._labels) > 0

    @property
    def count(self) -> int:
        """Number of tiles."""
        return len(self._shown)

    @property
    def images(self) -> ByteArray:
        """The tiles' images, uint8 (tiles, H, W)."""
        if self._set is None:
            return np.empty((0, *SHAPE), np.uint8)
        return self._set.images[self._shown]

    @property
    def captions(self) -> list[str]:
        """One short line per tile: "7", or "7 → 1" for a 7 that is read as 1."""
        return [self.reading(tile).caption for tile in range(self.count)]

    @property
    def marks(self) -> list[str | None]:
        """One of "right", "wrong" and None (no answer yet) per tile."""
        return [self.reading(tile).mark for tile in range(self.count)]

    def tooltip(self, tile: int) -> str:
        """Say in a sentence how this tile is read; "" if there is no such tile."""
        return self.reading(tile).sentence if 0 <= tile < self.count else ""

    @property
    def focused(self) -> Reading | None:
        """The tile to be shown large; None if there are no tiles."""
        return self.reading(self._focus) if self.count else None

    def reading(self, tile: int) -> Reading:
        """Return what is known about a tile, 0 to `count` - 1."""
        assert self._set is not None  # or there would be no tiles
        index, answers = int(self._shown[tile]), self.answers
        return Reading(
            index,
            self._set.images[index],
            int(self._set.labels[index]),
            None if answers is None else answers[tile],
            self.class_names,
        )

    # -- words -------------------------------------------------------------------------

    @property
    def counts(self) -> str:
        """How many of what are shown, and how many of all images are read right."""
        if not self.count:
            return ""
        matching = self.filter.matching(self._labels, self._known)
        still = int(np.isin(self._shown, matching).sum())
        what = self.filter.what(len(matching), self.class_names)
        text = f"{still:,} of {len(matching):,} {what} shown"
        if self._known is None:
            return text
        right = 100 * float((self._known == self._labels).mean())
        part = f"{self.part_name.lower()} " if self.part_name else ""
        return f"{text} · accuracy on {len(self._labels):,} {part}images {right:.1f} %"

    @property
    def empty_text(self) -> str:
        """Why no tile is shown although there are images, and what to do about it."""
        readable = self._reader is not None
        return self.filter.why_none(self._labels, self._known, self.class_names, readable)


def _same(one: ImageSet | None, other: ImageSet | None) -> bool:
    """Tell whether two sets hold the same images in the same order."""
    if one is None or other is None:
        return False
    return np.array_equal(one.labels, other.labels) and np.array_equal(one.images, other.images)
