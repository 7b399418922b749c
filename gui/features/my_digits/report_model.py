"""What a lesson brings and costs, in words and pictures."""

import math
from dataclasses import dataclass

import numpy as np

from core.base.arrays import ByteArray, FloatArray
from core.data.dataset import ImageSet
from core.imaging.framing import SHAPE
from core.teaching.fine_tuning import FineTuning
from core.teaching.report import FineTuningReport, Flips
from gui.session.words import with_article

_MOST_TILES = 400  # flipped digits that are shown; a lesson that flips more is not worth keeping


@dataclass(frozen=True, slots=True, eq=False)
class ReportModel:
    """One lesson's report, ready to be shown.

    Attributes:
        lesson: what was learned.
        drawings: (n, H, W) uint8 and labels, the drawings taught.
        held_out: the images it was measured on, or None.
        names: a name for each class.
    """

    lesson: FineTuning
    drawings: ImageSet
    held_out: ImageSet | None
    names: tuple[str, ...]

    @property
    def report(self) -> FineTuningReport:
        """The figures."""
        return self.lesson.report

    @property
    def title(self) -> str:
        """Whether the lesson was learned."""
        report, count = self.report, len(self.drawings)
        if count == 1:
            what = with_article(self.names[int(report.labels[0])])
            if report.learned:
                return f"Now it reads your drawing as {what}"
            return f"It still does not read your drawing as {what}"
        learned, known = report.learned, report.known
        return f"Now it reads {learned} of your {count} drawings right; before, {known}"

    def answer_text(self, index: int) -> str:
        """Say how one drawing is read: "7: read as a 1 before, as a 7 now"."""
        before, after = self.report.before[index], self.report.after[index]
        label = int(self.report.labels[index])
        shares = f"{_share(before[label])} → {_share(after[label])}"
        return f"Probability of the right answer, {self.names[label]}: {shares}"

    def answers(self, index: int) -> tuple[FloatArray, FloatArray]:
        """Return the probabilities (K,) of one drawing before and after."""
        return self.report.before[index], self.report.after[index]

    @property
    def drawing_captions(self) -> list[str]:
        """One line for each drawing: its answer before and now."""
        before, after = self.report.before.argmax(axis=1), self.report.after.argmax(axis=1)
        return [
            f"{self.names[was]} → {self.names[now]}"
            for was, now in zip(before.tolist(), after.tolist(), strict=True)
        ]

    @property
    def drawing_marks(self) -> list[str]:
        """ "right" or "wrong" for each drawing's answer now."""
        right = self.report.after.argmax(axis=1) == self.report.labels
        return ["right" if one else "wrong" for one in right]

    @property
    def cost_text(self) -> str:
        """What it costs on images that it did not learn from."""
        report = self.report
        if not report.held_out_name:
            return "There are no images set aside to measure what the lesson costs elsewhere."
        name = report.held_out_name
        return f"{name} accuracy {_change(report.held_out_before, report.held_out_after)}"

    @property
    def flips_text(self) -> str:
        """How many of these images are answered otherwise now."""
        worse, better, other = (len(part) for part in self._parts)
        total = worse + better + other
        if not self.report.held_out_name:
            return ""
        if not total:
            return "No digit there is answered otherwise."
        text = f"{total:,} {'digit' if total == 1 else 'digits'} flipped: {worse:,} got worse"
        text += f", {better:,} better"
        if other:
            text += f", {other:,} from one wrong answer to another"
        return f"{text}."

    @property
    def flips_note(self) -> str:
        """How to read the pictures of the flipped digits."""
        return "Below each digit: its answer before → now." if len(self.flip_captions) else ""

    @property
    def own_text(self) -> str:
        """What it does to the user's whole set."""
        if math.isnan(self.report.own_before):
            return ""
        return f"Your handwriting {_change(self.report.own_before, self.report.own_after, 1)}"

    @property
    def _parts(self) -> tuple[Flips, Flips, Flips]:
        return self.report.worse, self.report.better, self.report.other

    @property
    def flip_images(self) -> ByteArray:
        """Images (m, H, W) uint8 of the flipped digits: those that got worse first."""
        if self.held_out is None:
            return np.empty((0, *SHAPE), np.uint8)
        rows = np.concatenate([part.indices for part in self._parts])[:_MOST_TILES]
        images: ByteArray = self.held_out.images[rows]
        return images

    @property
    def flip_captions(self) -> list[str]:
        """Old and new answer of each: "7 → 1"."""
        return [
            f"{self.names[was]} → {self.names[now]}"
            for part in self._parts
            for was, now in zip(part.before.tolist(), part.after.tolist(), strict=True)
        ][:_MOST_TILES]

    @property
    def flip_marks(self) -> list[str]:
        """ "wrong" for those that got worse, "right" for those that got better."""
        worse, better, other = (len(part) for part in self._parts)
        return (["wrong"] * worse + ["right"] * better + ["wrong"] * other)[:_MOST_TILES]

    @property
    def summary(self) -> str:
        """The report in one sentence, for the message strip."""
        parts = [self.title, *([self.cost_text] if self.report.held_out_name else [])]
        return f"{'. '.join(parts)}."

    def flip_words(self, tile: int) -> str:
        """Say in a sentence what became of a flipped digit."""
        if self.held_out is None or not 0 <= tile < len(self.flip_captions):
            return ""
        rows = np.concatenate([part.indices for part in self._parts])
        truth = with_article(self.names[int(self.held_out.labels[rows[tile]])])
        was, now = self.flip_captions[tile].split(" → ")
        return f"{truth[0].upper()}{truth[1:]}: read as {was} before, as {now} now"


def _share(value: float) -> str:
    return f"{100 * value:.1f} %"


def _change(before: float, after: float, decimals: int = 2) -> str:
    return f"{100 * before:.{decimals}f} % → {100 * after:.{decimals}f} %"
