"""Which of many images to show. A frozen value; arrays in, arrays and words out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.base.arrays import IndexArray, LabelArray
from gui.session.words import with_article

KINDS = (("all", "All answers"), ("mistakes", "Mistakes only"), ("right", "Right only"))
_NOUNS = {
    "all": ("image", "images"),
    "mistakes": ("mistake", "mistakes"),
    "right": ("right answer", "right answers"),
}


@dataclass(frozen=True, slots=True)
class DigitFilter:
    """What may pass.

    Attributes:
        kind: one of `KINDS`.
        label: only images of this class; None for all.
    """

    kind: str = KINDS[0][0]
    label: int | None = None

    def matching(self, labels: LabelArray, known: LabelArray | None) -> IndexArray:
        """Return the images that pass, given true classes (M,) and answers (M,).

        Without answers, no image counts as read right or wrong.
        """
        passing = np.ones(len(labels), np.bool_)
        if self.label is not None:
            passing &= labels == self.label
        if self.kind != "all":
            if known is None:
                return np.empty(0, np.intp)
            passing &= (known == labels) == (self.kind == "right")
        return np.flatnonzero(passing)

    def what(self, count: int, names: Sequence[str]) -> str:
        """Return what `count` images that pass are called: "mistakes on a 7"."""
        noun = _NOUNS[self.kind][count != 1]
        if self.label is None:
            return noun
        joint = "of" if self.kind == "all" else "on"
        return f"{noun} {joint} {with_article(names[self.label])}"

    def why_none(
        self, labels: LabelArray, known: LabelArray | None, names: Sequence[str], network: bool
    ) -> str:
        """Say why no image passes, and what to do about it.

        Args:
            labels, known: as for `matching`.
            names: a name for each class.
            network: whether there is a network that can read these images.
        """
        among = len(DigitFilter(label=self.label).matching(labels, None))
        kind = "images" if self.label is None else f"images of {with_article(names[self.label])}"
        if not among:
            return f"There are no {kind} among these digits. Choose another class."
        if not network:
            return "No network has read these images yet.\nTrain one, and its answers appear here."
        if known is None:
            return "The network has not read all these images yet. It does so after each epoch."
        if self.kind == "mistakes":
            return f"No mistakes among these {among:,} {kind}: well done."
        return f"None of these {among:,} {kind} is read right yet."
