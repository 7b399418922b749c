"""A network of another program, as it would be used: layers, open questions, how it reads."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.base.arrays import ByteArray, IndexArray, LabelArray
from core.base.errors import InklingError
from core.exchange.import_steps.resolving import resolve, resolved_options
from core.exchange.import_steps.words import answer_words, layer_rows, summary
from core.exchange.importer import ImportedNetwork, ImportOptions, open_questions
from core.exchange.portable import Portable, logits
from core.exchange.run_from_portable import run_from
from core.training.run import Run
from gui.session.viewmodel import ViewModel

MOST_MEASURED = 10_000  # images
_TILES = 40


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """Digits that a network can be tried on.

    Attributes:
        images, labels: (N, H, W) uint8 and (N,); none if they do not fit it.
        what: in words: "validation digits".
    """

    images: ByteArray
    labels: LabelArray
    what: str


@dataclass(frozen=True, slots=True, eq=False)
class TrialResult:
    """What a network answers.

    Attributes:
        portable: the network.
        run: it, ready to be used.
        answers: (N,) its likeliest classes.
    """

    portable: Portable
    run: Run
    answers: IndexArray


def read_digits(imported: ImportedNetwork, answers: ImportOptions, trial: Trial) -> TrialResult:
    """Let the network that a imported and answers make read digits.

    Raises:
        InklingError: they make none.
    """
    portable = resolve(imported, answers)
    found = logits(portable, trial.images).argmax(axis=1).astype(np.intp)
    return TrialResult(portable, run_from(portable), found)


class ModelImport(ViewModel):
    """Shows what was found in a file.

    Attributes:
        file: its name.
        kind: of the file, in words.
        imported: what it says.
        questions: the names of the answers that are open.
        answers: as they are now.
        reading: what comes of them; None while that is not known.
        problem: why they make no network, or "".
    """

    def __init__(
        self, file: str, kind: str, imported: ImportedNetwork, answers: ImportOptions, trial: Trial
    ) -> None:
        super().__init__()
        self.file, self.kind, self.imported, self.trial = file, kind, imported, trial
        self.questions = open_questions(imported)
        self.answers = resolved_options(imported, answers)
        self._found = self.answers
        self.reading: TrialResult | None = None
        self.problem = ""
        self._rows: IndexArray = np.arange(min(_TILES, len(trial.images)))

    def ask(self, answers: ImportOptions) -> None:
        """Take other answers; what they lead to comes later."""
        self.answers = resolved_options(self.imported, answers)
        self.changed.emit()

    def show_reading(self, reading: TrialResult) -> None:
        """Show what the answers lead to."""
        self.reading, self.problem = reading, ""
        self.changed.emit()

    def show_problem(self, error: InklingError) -> None:
        """Say why these answers make no network."""
        self.reading, self.problem = None, error.sentence
        self.changed.emit()

    # -- in words --------------------------------------------------------------------------

    @property
    def about(self) -> str:
        """Kind and widths: "PyTorch weights · 784 → 128 → 10"."""
        return f"{self.kind} · {summary(self.imported)}"

    @property
    def layers(self) -> list[tuple[str, str]]:
        """Each layer's kind, and what to know of it."""
        return [] if self.reading is None else layer_rows(self.reading.portable)

    @property
    def has_digits(self) -> bool:
        """Tell whether there are digits that it can be tried on."""
        return len(self.trial.images) > 0

    @property
    def result(self) -> str:
        """How well it reads: "Reads 9,412 of 10,000 validation digits right (94.1 %)"."""
        if not self.has_digits:
            return f"It was not tried: {self.trial.what}."
        if self.reading is None:
            return ""
        right, count = int(self._right.sum()), len(self.trial.labels)
        share = right / count
        return f"Reads {right:,} of {count:,} {self.trial.what} right ({100 * share:.1f} %)"

    @property
    def good(self) -> bool | None:
        """Whether it reads most of them; None if nobody knows."""
        if self.reading is None or not self.has_digits:
            return None
        return float(self._right.mean()) > 0.5

    @property
    def _right(self) -> NDArray[np.bool_]:
        assert self.reading is not None
        right: NDArray[np.bool_] = self.reading.answers == self.trial.labels
        return right

    @property
    def hint(self) -> str:
        """What the pictures show, or what to do about a network that reads badly."""
        if self.good is None:
            return ""
        if self.good:
            return "Under each digit is what the network takes it for."
        if not self.questions:
            return "Most likely it has learned other images than these."
        return "Try other answers: with the right ones the digits below are read right."

    @property
    def notes(self) -> dict[str, str]:
        """Which answers were found out by trying, by name."""
        if not self.has_digits:
            return {}
        return {
            name: f"Found out by trying: {answer_words(name, self._found)[1]}"
            for name in self.questions
            if getattr(self._found, name) != getattr(self.imported.guess, name)
        }

    # -- in pictures -----------------------------------------------------------------------

    @property
    def images(self) -> ByteArray:
        """Some digits (n, H, W) uint8."""
        return self.trial.images[self._rows]

    @property
    def captions(self) -> list[str]:
        """What it takes each of them for."""
        if self.reading is None:
            return ["–"] * len(self._rows)
        names = self.reading.portable.class_names
        return [names[self.reading.answers[row]] for row in self._rows]

    @property
    def marks(self) -> list[str | None]:
        """Whether that is right."""
        if self.reading is None:
            return [None] * len(self._rows)
        return ["right" if good else "wrong" for good in self._right[self._rows]]
