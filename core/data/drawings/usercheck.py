"""What a set of drawings must be, as arrays: asked when it is written, and when it is read."""

import json
from typing import Any

import numpy as np

from core.base.printable import storable
from core.data.dataset import LONGEST_CLASS_NAME
from core.data.drawings.drawings import FARTHEST

MAX_BYTES = 1 << 31  # of a file
_MAX_DRAWINGS = 1 << 20
_MAX_NAME_BYTES = 1 << 24  # of all names together
_MAX_AROUND = 1 << 20  # bytes of a file besides its arrays
_LATEST_MS = 253_402_300_799_000  # the end of the year 9999: no date is later
_NOT_PER_DRAWING = ("names", "points", "stroke_ends")


def names_as_bytes(names: list[str]) -> bytes:
    """Return names of classes as the file keeps them: JSON, UTF-8."""
    # Half of a surrogate pair, from a folder's name, is no UTF-8; JSON has an escape for it.
    return json.dumps(names, ensure_ascii=False).encode("utf-8", "backslashreplace")


def check_arrays(arrays: dict[str, Any]) -> list[str]:
    """Return the names of the classes. Raises ValueError if this is no set of drawings."""
    count = len(arrays["images"])
    if not all(len(arrays[name]) == count for name in arrays if name not in _NOT_PER_DRAWING):
        raise ValueError("parts of different lengths")
    if count > _MAX_DRAWINGS:
        raise ValueError(f"more than {_MAX_DRAWINGS:,} drawings")
    if sum(array.nbytes for array in arrays.values()) > MAX_BYTES - _MAX_AROUND:
        raise ValueError(f"more than {MAX_BYTES >> 20:,} MB")
    if arrays["names"].size > _MAX_NAME_BYTES:
        raise ValueError("names that are too long")
    names = json.loads(arrays["names"].tobytes())
    if isinstance(names, list):
        names = [storable(name) if isinstance(name, str) else name for name in names]
    if not isinstance(names, list) or not all(map(_is_name, names)):
        raise ValueError("names that are no names")
    _check_numbers(arrays, len(names))
    return names


def _is_name(name: Any) -> bool:
    return isinstance(name, str) and 0 < len(name) <= LONGEST_CLASS_NAME


def _check_numbers(arrays: dict[str, Any], name_count: int) -> None:
    """Refuse numbers that point to what is not there, or are none. Raises ValueError."""
    for ends, length in (
        ("stroke_ends", len(arrays["points"])),
        ("drawing_ends", len(arrays["stroke_ends"])),
    ):
        steps = np.diff(arrays[ends], prepend=0, append=length)
        if (steps < 0).any() or (len(arrays[ends]) and steps[-1]) or (length and steps[-1]):
            raise ValueError("strokes that do not fit their points")
    for name, least in (("name_of", 0), ("answer_of", -1)):
        if ((arrays[name] < least) | (arrays[name] >= name_count)).any():
            raise ValueError("a class without a name")
    limits = {
        "points": (-FARTHEST, FARTHEST),
        "pen_radius": (0.0, FARTHEST),
        "confidence": (0.0, 1 + 1e-3),  # rounded
        "times": (0.0, float(_LATEST_MS)),
    }
    for name, (low, high) in limits.items():
        if not ((arrays[name] >= low) & (arrays[name] <= high)).all():  # NaN is neither
            raise ValueError("numbers that make no sense")
