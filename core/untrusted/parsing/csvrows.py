"""Rows of a text file become numbers, a block of lines at a time."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.base.errors import DatasetError
from core.untrusted.parsing.csvlayout import Layout, clean
from core.untrusted.parsing.safe_read import SafeStream

_BLOCK = 1 << 20  # bytes taken apart at a time: some 25 ms
_LONGEST_LINE = 16 << 20  # bytes
_MOST_TEXT_OF_LABEL = 256  # bytes


def blocks(stream: SafeStream, layout: Layout) -> Iterator[tuple[bytes, int]]:
    """Return whole lines without the header, and the number of the first.

    Raises:
        DatasetError: there is no end of line for many megabytes.
    """
    text = stream.read(_BLOCK).removeprefix(b"\xef\xbb\xbf")
    line = 1
    skip = layout.header
    while text:
        more = stream.read(_BLOCK) if len(text) >= _BLOCK - 3 else b""
        end = len(text) if not more else max(text.rfind(b"\n"), text.rfind(b"\r")) + 1
        if end == 0 and len(text) < _LONGEST_LINE:
            text += more
            continue
        if end == 0:
            raise DatasetError(
                stream.path,
                f"Line {line:,} of {stream.path.name} is too long for a row of pixels.",
                "Each image needs a line of its own.",
            )
        lines = clean(text[:end])
        taken = lines
        if skip and lines.strip():
            skip = False
            before = len(lines) - len(lines.lstrip(b"\n"))
            cut = lines.find(b"\n", before) + 1
            taken = b"\n" * (before + 1) + (lines[cut:] if cut else b"")
        yield taken, line
        line += lines.count(b"\n")
        text = text[end:] + more


class RowParser:
    """Turns lines into numbers: whole ones as long as there are no others."""

    def __init__(self, path: Path, layout: Layout) -> None:
        self._path = path
        self._layout = layout
        self._kind: Any = np.int64

    def parse(self, text: bytes, line: int) -> tuple[NDArray[Any], NDArray[Any]] | None:
        """Return pixels (n, D) and labels (n,) or (n, K); None if all lines are blank.

        Raises:
            DatasetError: naming the line that is not as the others.
        """
        lines = text.split(b"\n")
        rows = [row for row in lines if row and not row.isspace()]
        if not rows:
            return None
        words: NDArray[Any] | None = None
        numbers = rows
        if self._layout.text_labels:
            words, numbers = self._without_words(rows)
        table = self._table(numbers)
        wanted = (len(rows), self._layout.columns - (words is not None))
        if table is None or table.shape != wanted:
            raise self._bad_line(lines, line)
        pixels, labels = self._cut(table, words is not None)
        return pixels, labels.copy() if words is None else words  # a view would keep the table

    def _table(self, rows: list[bytes]) -> NDArray[Any] | None:
        """Return numbers (n, columns), or None if some are none or rows differ."""
        if not rows[0].strip():
            return None
        delimiter = None if self._layout.separator is None else self._layout.separator.decode()
        for kind in (self._kind, np.float32):
            try:
                table: NDArray[Any] = np.loadtxt(
                    rows, dtype=kind, delimiter=delimiter, comments=None, ndmin=2
                )
            except (ValueError, OverflowError):
                continue
            self._kind = kind
            return table
        return None

    def _without_words(self, rows: list[bytes]) -> tuple[NDArray[Any], list[bytes]]:
        separator, first = self._layout.separator, self._layout.label == "first"
        words, numbers = [], []
        for row in rows:
            cells = row.split(separator, 1) if first else row.rsplit(separator, 1)
            words.append(cells[0 if first else -1].strip()[:_MOST_TEXT_OF_LABEL])
            numbers.append(cells[-1 if first else 0])
        return np.array(words), numbers

    def _cut(self, table: NDArray[Any], no_label: bool) -> tuple[NDArray[Any], NDArray[Any]]:
        """Take labels and pixels apart."""
        inner = table[:, self._layout.index :]
        pixels = self._layout.pixels
        if self._layout.label == "first" and not no_label:
            return inner[:, 1:], inner[:, 0]
        if self._layout.label == "one-hot":
            return inner[:, :pixels], inner[:, pixels:]
        return inner[:, :pixels], inner[:, -1]

    def _bad_line(self, lines: list[bytes], first: int) -> DatasetError:
        """Find the line that cannot be used."""
        layout, name = self._layout, self._path.name
        words = {"first": layout.index, "last": layout.columns - 1}
        skipped = words.get(layout.label) if layout.text_labels else None
        for number, line in enumerate(lines, first):
            cells = layout.cells(line)
            if not line.strip():
                continue
            if len(cells) != layout.columns:
                return DatasetError(
                    self._path,
                    f"Line {number:,} of {name} has {len(cells):,} values, the lines before"
                    f" have {layout.columns:,}.",
                    "Mend or delete that line, or copy the file again if it was cut off.",
                )
            for place, cell in enumerate(cells):
                if place != skipped and not _is_readable(cell):
                    shown = cell.decode("utf-8", "replace").strip()[:20]
                    what = f"“{shown}”" if shown else "nothing"
                    return DatasetError(
                        self._path,
                        f"Line {number:,} of {name} has {what} in column {place + 1:,}, where a"
                        " number should be.",
                        "Mend or delete that line, or copy the file again.",
                    )
        return DatasetError(
            self._path,
            f"{name} has rows that cannot be read, from line {first:,} on.",
            "Values should be separated by commas, semicolons, tabs or spaces.",
        )


def _is_readable(cell: bytes) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
