"""How well each training's network read the user's own hand: a line for each training."""

import json
import math
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from core.base.errors import SaveError, reason

_MOST_BYTES = 1 << 20  # read from the end; some five thousand lines
_LONGEST_TEXT = 200  # characters
_MOST_DRAWINGS = 1 << 31
_LATEST = 253_402_300_799  # the end of the year 9999: no date is later


@dataclass(frozen=True, slots=True)
class Score:
    """One training's scores.

    Attributes:
        time: seconds since 1970, UTC.
        recipe: its label.
        data: name of the images it was trained on.
        own: accuracy on the user's own drawings, 0..1; NaN without any.
        count: how many of these there were.
        held_out: accuracy on images that it was not trained on, 0..1 or NaN.
        held_out_name: "Validation", "Test" or "".
    """

    time: float
    recipe: str
    data: str
    own: float
    count: int
    held_out: float
    held_out_name: str


def add_score(path: Path, score: Score) -> None:
    """Append a line, and flush it to the disk. Raises SaveError."""
    plain = {key: _plain(value) for key, value in asdict(score).items()}
    line = (json.dumps(plain, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab+") as stream:
            if stream.tell() and not _ends_whole(stream):
                line = b"\n" + line  # a program was killed amid the last one
            stream.write(line)
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise SaveError(
            path, f"“{path.name}” could not be written in {path.parent}: {reason(error)}."
        ) from error


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value[:_LONGEST_TEXT]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _ends_whole(stream: Any) -> bool:
    stream.seek(-1, os.SEEK_END)
    return bool(stream.read(1) == b"\n")


def read_scores(path: Path) -> list[Score]:
    """Return the scores on record, the oldest first; lines that make no sense are left out."""
    try:
        with path.open("rb") as stream:
            stream.seek(max(0, path.stat().st_size - _MOST_BYTES))
            lines = stream.read(_MOST_BYTES).splitlines()
    except OSError:
        return []
    found = [_score(line) for line in lines]
    return [score for score in found if score is not None]


def _score(line: bytes) -> Score | None:
    try:
        plain = json.loads(line)
        values = {item.name: plain[item.name] for item in fields(Score)}
        for name in ("own", "held_out"):
            share = math.nan if values[name] is None else float(values[name])
            if not (math.isnan(share) or 0 <= share <= 1):
                return None
            values[name] = share
        for name in ("recipe", "data", "held_out_name"):
            values[name] = str(values[name])[:_LONGEST_TEXT]
        values["time"], values["count"] = float(values["time"]), int(values["count"])
        sense = 0 <= values["time"] <= _LATEST and 0 <= values["count"] <= _MOST_DRAWINGS
        return Score(**values) if sense else None
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None
