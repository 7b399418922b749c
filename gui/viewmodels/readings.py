"""How one image was read, in words. Plain values in, text out."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.arrays import ByteArray, FloatArray
from gui.viewmodels.words import percent, with_article

_RUNNER_UP = 0.05  # a second answer less probable than this is not worth a word


@dataclass(frozen=True, slots=True, eq=False)
class Detail:
    """One image, large.

    Attributes:
        image: (H, W) uint8.
        title: "Image 4,211".
        text: "A 7, read as a 1".
        mark: "right" or "wrong"; None without an answer.
        probabilities: (K,), or None without an answer.
    """

    image: ByteArray
    title: str
    text: str
    mark: str | None
    probabilities: FloatArray | None


def caption(label: int, probabilities: FloatArray | None, names: Sequence[str]) -> str:
    """Return "7", or "7 → 1" for a 7 that was read as 1."""
    if probabilities is None or probabilities.argmax() == label:
        return names[label]
    return f"{names[label]} → {names[int(probabilities.argmax())]}"


def mark(label: int, probabilities: FloatArray | None) -> str | None:
    """Return "right" or "wrong", or None without an answer."""
    if probabilities is None:
        return None
    return "right" if probabilities.argmax() == label else "wrong"


def verdict(label: int, probabilities: FloatArray | None, names: Sequence[str]) -> str:
    """Return "A 7, read as a 1" and the like."""
    truth = with_article(names[label])
    truth = truth[0].upper() + truth[1:]
    if probabilities is None:
        return truth
    answer = int(probabilities.argmax())
    return (
        f"{truth}, read right"
        if answer == label
        else (f"{truth}, read as {with_article(names[answer])}")
    )


def sentence(index: int, label: int, probabilities: FloatArray | None, names: Sequence[str]) -> str:
    """Return "Image 4,211: a 7, read as 1 (83 %), then 7 (12 %)"; `index` counts from 0."""
    text = f"Image {index + 1:,}: {with_article(names[label])}"
    if probabilities is None:
        return text
    first, second = np.argsort(-probabilities, kind="stable")[:2]
    text += f", read as {names[first]} ({percent(probabilities[first])})"
    if probabilities[second] >= _RUNNER_UP:
        text += f", then {names[second]} ({percent(probabilities[second])})"
    return text
