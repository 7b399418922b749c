"""Digits in text files: a row for each image, its label first or last.

MNIST in CSV, Kaggle's train.csv, UCI's optdigits. Plain, gzipped, or the only file in a zip.
"""

import math
import re
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from core.base.errors import DatasetError
from core.data.reader import READERS, RawData, RawPart
from core.untrusted.parsing.csvlayout import Layout, find_layout
from core.untrusted.parsing.csvrows import RowParser, blocks
from core.untrusted.parsing.labels import numbered, well_known
from core.untrusted.parsing.naming import part_of
from core.untrusted.parsing.rawimages import GrowingStore
from core.untrusted.parsing.safe_read import SafeStream, first_bytes, listed
from core.untrusted.reading import ReadProgress

_SNIFFED = 16 << 10  # bytes, to recognise a file
_SAMPLE = 4 << 20  # bytes, to find out its layout
_MOST_TEXT = 8 << 30  # bytes of a file, unpacked: it is never in memory as a whole
_FIRST_ROOM = 4096  # images
_NAMES = re.compile(r"\.(csv|tsv|txt|tra|tes|data|dat)(\.gz|\.zip)?$", re.IGNORECASE)
# What a file for training is called, and its partner for testing.
_PARTNERS = (("training", "testing"), ("train", "test"), ("tra", "tes"), ("train", "t10k"))


class CsvReader:
    """Reads one text file, with the test part beside it, or a folder with such files."""

    label: ClassVar[str] = "Text files (CSV)"
    patterns: ClassVar[tuple[str, ...]] = ("*.csv", "*.csv.gz", "*.tsv", "*.txt", "*.tra")

    def recognises(self, path: Path) -> bool:
        """Tell whether this file begins with rows of pixels, or is a folder with such files."""
        if path.is_dir():
            try:
                return bool(_tables(path))
            except DatasetError:
                return False
        return _is_table(path)

    def read(self, path: Path, progress: ReadProgress | None = None) -> RawData:
        """Read one file and its test part, or the files of a folder."""
        parts = _parts(path)
        sizes = {part: file.stat().st_size for part, file in parts.items()}
        tables: dict[str, tuple[NDArray[Any], NDArray[Any]]] = {}
        before = 0
        for part, file in parts.items():

            def show(done: float, before: int = before, size: int = sizes[part]) -> None:
                if progress is not None:
                    progress((before + done * size) / sum(sizes.values()))

            tables[part] = _read_table(file, show)
            before += sizes[part]
        _check_sizes(parts, tables)
        labels, names = numbered(path, {part: table[1] for part, table in tables.items()})
        sets = {part: RawPart(table[0], labels[part]) for part, table in tables.items()}
        return RawData(
            "csv",
            path.name or str(path),
            str(path),
            sets["train"],
            sets.get("validation"),
            sets.get("test"),
            names or well_known(parts["train"]),
        )


def _is_table(path: Path) -> bool:
    if not path.is_file():
        return False
    start = first_bytes(path, _SNIFFED, unpack=True)
    return find_layout(_whole_lines(start, len(start) < _SNIFFED // 2)) is not None


def _whole_lines(start: bytes, complete: bool) -> bytes:
    """Drop the last line, of which only a part may be there, unless it is the only one."""
    end = start.rfind(b"\n")
    return start if complete or end < 0 else start[:end]


def _tables(folder: Path) -> list[Path]:
    return [path for path in listed(folder) if _NAMES.search(path.name) and _is_table(path)]


def _parts(path: Path) -> dict[str, Path]:
    """Decide which file is for what."""
    if path.is_dir():
        return _parts_of_folder(path, _tables(path))
    for word, other in _PARTNERS:
        place = path.name.lower().rfind(word)
        if place < 0:
            continue
        partner = path.with_name(path.name[:place] + other + path.name[place + len(word) :])
        if _is_table(partner) and _layout(partner).label:
            return {"train": path, "test": partner}
    return {"train": path}


def _parts_of_folder(folder: Path, tables: list[Path]) -> dict[str, Path]:
    labelled = [path for path in tables if _layout(path).label] or tables
    if len(labelled) == 1:
        return {"train": labelled[0]}
    roles = {part_of(path.name): path for path in labelled}
    if "train" not in roles or "" in roles or len(roles) < len(labelled):
        raise DatasetError(
            folder,
            f"{folder.name} holds several tables ({', '.join(p.name for p in labelled[:6])}), and"
            " their names do not say which to train on.",
            "Open one of these files instead of the folder.",
        )
    return {part: roles[part] for part in ("train", "validation", "test") if part in roles}


def _layout(path: Path) -> Layout:
    with SafeStream(path, most=_MOST_TEXT) as stream:
        start = stream.read(_SAMPLE)
    layout = find_layout(_whole_lines(start, len(start) < _SAMPLE))
    if layout is None:
        raise DatasetError(
            path,
            f"{path.name} holds no rows of pixels.",
            "A row has one label and 784 pixels, or another square number of them.",
        )
    return layout


def _read_table(path: Path, progress: ReadProgress) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return images (N, H, W) and labels, as the file has them."""
    layout = _layout(path)
    if not layout.label or not layout.is_square:
        raise _no_images(path, layout)
    images, labels = _read_rows(path, layout, progress)
    if not layout.certain and len(np.unique(labels)) == 1:  # a corner's pixel, most likely
        others = _read_rows(path, replace(layout, label="last"), progress)
        if len(np.unique(others[1])) > 1:
            return others
    progress(1.0)
    return images, labels


def _read_rows(
    path: Path, layout: Layout, progress: ReadProgress
) -> tuple[NDArray[Any], NDArray[Any]]:
    store = GrowingStore(path, _FIRST_ROOM, (layout.pixels,))
    labels: list[NDArray[Any]] = []
    parser = RowParser(path, layout)
    with SafeStream(path, progress, most=_MOST_TEXT) as stream:
        for text, line in blocks(stream, layout):
            found = parser.parse(text, line)
            if found is not None:
                store.add(found[0])
                labels.append(found[1])
    if not labels:
        raise DatasetError(path, f"{path.name} holds no rows of pixels.", "Open another file.")
    return store.images(), np.concatenate(labels)


def _no_images(path: Path, layout: Layout) -> DatasetError:
    if not layout.label:
        return DatasetError(
            path,
            f"{path.name} has {layout.pixels:,} columns, all of them pixels: there are no labels.",
            "A column that says which digit each row is should be the first or the last.",
        )
    side = math.isqrt(layout.pixels)
    return DatasetError(
        path,
        f"{path.name} has {layout.pixels:,} columns beside the label, which make no square image.",
        f"Images are square: {side * side:,} pixels for {side} × {side}, for example.",
    )


def _check_sizes(
    parts: dict[str, Path], tables: dict[str, tuple[NDArray[Any], NDArray[Any]]]
) -> None:
    for part, file in parts.items():
        if tables[part][0].shape[1:] != tables["train"][0].shape[1:]:
            raise DatasetError(
                file,
                f"The images in {file.name} have another size than those in {parts['train'].name}.",
                "All images of one data set must be equally large.",
            )


READERS.add("csv", CsvReader())
