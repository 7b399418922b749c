"""Which pictures a folder holds, and what each shows: by sub-folder or by a list of labels."""

import csv
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from core.base.errors import DatasetError
from core.base.regular_file import read_regular
from core.untrusted.parsing.naming import part_of
from core.untrusted.parsing.safe_read import first_bytes

MOST_PICTURES = 1_000_000
SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp", ".pgm", ".ppm")
_LISTS = (".csv", ".txt", ".tsv")
_MOST_LISTS = 20  # looked at in one folder
_LONGEST_LIST = 128 << 20  # bytes of a list of labels
_MOST_FOLDERS = 2000  # looked at in one folder
_GLANCE = 200  # entries, to recognise a folder
_FIRST = 5  # folders looked into, to recognise a folder
_DEEPEST = 4
_LABEL_WORDS = ("label", "labels", "class", "target", "digit", "category")
_INNER = ("", "images", "imgs", "pictures", "img", "data")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A picture and the name of its class."""

    path: Path
    label: str


def holds_pictures(folder: Path) -> bool:
    """Tell by a glance whether there are pictures in sub-folders, or beside a list."""
    try:
        inner = _glance(folder)
        beside_a_list = _has_pictures(folder) and bool(_lists_in(folder))
        return beside_a_list or any(_holds_below(place, _DEEPEST) for place in inner)
    except OSError:
        return False


def _holds_below(folder: Path, depth: int) -> bool:
    """Tell whether there are pictures in this folder, or in the first ones of it."""
    if not folder.is_dir():
        return False
    inner = _glance(folder)
    if any(path.suffix.lower() in SUFFIXES for path in inner):
        return True
    folders = [path for path in inner if path.is_dir()][:_FIRST]
    return depth > 1 and any(_holds_below(below, depth - 1) for below in folders)


def find_pictures(folder: Path, tell: Callable[[], None]) -> dict[str, list[Labelled]]:
    """Find all labelled pictures of a folder.

    Args:
        folder: with a sub-folder for each class, or one for each part ("train", "test")
            with such in it, or with pictures and a list of their labels.
        tell: is called now and then; may raise to give up.

    Returns:
        The pictures of each part: "train" at least, unless nothing was found.

    Raises:
        DatasetError: there are too many, or a list that is no list.
        OSError: a folder may not be read.
    """
    folders = _folders_of(folder)
    parts = {part: place for place in folders if (part := part_of(place.name))}
    listed = _listed_parts(folder, tell)
    if listed:
        return listed
    if "train" in parts:
        found = {part: _of_part(place, tell) for part, place in parts.items()}
        return {part: pictures for part, pictures in found.items() if pictures}
    if len(folders) == 1 and not _has_pictures(folders[0]):
        return find_pictures(folders[0], tell)  # as archives unpack: one folder around all
    pictures = _by_folder(folders, tell)
    return {"train": pictures} if pictures else {}


def _glance(folder: Path) -> list[Path]:
    with os.scandir(folder) as entries:
        return [Path(entry.path) for entry, _ in zip(entries, range(_GLANCE), strict=False)]


def _has_pictures(folder: Path) -> bool:
    return any(path.suffix.lower() in SUFFIXES for path in _glance(folder))


def _folders_of(folder: Path) -> list[Path]:
    with os.scandir(folder) as entries:
        found = [Path(entry.path) for entry in entries if entry.is_dir()]
    return sorted(path for path in found if not path.name.startswith((".", "__")))[:_MOST_FOLDERS]


def _of_part(folder: Path, tell: Callable[[], None]) -> list[Labelled]:
    listed = _listed_parts(folder, tell)
    return next(iter(listed.values())) if listed else _by_folder(_folders_of(folder), tell)


def _by_folder(folders: list[Path], tell: Callable[[], None]) -> list[Labelled]:
    """Return the pictures in these folders, each labelled by its folder's name."""
    found: list[Labelled] = []
    for folder in folders:
        names = sorted(_pictures_in(folder, tell))
        found += [Labelled(folder / name, folder.name) for name in names]
        _check_count(folder, len(found))
    return found


def _pictures_in(folder: Path, tell: Callable[[], None]) -> Iterator[str]:
    with os.scandir(folder) as entries:
        for count, entry in enumerate(entries):
            if count % 1000 == 0:
                tell()
            _check_count(folder, count)
            name = entry.name
            if name.lower().endswith(SUFFIXES) and not name.startswith("."):
                yield name


def _check_count(folder: Path, count: int) -> None:
    if count > MOST_PICTURES:
        raise DatasetError(
            folder,
            f"There are more than {MOST_PICTURES:,} pictures in {folder.name}.",
            "Open a folder with fewer of them.",
        )


# Lists of labels --------------------------------------------------------------------------


def _listed_parts(folder: Path, tell: Callable[[], None]) -> dict[str, list[Labelled]]:
    """Return the pictures that lists in this folder name, by the part each list is for."""
    parts: dict[str, list[Labelled]] = {}
    for path in _lists_in(folder):
        pictures = _listed(path, tell)
        if pictures:
            parts.setdefault(part_of(path.stem) or "train", pictures)
    if parts and "train" not in parts:
        parts["train"] = parts.pop(next(iter(parts)))
    return parts


def _lists_in(folder: Path) -> list[Path]:
    """Return what may be lists of labels, among however many pictures."""
    with os.scandir(folder) as entries:
        found = [Path(entry.path) for entry in entries if entry.name.lower().endswith(_LISTS)]
    return [path for path in sorted(found)[:_MOST_LISTS] if _is_list(path)]


def _is_list(path: Path) -> bool:
    """Tell whether a file has a few short columns, as a list of labels has."""
    if not path.is_file():
        return False
    line = first_bytes(path, 1024).split(b"\n")[0]
    return len(line) < 512 and len(_cells(line.decode("utf-8-sig", "replace"))) in (2, 3, 4)


def _cells(line: str) -> list[str]:
    separator = max(",;\t", key=line.count)
    if separator not in line:
        separator = " "
    try:
        row = next(csv.reader([line.strip()], delimiter=separator, skipinitialspace=True), [])
    except csv.Error:
        return []
    return [cell.strip() for cell in row]


def _listed(path: Path, tell: Callable[[], None]) -> list[Labelled]:
    """Return the pictures that a list names; none if it names no pictures."""
    if path.stat().st_size > _LONGEST_LIST:
        raise DatasetError(path, f"{path.name} is too long for a list of labels.", "Shorten it.")
    text = read_regular(path).decode("utf-8-sig", "replace").splitlines()
    rows = [_cells(line) for line in text[:2] if line.strip()]
    finder = _Finder(path)
    columns = _columns(rows, finder)
    if columns is None:
        return []
    name_column, label_column = columns
    found = []
    for number, line in enumerate(text):
        if number % 1000 == 0:
            tell()
        cells = _cells(line) if line.strip() else []
        picture = finder.find(cells[name_column]) if len(cells) > max(columns) else None
        if picture is not None:
            found.append(Labelled(picture, cells[label_column]))
        _check_count(path, len(found))
    return found


class _Finder:
    """Finds pictures by what a list calls them: with or without folder and suffix."""

    def __init__(self, path: Path) -> None:
        self._root = path.parent
        self._folders = (*_INNER, path.stem, part_of(path.stem) or "train")
        self._way: tuple[str, str] = ("", "")  # what led to the last one

    def find(self, name: str) -> Path | None:
        """Return the picture of this name, or None."""
        # A list may name pictures in this folder only, not any file of the machine.
        if not name or "\0" in name or len(name) > 255 or ".." in name or Path(name).anchor:
            return None
        ways = [(folder, suffix) for folder in self._folders for suffix in ("", *SUFFIXES)]
        for folder, suffix in [self._way, *ways]:
            path = self._root / folder / (name + suffix)
            if path.suffix.lower() in SUFFIXES and path.is_file():
                self._way = (folder, suffix)
                return path
        return None


def _columns(rows: list[list[str]], finder: _Finder) -> tuple[int, int] | None:
    """Return which column names pictures, and which says what they show."""
    for row in reversed(rows):
        for place, cell in enumerate(row):
            if finder.find(cell) is not None and len(row) > 1:
                titles = [title.lower() for title in rows[0]]
                titled = [
                    at for at, title in enumerate(titles) if title in _LABEL_WORDS and at != place
                ]
                return place, titled[0] if titled else (1 if place == 0 else 0)
    return None
