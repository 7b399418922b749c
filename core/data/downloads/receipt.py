"""What is known about downloaded files, so that they need not be read whole every time."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.base.atomic_write import write_bytes_whole
from core.base.errors import SaveError

_NAME = ".checked.json"
_MOST_BYTES = 1 << 20
_SLICE = 1 << 20  # bytes: under 5 ms


class Receipt:
    """Sizes, time stamps and checksums of the files of one folder that were found right."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files = _read(folder / _NAME)

    def holds(self, name: str, size: int, sha256: str, wait: Callable[[], None]) -> bool:
        """Tell whether file `name` is here and right.

        Args:
            name: of a file in the folder.
            size: its bytes.
            sha256: in hexadecimal; "" for a file that is right if it was noted and has not
                changed since.
            wait: called every few milliseconds while the file is read; may raise.
        """
        path = self._folder / name
        try:
            found = path.stat()
        except OSError:
            return False
        known = self._files.get(name, ["", "", ""])
        wanted = sha256 or known[2]
        if not path.is_file() or found.st_size != size or not wanted:
            return False
        if known == [size, found.st_mtime_ns, wanted]:
            return True
        try:
            right = _sum_of(path, wait) == wanted
        except OSError:
            return False
        if right:
            self._files[name] = [size, found.st_mtime_ns, wanted]
            self.write()
        return right

    def note(self, name: str, sha256: str) -> None:
        """Remember that file `name` is right as it is now; "" computes its checksum."""
        path = self._folder / name
        found = path.stat()
        total = sha256 or _sum_of(path, lambda: None)
        self._files[name] = [found.st_size, found.st_mtime_ns, total]

    def write(self) -> None:
        """Put it into the folder; without it the files are read again next time."""
        text = json.dumps(self._files).encode()
        try:
            write_bytes_whole(self._folder / _NAME, text, keep_copy=False)
        except SaveError:
            return


def _read(path: Path) -> dict[str, list[Any]]:
    try:
        with path.open("rb") as stream:
            found = json.loads(stream.read(_MOST_BYTES))  # more is cut off, and no JSON then
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: each for name, each in found.items() if _is_entry(each)}


def _is_entry(plain: Any) -> bool:
    kinds = [type(value) for value in plain] if isinstance(plain, list) else []
    return kinds == [int, int, str]


def _sum_of(path: Path, wait: Callable[[], None]) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(_SLICE):
            digest.update(piece)
            wait()
    return digest.hexdigest()
