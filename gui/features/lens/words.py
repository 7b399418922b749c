"""What a map of answers says, in sentences."""

from collections.abc import Sequence

from core.base.arrays import FloatArray
from core.imaging.lens.lens import LensStages
from core.imaging.lens.lens_map import BEFORE, AnswerMap, Axis, Span
from gui.session.answer_words import sentence
from gui.session.words import number, percent, with_article

KINDS = (
    ("shift", "Shift", "How the answer changes when the digit does not lie in the middle"),
    (
        "turn",
        "Size and turn",
        "How the answer changes when the digit is turned, or of another size",
    ),
    ("pen", "Pen and turn", "How the answer changes with the width of the pen"),
)
PLACES = (
    (
        "after",
        "picture, after the steps",
        "The network gets the picture shifted, turned or resized: nothing puts it right again.",
    ),
    (
        "before",
        "drawing, before the steps",
        "As if you had drawn it elsewhere, larger or turned: the steps above then put right"
        " what they can.",
    ),
)
_TITLES = {
    "right": "Shift to the right (pixels)",
    "down": "Shift down (pixels)",
    "turn": "Turn (degrees, clockwise)",
    "size": "Size (times its own)",
    "pen": "Pen (times as wide)",
}
_ANY = {
    "right": "any shift to left or right",
    "down": "any shift up or down",
    "turn": "any turn",
    "size": "any size",
    "pen": "any pen",
}
_SIDES = {"right": ("left", "right"), "down": ("up", "down")}


def axis_title(axis: Axis) -> str:
    """Say what is changed along an axis."""
    return _TITLES[axis.key]


def tick(axis: Axis, value: float) -> str:
    """Spell a value on an axis."""
    return number(value, {"size": 2, "pen": 1}.get(axis.key, 0))


def summary(found: AnswerMap, names: Sequence[str], stages: LensStages, where: str) -> str:
    """Say how far the present answer holds: "It stays a 7 for turns from -25° to 31° …"."""
    answer = names[int(found.answers[found.present])]
    across, down = (_span(span) for span in found.spans)
    text = f"It stays {with_article(answer)} for {across}, and for {down}."
    if where == BEFORE and found.across.key == "right" and stages.box:
        return f"{text} The box undoes every shift."
    if where == BEFORE and found.down.key == "size" and stages.scale:
        return f"{text} The step “Size” undoes every size."
    return text


def cell_words(found: AnswerMap, cell: tuple[int, int]) -> str:
    """Say what was done in one cell: "3 pixels left, 2 pixels up", "as it is"."""
    parts = [
        _change(axis, axis.values[index])
        for axis, index in ((found.across, cell[1]), (found.down, cell[0]))
        if index != axis.present
    ]
    text = ", ".join(parts) or "as it is"
    return text[0].upper() + text[1:]


def cell_answer(probabilities: FloatArray, names: Sequence[str]) -> str:
    """Say what a cell is read as: "It is a 7, 97 %"."""
    return f"{sentence(probabilities, names)}, {percent(float(probabilities.max()))}"


def _change(axis: Axis, value: float) -> str:
    if axis.key in _SIDES:
        noun = "pixel" if abs(value) == 1 else "pixels"
        return f"{abs(value):.0f} {noun} {_SIDES[axis.key][value > 0]}"
    if axis.key == "turn":
        return f"turned by {number(value, 0)}°"
    return f"{value:.2f} times as large" if axis.key == "size" else f"pen {value:.1f} times as wide"


def _span(span: Span) -> str:
    key = span.axis.key
    if span.open_low and span.open_high:
        return f"{_ANY[key]} shown here"
    if key in _SIDES:
        if span.low == span.high:
            return f"no shift {_SIDES[key][0]} or {_SIDES[key][1]}"
        return f"shifts from {_pixels(key, span.low)} to {_pixels(key, span.high)}"
    if key == "turn":
        return f"turns from {number(span.low, 0)}° to {number(span.high, 0)}°"
    if key == "size":
        return f"sizes from {span.low:.2f} to {span.high:.2f} of its own"
    return f"pens from {span.low:.1f} to {span.high:.1f} times as wide"


def _pixels(key: str, value: float) -> str:
    side = _SIDES[key][value > 0]
    return f"{abs(value):.0f} {side}" if value else "0"
