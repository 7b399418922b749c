"""The drawing at hand, what the user says it is, and whether the network may learn it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.base.arrays import ByteArray, FloatArray
from core.base.digits import DIGITS
from core.data.drawings.drawings import OwnDrawing, new_drawing
from gui.session.viewmodel import ViewModel
from gui.session.words import with_article

_NO_NETWORK = "Train a network first: then it can learn from this."


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    strokes: tuple[NDArray[np.float32], ...]
    pen_radius: float
    image: ByteArray
    probabilities: FloatArray | None

    def same_ink(self, other: "_Drawn | None") -> bool:
        return other is not None and np.array_equal(self.image, other.image)


class TeachingModel(ViewModel):
    """What the row of classes under a drawing shows.

    Attributes:
        class_names: K names, one for each button.
        kept: the drawing as it was kept, or None.
        share: how far a lesson has come, 0..1, or None.
        refusal: why the network cannot learn now, a sentence; "" if it can.
    """

    def __init__(self) -> None:
        super().__init__()
        self.class_names: tuple[str, ...] = DIGITS
        self.kept: OwnDrawing | None = None
        self.share: float | None = None
        self.refusal = _NO_NETWORK
        self._drawn: _Drawn | None = None

    def set_drawing(
        self,
        strokes: Sequence[NDArray[np.float32]],
        pen_radius: float,
        image: ByteArray,
        probabilities: FloatArray | None,
    ) -> None:
        """Take what is drawn now; other weights alone do not make it another drawing."""
        empty = not image.any()
        drawn = None if empty else _Drawn(tuple(strokes), pen_radius, image.copy(), probabilities)
        if drawn is None or not drawn.same_ink(self._drawn):
            self.kept = None
        self._drawn = drawn
        self.changed.emit()

    def set_class_names(self, names: Sequence[str]) -> None:
        """Offer these classes."""
        if names and tuple(names) != self.class_names:
            self.class_names = tuple(names)
            self.changed.emit()

    def set_refusal(self, refusal: str) -> None:
        """Say why the network cannot learn now; "" if it can."""
        if refusal != self.refusal:
            self.refusal = refusal
            self.changed.emit()

    def set_share(self, share: float | None) -> None:
        """Say how far a lesson has come."""
        self.share = share
        self.changed.emit()

    def label(self, label: int) -> OwnDrawing | None:
        """Return the drawing at hand as one of this class, to be kept; None without one."""
        drawn = self._drawn
        if drawn is None:
            return None
        answer, confidence = "", 0.0
        if drawn.probabilities is not None:
            best = int(drawn.probabilities.argmax())
            answer, confidence = self.class_names[best], float(drawn.probabilities[best])
        return new_drawing(
            drawn.strokes,
            drawn.pen_radius,
            label,
            self.class_names[label],
            image=None if drawn.strokes else drawn.image,
            answer=answer,
            confidence=confidence,
        )

    def set_kept(self, kept: OwnDrawing | None) -> None:
        """Say that the drawing at hand was kept, or no longer is."""
        self.kept = kept
        self.changed.emit()

    @property
    def has_drawing(self) -> bool:
        """True if there is something to name."""
        return self._drawn is not None

    @property
    def chosen(self) -> int | None:
        """The class the drawing was kept as."""
        if self.kept is None or self.kept.name not in self.class_names:
            return None
        return self.class_names.index(self.kept.name)

    @property
    def can_learn(self) -> bool:
        """True if a lesson on the drawing at hand makes sense now."""
        return self.kept is not None and not self.refusal and self.share is None

    @property
    def text(self) -> str:
        """What to do, or what was done."""
        if self.share is not None:
            return f"Learning… {self.share:.0%}".replace("%", " %")
        if self.kept is not None:
            return f"Kept as {with_article(self.kept.name)}"
        if self.has_drawing:
            return "Read wrongly? Click what it is."
        return "Draw, then say here what it is."

    @property
    def learn_tip(self) -> str:
        """What "Learn from this" does, or why it does not."""
        return self.refusal or (
            "Take a few steps on a copy of the network, with this drawing among training"
            " digits, and see what it costs before you keep it"
        )
