"""Reading TOML from strangers: what would cost the parser minutes is refused before it starts.

Python's parser takes the square of the length of a dotted key, and recursion for each
bracket. Strings and comments are put aside first: a dot in them, or in a number, counts
for nothing. So whatever a writer of TOML puts on a line is read, if it is no such key.
"""

import re
import tomllib
from pathlib import Path
from typing import Any

from core.base.regular_file import read_regular

MOST_BYTES = 1 << 18
_MOST_DOTS = 8  # of one key; a number has one, a time two at most
_DEEPEST = 32  # brackets within brackets
# One that is not closed reaches to the end (of the line), so that this takes no square either.
_STRINGS_AND_COMMENTS = re.compile(
    r'"""(?:\\.|[^\\])*?(?:"{3,5}|\\?\Z)'
    r"|'''.*?(?:'{3,5}|\Z)"
    r'|"(?:\\.|[^"\\\n])*(?:"|\\?$)'
    r"|'[^'\n]*(?:'|$)"
    r"|#[^\n]*",
    re.DOTALL | re.MULTILINE,
)
_BETWEEN_WORDS = re.compile(r"[\n\r,=\[\]{}]+")


def read_table(path: Path, most_bytes: int = MOST_BYTES) -> dict[str, Any]:
    """Return what a TOML file holds.

    Raises:
        OSError: it cannot be read.
        ValueError: it is too long, not UTF-8, not TOML, or nested too deep; says so as the
            end of a sentence that begins with the file.
    """
    content = read_regular(path, most_bytes + 1)
    if len(content) > most_bytes:
        raise ValueError(f"is larger than {most_bytes >> 10} KB")
    try:
        return parse(content.decode("utf-8-sig"))
    except ValueError as error:
        why = (str(error).splitlines() or [type(error).__name__])[0][:120]
        raise ValueError(f"is damaged ({why.rstrip('.')})") from error


def parse(text: str) -> dict[str, Any]:
    """Return what a TOML text holds. Raises ValueError."""
    bare = _STRINGS_AND_COMMENTS.sub("_", text)
    # Within a line of TOML blanks part nothing that signs do not: “a . b” is one key.
    words = _BETWEEN_WORDS.split(bare.replace(" ", "").replace("\t", ""))
    if any(word.count(".") > _MOST_DOTS for word in words):
        raise ValueError("there is a name of too many parts")
    depth = deepest = 0
    for bracket in re.findall(r"[][{}]", bare):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    if deepest > _DEEPEST:
        raise ValueError("it is nested too deep")
    return tomllib.loads(text)
