"""Numbers as people type them: reading, writing and stepping. No widgets."""

import math
import re
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from core.base.fields import Limits

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_UNFINISHED = re.compile(r"[+-]?(\d*\.?\d*)(e[+-]?)?", re.IGNORECASE)
_GROUPED = re.compile(r"[+-]?\d{1,3}(,\d{3})+")
_LADDER = (Decimal(1), Decimal(2), Decimal(5))  # how log fields climb: 1, 2, 5, 10, 20, ...
_SHOWN_CHARACTERS = 24  # of what was typed, in a sentence about it


def is_whole(default: object) -> bool:
    """Tell whether a field with this default takes whole numbers, as `check_limits` does."""
    return isinstance(default, int)


def number_text(value: float) -> str:
    """Write a number as briefly as it can be: 0.001, 1e-05, 128."""
    return str(value) if isinstance(value, int) else f"{value:.6g}"


def range_text(limits: Limits) -> str:
    """Write what is allowed: "1 to 4,096 images"."""
    return f"{_grouped(limits.low)} to {_grouped(limits.high)}{limits.unit}"


def read_number(text: str, limits: Limits, *, whole: bool) -> float:
    """Read what was typed: thousands commas, a decimal comma and the unit are understood.

    Raises:
        ValueError: with a sentence that says what is wrong and what is allowed.
    """
    kind = "a whole number" if whole else "a number"
    plain = _plain(text, limits, whole=whole)
    value = float(plain) if _NUMBER.fullmatch(plain) else math.nan
    if math.isnan(value) or (whole and math.isfinite(value) and not value.is_integer()):
        shown = (
            f"“{_shortened(text)}” is not {kind}" if plain else f"{kind.capitalize()} is missing"
        )
        raise ValueError(f"{shown}: use {range_text(limits)}.")
    if not limits.low <= value <= limits.high:
        size = "small" if value < limits.low else "large"
        raise ValueError(f"{_shortened(text)} is too {size}: use {range_text(limits)}.")
    return int(value) if whole else value


def is_unfinished(text: str, limits: Limits, *, whole: bool) -> bool:
    """Tell whether more typing may yet make a number of `text`, as with "0.0" or "1e-"."""
    plain = _plain(text, limits, whole=whole)
    if _NUMBER.fullmatch(plain):
        return 0 <= float(plain) < limits.low
    return _UNFINISHED.fullmatch(plain) is not None


def stepped(value: float, steps: int, limits: Limits, *, whole: bool) -> float:
    """Return the number `steps` steps above `value` (below, if negative), within limits.

    Log fields climb 1, 2, 5, 10, 20, 50, ...; others go to the next multiple of their step.
    """
    number = Decimal(repr(value))
    step = Decimal(repr(limits.step)) if limits.step else _step_for(number, limits)
    for _ in range(abs(steps)):
        number = _rung(number, steps) if limits.log else _multiple(number, steps, step)
    bounded = min(max(float(number), limits.low), limits.high)
    return int(bounded) if whole else bounded


def _plain(text: str, limits: Limits, *, whole: bool) -> str:
    plain = text.strip().replace("\N{MINUS SIGN}", "-").replace("\N{NO-BREAK SPACE}", " ")
    plain = plain.removesuffix(limits.unit.strip()).strip() if limits.unit else plain
    if whole:
        return plain.replace(",", "") if _GROUPED.fullmatch(plain) else plain
    return plain.replace(",", ".") if plain.count(",") == 1 else plain


def _shortened(text: str) -> str:
    text = text.strip()
    return text if len(text) <= _SHOWN_CHARACTERS else text[: _SHOWN_CHARACTERS - 1] + "…"


def _grouped(value: float) -> str:
    return f"{int(value):,}" if float(value).is_integer() else number_text(value)


def _step_for(number: Decimal, limits: Limits) -> Decimal:
    """Return a step that moves the number's second digit."""
    size = abs(number) or Decimal(repr(limits.high - limits.low))
    return Decimal(10) ** (size.adjusted() - 1)


def _multiple(number: Decimal, direction: int, step: Decimal) -> Decimal:
    """Return the next multiple of `step`, so that a number off the grid comes back to it."""
    if direction > 0:
        return ((number / step).to_integral_value(ROUND_FLOOR) + 1) * step
    return ((number / step).to_integral_value(ROUND_CEILING) - 1) * step


def _rung(number: Decimal, direction: int) -> Decimal:
    """Return the next of ... 0.1, 0.2, 0.5, 1, 2, 5, 10, ... in `direction`."""
    if number <= 0:
        return number
    power = Decimal(10) ** number.adjusted()
    rungs = [rung * power for rung in (Decimal("0.5"), *_LADDER, Decimal(10))]
    if direction > 0:
        return next(rung for rung in rungs if rung > number)
    return next(rung for rung in reversed(rungs) if rung < number)
