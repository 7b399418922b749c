"""Dataclass fields that describe, check and edit themselves.

A setting is declared once, as a field of a frozen dataclass; from that one line come
its limits, the form field in the window, its help text, the command-line key and the
line in a recipe file.
"""

import types
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from typing import Any, Union, get_args, get_origin, get_type_hints

from core.base.errors import ConfigError, quoted
from core.base.registry import suggestion


@dataclass(frozen=True, slots=True)
class Limits:
    """What a field accepts and how it is shown. Both ends are allowed.

    Attributes:
        label: the words beside the field.
        low, high: numbers only; the closed interval of what is accepted.
        unit: shown after the number, with its leading space (" images").
        help: one or two sentences for the tooltip.
        choices: for a choice among names, the names and their labels.
        step: numbers only; what one press of an arrow key changes (0: chosen by size).
        log: numbers only; the field spans powers of ten, so arrow keys multiply.
    """

    label: str
    low: float = 0.0
    high: float = 0.0
    unit: str = ""
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    step: float = 0.0
    log: bool = False


def integer(
    label: str, *, default: int, low: int, high: int, unit: str = "", help: str = "", step: int = 1
) -> Any:
    """Declare a whole-number field with its limits."""
    limits = Limits(label, low, high, unit, help, step=step)
    return field(default=default, metadata={"limits": limits})


def real(
    label: str,
    *,
    default: float,
    low: float,
    high: float,
    unit: str = "",
    help: str = "",
    step: float = 0.0,
    log: bool = False,
) -> Any:
    """Declare a real-number field with its limits."""
    limits = Limits(label, low, high, unit, help, step=step, log=log)
    return field(default=default, metadata={"limits": limits})


def choice(
    label: str, *, default: str, choices: tuple[tuple[str, str], ...], help: str = ""
) -> Any:
    """Declare a field that holds one of a few names; `choices` pairs names with labels."""
    limits = Limits(label, help=help, choices=choices)
    return field(default=default, metadata={"limits": limits})


def text(*, default: str = "", longest: int) -> Any:
    """Declare a field of free text; it is in no form. `longest` is its most characters."""
    return field(default=default, metadata={"longest": longest})


def limits_of(config: Any, name: str) -> Limits | None:
    """Return the declared limits of field `name` of a config class or instance."""
    found: Limits | None = config.__dataclass_fields__[name].metadata.get("limits")
    return found


def check_limits(config: Any) -> None:
    """Check every field of `config` that declares limits against them.

    Raises:
        ConfigError: naming the first field that is out of range (NaN included),
            of the wrong type, or not one of its choices.
    """
    for item in fields(config):
        value = getattr(config, item.name)
        if "longest" in item.metadata:
            check_text(item.name, value, item.metadata["longest"])
        if "limits" in item.metadata:
            _check_one(item.name, value, item.default, item.metadata["limits"])


def check_text(name: str, value: Any, longest: int) -> None:
    """Raise ConfigError if a value is no text, or longer than it may be."""
    if not isinstance(value, str):
        raise ConfigError(name, f"{name} should be text, not {quoted(value)}.")
    if len(value) > longest:
        raise ConfigError(
            name,
            f"{name} is {len(value):,} characters long; {longest:,} are the most.",
            "Shorten it.",
        )


def _check_one(name: str, value: Any, default: Any, limits: Limits) -> None:
    hint = f"Reset it to {default}." if default is not MISSING else ""
    if limits.choices:
        names = [key for key, _ in limits.choices]
        if value not in names:
            raise ConfigError(
                name, f"{limits.label}: there is no {quoted(value)}.", suggestion(str(value), names)
            )
        return
    whole = isinstance(default, int)
    if isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
        kind = "a whole number" if whole else "a number"
        raise ConfigError(name, f"{limits.label}: {quoted(value)} is not {kind}.", hint)
    if not limits.low <= value <= limits.high:  # also refuses NaN
        raise ConfigError(
            name,
            f"{limits.label}: {quoted(value, '{:,}'.format)} is outside"
            f" {limits.low:,} to {limits.high:,}{limits.unit}.",
            hint,
        )


def to_plain(config: Any) -> Any:
    """Turn a config value into dicts, lists and scalars (for TOML and JSON)."""
    if is_dataclass(config):
        return {item.name: to_plain(getattr(config, item.name)) for item in fields(config)}
    if isinstance(config, tuple):
        return [to_plain(item) for item in config]
    return config


def from_plain(kind: Any, plain: Any, where: str = "") -> Any:
    """Build a config of class `kind` from what `to_plain` returned.

    Missing keys take their defaults.

    Raises:
        ConfigError: an unknown key, a value of the wrong type or outside its limits.
    """
    if not isinstance(plain, dict):
        raise ConfigError(where, f"{where or 'The recipe'} should be a table, not {quoted(plain)}.")
    hints = get_type_hints(kind)
    known = [item.name for item in fields(kind)]
    for key in plain:
        if key not in known:
            raise ConfigError(key, f"There is no setting {quoted(key)}.", suggestion(key, known))
    values = {key: _convert(hints[key], value, key) for key, value in plain.items()}
    return kind(**values)


def _convert(hint: Any, value: Any, where: str) -> Any:
    origin = get_origin(hint)
    if origin is tuple:
        if not isinstance(value, (list, tuple)):
            raise ConfigError(where, f"{where} should be a list, not {quoted(value)}.")
        return tuple(_convert(get_args(hint)[0], item, where) for item in value)
    if origin in (Union, types.UnionType):
        return value
    if is_dataclass(hint):
        return value if isinstance(value, hint) else from_plain(hint, value, where)  # type: ignore[arg-type]
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:
            raise ConfigError(where, f"{where}: a number of so many digits is too large.") from None
    if hint is str and not isinstance(value, str):
        raise ConfigError(where, f"{where} should be text, not {quoted(value)}.")
    return value
