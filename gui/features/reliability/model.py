"""How honest the network's certainty is, and what looks strangest to it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.base.arrays import ByteArray, FloatArray, LabelArray
from core.base.digits import DIGITS
from core.base.printable import printable
from core.certainty.calibration import Calibration
from core.certainty.reliability import Reliability
from core.imaging.framing import SHAPE
from gui.session.phase import Situation
from gui.session.viewmodel import ViewModel
from gui.session.words import number, percent

_SPOKEN_OF = 0.9  # certainty that the sentence speaks of
_FEW = 20  # answers; a bin with fewer tells nothing
_NOTHING = np.zeros((0, *SHAPE), np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Strangest:
    """The images that look strangest to the network, of those it does not train on.

    Attributes:
        images: (M, H, W) uint8, the strangest first.
        labels, answers: (M,) uint8, what they are and what the network reads.
        strangeness: (M,) float32, above 1 is strange.
    """

    images: ByteArray
    labels: LabelArray
    answers: LabelArray
    strangeness: FloatArray


class ReliabilityModel(ViewModel):
    """Words and curves for the tab "Reliability".

    Attributes:
        calibration: of the network in use, or None.
        class_names: a name for each class.
    """

    def __init__(self) -> None:
        super().__init__()
        self.calibration: Calibration | None = None
        self.class_names: tuple[str, ...] = DIGITS
        self._strangest: Strangest | None = None
        self._situation = Situation()

    def set_calibration(self, calibration: Calibration | None) -> None:
        """Speak of this calibration from now on; None if there is none."""
        self.calibration = calibration
        self.changed.emit()

    def set_strangest(self, strangest: Strangest | None) -> None:
        """Show these images as the strangest ones; None if they are not known."""
        self._strangest = strangest
        self.changed.emit()

    def set_class_names(self, names: Sequence[str]) -> None:
        """Call the classes so."""
        self.class_names = tuple(names)
        self.changed.emit()

    def show_situation(self, situation: Situation) -> None:
        """Say why there is nothing to show, if there is nothing."""
        self._situation = situation
        if self.calibration is None:
            self.changed.emit()

    # Words ---------------------------------------------------------------------------

    @property
    def empty_words(self) -> tuple[str, str]:
        """A title and a sentence for when there is no calibration."""
        now = self._situation
        if not now.idle:
            return (
                "Training is running",
                "When it ends, the network’s certainty is compared with the truth here.",
            )
        if now.has_run and now.has_data:
            return "Not measured yet", "The network is compared with images it has not seen."
        if now.has_run:
            return (
                "No images to measure on",
                "Open the digits this network was trained on: then its certainty is"
                " compared with the truth.",
            )
        return (
            "Nothing trained yet",
            "Train a network (F5) and see here how far its certainty can be trusted.",
        )

    @property
    def error_text(self) -> str:
        """The expected calibration error after calibration: "0.7 %"."""
        return "–" if self.calibration is None else _fine(self.calibration.after.error)

    @property
    def error_before_text(self) -> str:
        """The expected calibration error as trained: "12.3 % as trained"."""
        if self.calibration is None:
            return ""
        return f"{_fine(self.calibration.before.error)} as trained"

    @property
    def sentences(self) -> tuple[str, str]:
        """What it means now, and before, for somebody who hears of it for the first time."""
        if self.calibration is None:
            return "", ""
        before, after = self.calibration.before, self.calibration.after
        sure, right = _example(after)
        said, was = _example(before)
        return (
            f"When it says {sure}, it is right in {right} of 100 cases.",
            f"Before calibration, when it said {said}: in {was}.",
        )

    @property
    def note(self) -> str:
        """What was done, in one line."""
        calibration = self.calibration
        if calibration is None:
            return ""
        hot = "was too sure of itself" if calibration.temperature > 1 else "was not sure enough"
        return (
            f"Temperature {calibration.temperature:.2f}: the network {hot}. Drawings are"
            f" answered with calibrated certainty. Measured on {calibration.images:,} images."
        )

    # Strangest images ----------------------------------------------------------------

    @property
    def images(self) -> ByteArray:
        """(M, H, W) uint8, the strangest first."""
        return _NOTHING if self._strangest is None else self._strangest.images

    @property
    def captions(self) -> list[str]:
        """The strangeness of each image."""
        if self._strangest is None:
            return []
        return [number(float(value), 1) for value in self._strangest.strangeness]

    def tooltip(self, index: int) -> str:
        """Tell about one image; "" if there is none of this index."""
        found = self._strangest
        if found is None or not 0 <= index < len(found.images):
            return ""
        label, answer = (self._name(int(of[index])) for of in (found.labels, found.answers))
        strangeness = float(found.strangeness[index])
        verdict = "does not look like any it knows" if strangeness > 1 else "not strange"
        return f"Strangeness {strangeness:.2f}: {verdict}\nIt is {label}, and is read as {answer}"

    def _name(self, label: int) -> str:
        return printable(self.class_names[label]) if label < len(self.class_names) else str(label)


def bin_text(name: str, curve: Reliability, index: int) -> str:
    """Tell one bin of a curve: "Calibrated: says 91 %, right in 90 % of 1,204 answers"."""
    count = int(curve.counts[index])
    if not count:
        return f"{name}: no answers"
    sure, right = percent(curve.confidence[index]), percent(curve.accuracy[index])
    return f"{name}: says {sure}, right in {right} of {count:,} answers"


def _example(curve: Reliability) -> tuple[str, int]:
    """Return a certainty of about 90 %, and in how many of 100 such cases it is right."""
    many = np.flatnonzero(curve.counts >= min(_FEW, curve.counts.max()))
    found = many[np.abs(curve.confidence[many] - _SPOKEN_OF).argmin()]
    return percent(float(curve.confidence[found])), round(100 * float(curve.accuracy[found]))


def _fine(share: float) -> str:
    return f"{100 * share:.1f} %"
