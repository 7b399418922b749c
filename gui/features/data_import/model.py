"""What was found in a digit file, and how its numbers are to be taken."""

import numpy as np

from core.base.arrays import ByteArray, IndexArray
from core.base.errors import InklingError
from core.base.fields import limits_of
from core.data.correction import Correction, Findings, sample
from core.data.reader import READERS, RawData
from core.imaging.framing import SHAPE
from gui.session.viewmodel import ViewModel

_TILES = 40  # five rows of eight
_CLASS_BARS = 30  # more do not fit; then the counts are told in words
_PART_NAMES = {"train": "training", "validation": "validation", "test": "test"}


class ImportModel(ViewModel):
    """Shows a file's content as it would be used.

    Attributes:
        raw: what was read.
        asked: the corrections the user made; "auto" where he left it to us.
        findings: what they lead to; None if they lead nowhere, and `problem` says why.
        problem: a sentence, or "".
    """

    def __init__(self, raw: RawData, findings: Findings, seed: int = 0) -> None:
        super().__init__()
        self.raw = raw
        self.asked = Correction()
        self.findings: Findings | None = findings
        self.problem = ""
        self._rng = np.random.default_rng(seed)
        self._rows: IndexArray = np.empty(0, np.intp)
        self.shuffle()

    def ask(self, correction: Correction) -> None:
        """Take what the user asked for; what it leads to comes later."""
        self.asked = correction

    def show_findings(self, findings: Findings) -> None:
        """Show what the corrections lead to."""
        self.findings, self.problem = findings, ""
        self.changed.emit()

    def show_problem(self, error: InklingError) -> None:
        """Say why these corrections cannot be."""
        self.findings, self.problem = None, error.sentence
        self.changed.emit()

    def shuffle(self) -> None:
        """Show other images."""
        count = len(self.raw.train)
        chosen = self._rng.choice(count, min(_TILES, count), replace=False)
        self._rows = np.sort(chosen).astype(np.intp)
        self.changed.emit()

    # -- in words --------------------------------------------------------------------------

    @property
    def heading(self) -> str:
        """What it is: "ex4data1.mat"."""
        return self.raw.name

    @property
    def about(self) -> str:
        """Kind, size and number: "MATLAB file · 5,000 training images of 20 × 20 pixels"."""
        _, height, width = self.raw.train.images.shape
        counts = [f"{len(part):,} {_PART_NAMES[name]}" for name, part in self.raw.parts.items()]
        kind = READERS[self.raw.key].label
        return f"{kind} · {' · '.join(counts)} images of {width} × {height} pixels"

    @property
    def values_text(self) -> str:
        """What the numbers are: "Values from 0 to 16"."""
        if self.findings is None:
            return ""
        return f"Values from {self.findings.low:g} to {self.findings.high:g}"

    @property
    def doubts(self) -> tuple[str, ...]:
        """Sentences about what looks wrong."""
        return () if self.findings is None else self.findings.doubts

    @property
    def notes(self) -> dict[str, str]:
        """What was found out for each setting that is left to us, by the setting's name."""
        if self.findings is None:
            return {}
        notes = {}
        for name in ("scale", "polarity", "transpose", "labels"):
            if getattr(self.asked, name) == "auto":
                limits = limits_of(Correction, name)
                assert limits is not None
                notes[name] = (
                    f"Found out: {dict(limits.choices)[getattr(self.findings.correction, name)]}"
                )
        return notes

    # -- in pictures -----------------------------------------------------------------------

    @property
    def classes(self) -> tuple[tuple[str, ...], list[int]]:
        """The names of the classes and how many images each has; empty if they are too many."""
        if self.findings is None or len(self.findings.class_names) > _CLASS_BARS:
            return (), []
        total = sum(self.findings.counts.values())
        return self.findings.class_names, [int(count) for count in np.asarray(total)]

    @property
    def images(self) -> ByteArray:
        """Some images (n, H, W) uint8 as they would be trained on."""
        if self.findings is None:
            return np.zeros((0, *SHAPE), np.uint8)
        return sample(self.raw, self.findings, self._rows)

    @property
    def captions(self) -> list[str]:
        """The class of each of these images."""
        if self.findings is None:
            return []
        return [
            self.findings.class_names[label] for label in self.findings.labels(self.raw, self._rows)
        ]
