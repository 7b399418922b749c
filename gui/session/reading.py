"""How one image was read, in words."""

from dataclasses import dataclass

import numpy as np

from core.base.arrays import ByteArray, FloatArray
from gui.session.words import percent, with_article

_RUNNER_UP = 0.05  # a second answer less probable than this is not worth a word


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """One image, its true class, and what the network makes of it.

    Attributes:
        index: number of the image in its set, from 0.
        image: (H, W) uint8.
        label: its true class.
        probabilities: (K,), or None without an answer.
        names: a name for each class.
    """

    index: int
    image: ByteArray
    label: int
    probabilities: FloatArray | None
    names: tuple[str, ...]

    @property
    def answer(self) -> int | None:
        """The class it was read as; None without an answer."""
        return None if self.probabilities is None else int(self.probabilities.argmax())

    @property
    def mark(self) -> str | None:
        """Return "right" or "wrong", or None without an answer."""
        if self.answer is None:
            return None
        return "right" if self.answer == self.label else "wrong"

    @property
    def caption(self) -> str:
        """Return "7", or "7 → 1" for a 7 that was read as 1."""
        answer, truth = self.answer, self.names[self.label]
        return truth if answer in (None, self.label) else f"{truth} → {self.names[answer]}"

    @property
    def title(self) -> str:
        """Return "Image 4,211"; counted from 1."""
        return f"Image {self.index + 1:,}"

    @property
    def verdict(self) -> str:
        """Return "A 7, read as a 1" and the like."""
        truth = with_article(self.names[self.label])
        truth = truth[0].upper() + truth[1:]
        if self.answer is None:
            return truth
        if self.answer == self.label:
            return f"{truth}, read right"
        return f"{truth}, read as {with_article(self.names[self.answer])}"

    @property
    def sentence(self) -> str:
        """Return "Image 4,211: a 7, read as 1 (83 %), then 7 (12 %)"."""
        text = f"{self.title}: {with_article(self.names[self.label])}"
        if self.probabilities is None:
            return text
        first, *others = np.argsort(-self.probabilities, kind="stable")
        text += f", read as {self.names[first]} ({percent(self.probabilities[first])})"
        if others and self.probabilities[others[0]] >= _RUNNER_UP:
            second = others[0]
            text += f", then {self.names[second]} ({percent(self.probabilities[second])})"
        return text
