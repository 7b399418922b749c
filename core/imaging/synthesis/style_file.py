"""Handwriting files: a `Style` as a small text file (TOML) that people can read and edit."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import platformdirs
import tomli_w

from core.base.atomic_write import write_bytes_whole
from core.base.errors import ConfigError, DatasetError, reason
from core.base.fields import from_plain, to_plain
from core.base.regular_file import read_regular
from core.base.toml_file import read_table
from core.imaging.synthesis.hand import Hand
from core.imaging.synthesis.own import MOST_TEMPLATES, Line, OwnTemplate, Style

FIRST_LINE = "# Inkling handwriting"
ENDING = ".toml"
_VERSION = 1
_VERSION_KEY = "handwriting"
_LOOK_BYTES = 4096
_ABOUT = """\
# Made by Inkling. [hand] holds the habits; each [[templates]] is one way to write a digit:
# its strokes as points “column row” on a grid of 0 to 9, the row counted from the top.

"""
_MARK = re.compile(rf"^[ \t]*{_VERSION_KEY}[ \t]*=[ \t]*\d", re.MULTILINE)
_PLACE = re.compile(r"\s*(-?\d{1,2}(?:\.\d{1,9})?)\s+(-?\d{1,2}(?:\.\d{1,9})?)\s*", re.ASCII)


def default_path(folder: Path | None = None) -> Path:
    """Return where the user's own handwriting is kept."""
    where = folder or platformdirs.user_data_path("Inkling", appauthor=False)
    return where / f"handwriting{ENDING}"


def is_style_file(path: Path) -> bool:
    """Tell whether a file is of this kind, damaged or not. Never raises."""
    try:
        text = read_regular(path, _LOOK_BYTES).decode("utf-8-sig", "replace")
    except (OSError, ValueError):
        return False
    return text.startswith(FIRST_LINE) or ("\0" not in text and _MARK.search(text) is not None)


def write_style(path: Path, style: Style) -> None:
    """Write a handwriting file, whole or not at all.

    Raises:
        SaveError: it could not be written; what was there before is untouched.
    """
    write_bytes_whole(path, style_text(style).encode(), keep_copy=False)


def style_text(style: Style) -> str:
    """Return the text of a handwriting file."""
    plain = {
        _VERSION_KEY: _VERSION,
        "ways": style.ways,
        "count": style.count,
        "seed": style.seed,
        "hand": to_plain(style.hand),
        "templates": [
            {"digit": each.digit, "strokes": [_line_text(line) for line in each.strokes]}
            for each in style.templates
        ],
    }
    return f"{FIRST_LINE}\n{_ABOUT}{tomli_w.dumps(plain)}"


def read_style(path: Path) -> Style:
    """Read a handwriting file.

    Raises:
        DatasetError: it is missing, damaged, or holds what no handwriting can be.
    """
    try:
        return _style_of(read_table(path))
    except OSError as error:
        raise _refused(path, f"could not be read: {reason(error)}") from error
    except ConfigError as error:
        raise _refused(path, f"holds what it cannot: {error.message}") from error
    except ValueError as error:
        raise _refused(path, str(error)) from error


def _refused(path: Path, what: str) -> DatasetError:
    what = what.rstrip(".")
    return DatasetError(
        path,
        f"The handwriting file “{path.name}” {what}.",
        "Mend it in a text editor, or use another one.",
    )


def _style_of(plain: dict[str, Any]) -> Style:
    version = plain.pop(_VERSION_KEY, None)
    if version != _VERSION or isinstance(version, bool):
        raise ConfigError(
            _VERSION_KEY,
            "it has no version that this program knows"
            if version is None
            else f"its version is {version!r}, and this program knows {_VERSION}",
        )
    templates = _listed(plain.pop("templates", []), "templates", MOST_TEMPLATES)
    hand = from_plain(Hand, plain.pop("hand", {}), "hand")
    style: Style = from_plain(Style, plain)
    return replace(style, hand=hand, templates=tuple(map(_template, templates)))


def _template(plain: Any) -> OwnTemplate:
    if not isinstance(plain, dict) or set(plain) != {"digit", "strokes"}:
        raise ConfigError("templates", "a template has a digit and strokes, and no more")
    digit = plain["digit"]
    if not isinstance(digit, int) or isinstance(digit, bool):
        raise ConfigError("digit", f"{digit!r:.40} is no digit from 0 to 9")
    strokes = _listed(plain["strokes"], "strokes", 16)
    return OwnTemplate(digit, tuple(map(_line, strokes)))


def _listed(plain: Any, name: str, most: int) -> Sequence[Any]:
    if not isinstance(plain, list) or len(plain) > most:
        raise ConfigError(name, f"{name} should be a list of at most {most}")
    return plain


def _line(plain: Any) -> Line:
    found = [_PLACE.fullmatch(part) for part in plain.split(",")] if isinstance(plain, str) else []
    if not found or not all(found):
        raise ConfigError("strokes", f"{plain!r:.40} is no row of points such as “5 0, 4.5 9”")
    return tuple((float(each[1]), float(each[2])) for each in found if each is not None)


def _line_text(line: Line) -> str:
    return ", ".join(f"{_short(x)} {_short(y)}" for x, y in line)


def _short(value: float) -> str:
    """Write a number of at most two decimals: `OwnTemplate` has no finer ones."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
