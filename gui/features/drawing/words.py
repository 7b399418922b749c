"""What is said of the drawing at hand: the answer, or what is missing, or why there is a doubt."""

from core.certainty.novelty import SEEN_SHARE
from gui.session.answer_words import Answer, sentence, spell
from gui.session.drawing_at_hand import DrawingAtHand
from gui.session.words import percent

_NO_NETWORK = "Train a network first: then it reads what you draw."
_NO_INK = "Draw a digit, and the network reads it at once."


def answer(drawing: DrawingAtHand) -> Answer:
    """Return what the network reads, or what is missing."""
    if drawing.probabilities is None:
        return Answer("", "", _NO_INK if drawing.readable else _NO_NETWORK)
    if drawing.strange:
        return Answer("", _doubt(drawing), f"Closest: {_closest(drawing)}")
    return spell(drawing.probabilities, drawing.class_names)


def answer_text(drawing: DrawingAtHand) -> str:
    """Return the answer as one line: "It is a 7", "Perhaps a 7 or a 1"."""
    if drawing.probabilities is None:
        return answer(drawing).note
    if drawing.strange:
        return f"{_doubt(drawing)} (closest: {_closest(drawing)})"
    return sentence(drawing.probabilities, drawing.class_names)


def doubt_text(drawing: DrawingAtHand) -> str:
    """Return why there is no confident answer, in two sentences; "" where there is one."""
    if not drawing.strange:
        return ""
    return (
        f"Strangeness {drawing.strangeness:.1f}; of the images that were kept aside from"
        f" training, {percent(SEEN_SHARE)} stay below 1.\nIt is measured by what the"
        " network’s neurons make of the drawing, between such images and made-up scribbles."
    )


def _doubt(drawing: DrawingAtHand) -> str:
    digits = all(name.isdecimal() for name in drawing.class_names)
    return f"Does not look like any{' digit' if digits else 'thing'} I know"


def _closest(drawing: DrawingAtHand) -> str:
    assert drawing.probabilities is not None
    return drawing.class_names[int(drawing.probabilities.argmax())]
