"""An answer of a network in words, the surer the plainer."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.base.arrays import FloatArray
from gui.session.words import percent, with_article

_SURE, _LIKELY = 0.9, 0.5  # probability of the best answer from which we speak so


@dataclass(frozen=True, slots=True)
class Answer:
    """The network's reading in words, in three parts so that the middle can be large.

    Attributes:
        lead: "It is a", "Probably a", "Perhaps a"; "" without a reading.
        names: "7", or "7 or 1" when it is unsure.
        note: "97 % sure", "48 % and 47 %"; without a reading, what is missing.
    """

    lead: str
    names: str
    note: str


def spell(probabilities: FloatArray, names: Sequence[str]) -> Answer:
    """Put an answer (K,) into words, the surer the plainer."""
    first, second = np.argsort(-probabilities, kind="stable")[:2]
    sure, other = float(probabilities[first]), float(probabilities[second])
    article = with_article(names[first]).split()[0]
    if sure < _LIKELY:
        note = f"{percent(sure)} and {percent(other)}"
        return Answer(f"Perhaps {article}", f"{names[first]} or {names[second]}", note)
    return Answer(
        f"It is {article}" if sure >= _SURE else f"Probably {article}",
        names[first],
        f"{percent(sure)} sure",
    )


def sentence(probabilities: FloatArray, names: Sequence[str]) -> str:
    """Put an answer (K,) into one line: "It is a 7", "Perhaps a 7 or a 1"."""
    first, second = np.argsort(-probabilities, kind="stable")[:2]
    words = spell(probabilities, names)
    if probabilities[first] < _LIKELY:
        return f"Perhaps {with_article(names[first])} or {with_article(names[second])}"
    return f"{words.lead} {words.names}"
