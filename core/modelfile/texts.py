"""JSON as arrays of bytes, written plainly and read with suspicion."""

import json
import re
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from core.modelfile.content import ModelContentError

MOST_BYTES = 4 << 20
_DEEPEST = 32  # brackets within brackets
_QUOTED = re.compile(rb'"(?:[^"\\]|\\.)*"', re.DOTALL)


def encode(value: Any) -> NDArray[np.uint8]:
    """Return a plain value as UTF-8 JSON, uint8 (n,).

    Raises:
        ModelContentError: it is too long.
        ValueError: a number in it is not finite.
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    # Names of files may hold what is no UTF-8; escaped so, JSON gives it back.
    return _bytes_of(text.encode("utf-8", "backslashreplace"))


def encode_text(text: str) -> NDArray[np.uint8]:
    """Return text as UTF-8, uint8 (n,). Raises ModelContentError if it is too long."""
    return _bytes_of(text.encode("utf-8", "replace"))


def _bytes_of(content: bytes) -> NDArray[np.uint8]:
    if len(content) > MOST_BYTES:
        raise ModelContentError(f"a text is longer than {MOST_BYTES >> 20} MB")
    return np.frombuffer(content, np.uint8)


def decode(array: NDArray[Any]) -> Any:
    """Return what `encode` was given.

    Raises:
        ModelContentError: too long, too deep, not UTF-8, no JSON, or numbers that are not finite.
    """
    text = decode_text(array)
    if _depth(text.encode()) > _DEEPEST:
        raise ModelContentError("a description in it is too deep")
    try:
        return json.loads(text, parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise ModelContentError("a description in it cannot be read") from error


def decode_text(array: NDArray[Any]) -> str:
    """Return the text of UTF-8 bytes. Raises ModelContentError if it is too long, or none."""
    if array.dtype != np.uint8 or array.ndim != 1:
        raise ModelContentError("a text in it is none")
    if array.size > MOST_BYTES:
        raise ModelContentError("a text in it is too long")
    try:
        return array.tobytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise ModelContentError("a text in it cannot be read") from error


def _depth(content: bytes) -> int:
    deepest = depth = 0
    for byte in _QUOTED.sub(b"", content):
        if byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest


def _refuse(name: str) -> NoReturn:
    raise ModelContentError(f"it holds {name} where a number should be")


def _finite(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise ModelContentError("it holds a number that is too large")
    return number
