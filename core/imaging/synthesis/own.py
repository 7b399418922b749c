"""The user's own handwriting: a hand, and own ways to write digits beside the built-in ones."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import TypeAlias

import numpy as np

from core.base.arrays import FloatArray
from core.base.errors import ConfigError
from core.base.fields import check_limits, choice, integer
from core.imaging.synthesis.fitting import MOST_STROKES, fit_strokes
from core.imaging.synthesis.generator import Handwriting
from core.imaging.synthesis.hand import DEFAULT_HAND, Hand
from core.imaging.synthesis.templates import (
    CONTROL_POINTS,
    Templates,
    _places,
    _template,
    breadth,
    load_templates,
)

Point: TypeAlias = tuple[float, float]  # column, row on the templates' grid, 0..9 for a digit
Line: TypeAlias = tuple[Point, ...]

MOST_TEMPLATES = 500
LOWEST, HIGHEST = -3.0, 12.0  # of a point's column and row
_GRID_MIDDLE, _HALF_EXTENT = 4.5, (5.5, 4.5)
_SHORTEST = 0.4  # grid units; a shorter stroke leaves no ink between two pen positions
_OWN_SHARE = 0.5  # of a digit's images are written in the user's own ways, if there are any


@dataclass(frozen=True, slots=True)
class OwnTemplate:
    """One way in which the user writes a digit.

    Attributes:
        digit: 0 to 9.
        strokes: 1 to 6 lines of at least 2 points, at most 16 points in all; a smooth
            curve goes through the points of each. Hundredths count; what is finer no pen
            follows and no file keeps, so it is rounded off.
    """

    digit: int
    strokes: tuple[Line, ...]

    def __post_init__(self) -> None:
        """Raise ConfigError if this cannot be written."""
        if not 0 <= self.digit <= 9:
            raise ConfigError("digit", f"{self.digit} is no digit from 0 to 9.")
        if not 1 <= len(self.strokes) <= MOST_STROKES:
            raise ConfigError("strokes", f"A template has 1 to {MOST_STROKES} strokes.")
        if sum(map(len, self.strokes)) > CONTROL_POINTS:
            raise ConfigError("strokes", f"A template has at most {CONTROL_POINTS} points.")
        object.__setattr__(self, "strokes", tuple(map(_rounded, self.strokes)))
        for line in self.strokes:
            _check_line(line)


@dataclass(frozen=True, slots=True)
class Style:
    """All that a handwriting file holds.

    Attributes:
        hand: its habits.
        templates: the user's own ways to write digits.
        ways: which are used: "both", "own" or "builtin". With "own", a digit that has no
            own way is written in the built-in ones all the same.
        count, seed: what a data set of this handwriting consists of.
    """

    hand: Hand = DEFAULT_HAND
    templates: tuple[OwnTemplate, ...] = ()
    ways: str = choice(
        "Ways to write",
        default="both",
        choices=(("both", "Mine and the built-in"), ("own", "Mine only"), ("builtin", "Built-in")),
        help="Whose ways to write the digits are used. A digit without a way of yours is"
        " written in the built-in ones.",
    )
    count: int = integer(
        "Images",
        default=60_000,
        low=1_000,
        high=1_000_000,
        step=1_000,
        help="How many digits to train on; a sixth as many again are made to validate with.",
    )
    seed: int = integer(
        "Seed",
        default=1,
        low=0,
        high=2**31 - 1,
        help="Another seed gives other digits of the same handwriting.",
    )

    def __post_init__(self) -> None:
        """Raise ConfigError if a number is outside its limits."""
        check_limits(self)
        if len(self.templates) > MOST_TEMPLATES:
            raise ConfigError(
                "templates",
                f"These are {len(self.templates)} templates; {MOST_TEMPLATES} are the most.",
                "Delete some that you do not need.",
            )

    def own(self, digit: int) -> tuple[OwnTemplate, ...]:
        """Return the user's own ways to write a digit."""
        return tuple(each for each in self.templates if each.digit == digit)


DEFAULT_STYLE = Style()


def drawn_template(digit: int, strokes: Sequence[FloatArray]) -> OwnTemplate:
    """Make a template of a digit drawn by hand: see `core.imaging.synthesis.fitting.fit_strokes`.

    Raises:
        ShapeError: nothing that could be a digit is drawn.
    """
    lines = []
    for points in fit_strokes(strokes):
        places = np.clip(points * _HALF_EXTENT + _GRID_MIDDLE, LOWEST, HIGHEST)
        lines.append(tuple((float(x), float(y)) for x, y in places))
    return OwnTemplate(digit, tuple(lines))


def handwriting_of(style: Style) -> Handwriting:
    """Return what the generator needs to write in this style."""
    own = () if style.ways == "builtin" else style.templates
    return Handwriting(style.hand, own_templates(own, builtin=style.ways == "both"))


@lru_cache(maxsize=8)
def own_templates(own: tuple[OwnTemplate, ...], *, builtin: bool = True) -> Templates:
    """Return the user's ways to write, and the built-in ones where they are to be used.

    The own ways of a digit, together, are as common as its built-in ones; of each digit
    they come first, in their order.
    """
    shipped = load_templates()
    if not own:
        return shipped
    ordered = sorted(own, key=lambda each: each.digit)
    mine = _compiled(ordered)
    digits = np.array([each.digit for each in ordered])
    shipped_digits = np.repeat(np.arange(10), np.diff(shipped.bounds))
    kept = np.ones(len(shipped_digits), bool) if builtin else ~np.isin(shipped_digits, digits)
    rows = np.argsort(np.concatenate([digits, shipped_digits[kept]]), kind="stable")
    weights = np.concatenate([_shared(digits), _weights(shipped)[kept]])[rows]
    every = np.concatenate([digits, shipped_digits[kept]])[rows]
    joined = {
        name: np.concatenate([value, getattr(shipped, name)[kept]])[rows]
        for name, value in mine.items()
    }
    return replace(
        shipped,
        bounds=np.searchsorted(every, range(11)),
        places=_places(every.tolist(), weights.tolist()),
        **joined,
    )


def _rounded(line: Line) -> Line:
    return tuple((round(float(x), 2) + 0.0, round(float(y), 2) + 0.0) for x, y in line)


def _check_line(line: Line) -> None:
    if len(line) < 2:
        raise ConfigError("strokes", "A stroke has at least 2 points.")
    if not all(LOWEST <= value <= HIGHEST for point in line for value in point):
        raise ConfigError("strokes", f"Points lie between {LOWEST:g} and {HIGHEST:g}.")
    length = sum(math.dist(one, other) for one, other in zip(line, line[1:], strict=False))
    if length < _SHORTEST:
        raise ConfigError("strokes", f"A stroke is at least {_SHORTEST:g} grid units long.")


def _weights(templates: Templates) -> FloatArray:
    """Return how common each template (T,) is among those of its digit: 1 in all."""
    first = np.repeat(np.arange(10.0), np.diff(templates.bounds))
    weights: FloatArray = np.diff(templates.places, prepend=0.0)
    starts = templates.bounds[:-1]
    weights[starts] = templates.places[starts] - first[starts]
    return weights


def _shared(digits: FloatArray) -> FloatArray:
    """Return the weight (n,) of each own template, beside 1 for all built-in ones."""
    together = _OWN_SHARE / (1 - _OWN_SHARE)
    weights: FloatArray = together / np.bincount(digits, minlength=10)[digits]
    return weights


def _compiled(own: Sequence[OwnTemplate]) -> dict[str, FloatArray]:
    """Return the fields of `Templates` for these ways, but for those that say whose they are."""
    made = [_template([np.array(line) for line in each.strokes]) for each in own]
    points, curves, down, rounding = (
        np.stack(part).astype(np.float32) for part in zip(*made, strict=True)
    )
    x, y = np.moveaxis(curves @ points, 2, 0)
    steps = down * np.hypot(np.diff(x), np.diff(y))
    found = {
        "points": points,
        "curves": curves,
        "down": down,
        "rounding": rounding,
        "length": steps.sum(axis=1, keepdims=True),
        "breadth": breadth(x, y),
    }
    assert {*found, "bounds", "places"} == {item.name for item in fields(Templates)}
    return found
