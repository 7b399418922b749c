"""How a text file of numbers is laid out: found out from its first lines."""

import math
import re
from dataclasses import dataclass

_FEWEST_PIXELS = 25
_ONE_HOT = 10  # columns; as in the set "semeion"
_LABEL_WORDS = ("label", "labels", "class", "target", "y", "digit", "species", "number")
_INDEX_WORDS = ("", "id", "index", "unnamed: 0", "imageid", "image_id")
_NUMBER = re.compile(rb"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*")
_NAN = re.compile(rb"\s*[-+]?(nan|inf)\s*", re.IGNORECASE)
_SOME = 40  # lines looked at cell by cell


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a file.

    Attributes:
        separator: between values; None for spaces and tabs, as many as there are.
        header: True if the first line names the columns.
        columns: how many there are.
        index: columns before everything that only count the rows, 0 or 1.
        label: "first", "last" or "one-hot" (the last ten); "" if there is none.
        pixels: columns of an image; a square number, or the image is refused.
        text_labels: True if labels are words.
        certain: False if the label's place is but the most usual one.
    """

    separator: bytes | None
    header: bool
    columns: int
    index: int
    label: str
    pixels: int
    text_labels: bool
    certain: bool = True

    @property
    def is_square(self) -> bool:
        """True if the pixels make an image."""
        return math.isqrt(self.pixels) ** 2 == self.pixels

    def cells(self, line: bytes) -> list[bytes]:
        """Take a line apart."""
        return line.split(self.separator)


def clean(text: bytes) -> bytes:
    """Drop what stands around numbers without meaning: quotes, Windows' line ends."""
    if b'"' in text:
        text = text.replace(b'"', b"")
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return text


def find_layout(start: bytes) -> Layout | None:
    """Find out the layout from the first whole lines of a file.

    Returns:
        None if these are no rows of at least 25 pixels.
    """
    if b"\0" in start:
        return None
    text = clean(start.removeprefix(b"\xef\xbb\xbf"))
    lines = [line for line in text.split(b"\n") if line.strip()]
    if not lines or len(lines[0]) < _FEWEST_PIXELS:
        return None
    separator = _separator(lines[0])
    rows = [line.split(separator) for line in lines[: 50 * _SOME]]
    header = _has_header(rows)
    names = [_text(cell) for cell in rows[0]] if header else []
    body = rows[1:] if header else rows
    columns = len(rows[0])
    if not body or columns <= _FEWEST_PIXELS or not _are_numbers(body[:_SOME]):
        return None
    whole = [row for row in body if len(row) == columns]
    return _placed(Layout(separator, header, columns, 0, "", columns, False), names, whole)


def _separator(line: bytes) -> bytes | None:
    found = max((b",", b";", b"\t"), key=line.count)
    return found if line.count(found) >= _FEWEST_PIXELS else None


def _text(cell: bytes) -> str:
    return cell.decode("utf-8", "replace").strip().lower()


def _is_number(cell: bytes) -> bool:
    return bool(_NUMBER.fullmatch(cell) or _NAN.fullmatch(cell))


def _are_numbers(rows: list[list[bytes]]) -> bool:
    """Tell whether all but one value at either end of most rows are numbers."""
    good = sum(all(_is_number(cell) for cell in row[1:-1]) for row in rows)
    return good * 2 > len(rows)


def _has_header(rows: list[list[bytes]]) -> bool:
    """Tell whether the first line has words, or counts, where the second has numbers."""
    first = rows[0]
    if len(rows) < 2:
        return False
    second = rows[1]
    words = any(
        not _is_number(cell) and _is_number(below)
        for cell, below in zip(first, second, strict=False)
    )
    counted = [cell.strip() for cell in first] == [b"%d" % place for place in range(len(first))]
    return words or counted


def _placed(plain: Layout, names: list[str], rows: list[list[bytes]]) -> Layout:
    """Tell where the label stands, by the header or by what varies as labels do."""
    index = 0
    if names and names[0] in _INDEX_WORDS and not _is_square(plain.columns - 1):
        index = 1
    inner = plain.columns - index
    ends = {"first": index, "last": plain.columns - 1}

    def made(label: str, pixels: int, *, certain: bool = True) -> Layout:
        place = ends.get(label)
        text = place is not None and not _are_mostly_numbers(rows[:_SOME], place)
        return Layout(
            plain.separator, plain.header, plain.columns, index, label, pixels, text, certain
        )

    for label, place in ends.items():
        if names and names[place] in _LABEL_WORDS:
            return made(label, inner - 1)
    if _is_square(inner):
        return made("", inner)
    if _is_square(inner - _ONE_HOT) and not _is_square(inner - 1):
        return made("one-hot", inner - _ONE_HOT)
    first, last = (_variety(rows, place) for place in ends.values())
    return made("last" if last > first else "first", inner - 1, certain=last != first)


def _are_mostly_numbers(rows: list[list[bytes]], place: int) -> bool:
    return sum(_is_number(row[place]) for row in rows) * 2 >= len(rows)


def _is_square(count: int) -> bool:
    return count > 0 and math.isqrt(count) ** 2 == count


def _variety(rows: list[list[bytes]], place: int) -> int:
    """Return how many different values a column has; a pixel in a corner has few."""
    return len({row[place].strip() for row in rows})
