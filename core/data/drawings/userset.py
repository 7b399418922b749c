"""The user's own set of drawings: kept for ever, whatever happens.

What is on the screen is the file's content with the edits that are not written yet on
top. Writing takes the lock, reads the file anew if another Inkling has changed it, puts
the edits on top, and replaces the file whole. So a kill loses at most the last edit, and
two programs never undo each other's work.
"""

import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import platformdirs

from core.base.errors import SaveError, reason
from core.base.filelock import locked
from core.data.drawings.drawings import OwnDrawing
from core.data.drawings.userfile import DamagedFileError, is_userset, read_userset, write_userset

__all__ = ["Edit", "UserSet", "default_path", "is_userset", "read_userset"]

_Stamp: TypeAlias = tuple[int, int, int]
_NAME = "my-digits.h5"


def default_path() -> Path:
    """Return where the user's own set is kept."""
    return platformdirs.user_data_path("Inkling", appauthor=False) / _NAME


@dataclass(frozen=True, slots=True, eq=False)
class Edit:
    """One change of a set: drawings that are put in (or replaced), and keys taken out."""

    put: tuple[OwnDrawing, ...] = ()
    gone: tuple[str, ...] = ()


class UserSet:
    """The drawings of one file. May be used from several threads.

    An edit shows at once; `save` writes it. `add`, `relabel` and `delete` do both.

    Attributes:
        path: the file. It need not exist.
        note: a sentence to tell the user (a damaged file was set aside), or "".
    """

    def __init__(self, path: Path | None = None) -> None:
        """Begin empty; `load` reads the file. Edits made before that are not lost."""
        self.path = path or default_path()
        self.note = ""
        self._memory, self._writing = threading.RLock(), threading.Lock()
        self._base: dict[str, OwnDrawing] = {}  # as in the file
        self._shown: dict[str, OwnDrawing] = {}  # with what waits
        self._waiting: list[Edit] = []
        self._stamp: _Stamp | None = None

    @property
    def drawings(self) -> tuple[OwnDrawing, ...]:
        """All drawings, the oldest first."""
        with self._memory:
            return tuple(sorted(self._shown.values(), key=lambda one: one.order))

    @property
    def unsaved(self) -> bool:
        """True while an edit is not on disk."""
        return bool(self._waiting)

    def __len__(self) -> int:
        return len(self._shown)

    # Edits ---------------------------------------------------------------------------

    def apply(self, edit: Edit) -> Edit:
        """Make an edit; `save` writes it. Returns the edit that takes it back."""
        with self._memory:
            keys = [*edit.gone, *(one.key for one in edit.put)]
            before = tuple(self._shown[key] for key in keys if key in self._shown)
            new = tuple(one.key for one in edit.put if one.key not in self._shown)
            self._waiting.append(edit)
            _apply(self._shown, edit)
        return Edit(before, new)

    def relabelled(self, keys: Iterable[str], label: int, name: str) -> Edit:
        """Return the edit that says these drawings show another class."""
        with self._memory:
            found = [self._shown[key] for key in keys if key in self._shown]
        return Edit(tuple(replace(one, label=label, name=name) for one in found))

    def add(self, *drawings: OwnDrawing) -> Edit:
        """Put drawings in, and write. Returns what takes it back. Raises SaveError."""
        return self._do(Edit(drawings))

    def relabel(self, keys: Iterable[str], label: int, name: str) -> Edit:
        """Say what drawings show, and write. Returns what takes it back. Raises SaveError."""
        return self._do(self.relabelled(keys, label, name))

    def delete(self, keys: Sequence[str]) -> Edit:
        """Take drawings out, and write. Returns what takes it back. Raises SaveError."""
        return self._do(Edit(gone=tuple(keys)))

    def _do(self, edit: Edit) -> Edit:
        back = self.apply(edit)
        self.save()
        return back

    # The file ------------------------------------------------------------------------

    def save(self) -> None:
        """Write the edits that wait; when it returns they are on the disk.

        Raises:
            SaveError, DatasetError: that was not possible. The edits still wait, and the
                file is as it was.
        """
        with self._writing:
            with self._memory:
                edits = list(self._waiting)
            if not edits:
                return
            self._make_folder()
            with locked(self.path):
                base = self._read()
                for edit in edits:
                    _apply(base, edit)
                write_userset(self.path, sorted(base.values(), key=lambda one: one.order))
                self._take(base, len(edits))

    def load(self) -> bool:
        """Read the file if it is another than before; tell whether it was.

        Raises:
            DatasetError: it may not be read, or is of a newer Inkling.
            SaveError: it is damaged and cannot be set aside.
        """
        if _stamp_of(self.path) in (None, self._stamp):
            return False
        with self._writing, locked(self.path):
            self._take(self._read())
        return True

    def _make_folder(self) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise SaveError(
                self.path, f"The folder {self.path.parent} cannot be made: {reason(error)}."
            ) from error

    def _take(self, base: dict[str, OwnDrawing], written: int = 0) -> None:
        """Let `base` be what the file holds; the first `written` edits are in it."""
        with self._memory:
            self._base, self._stamp = base, _stamp_of(self.path)
            del self._waiting[:written]
            self._shown = dict(base)
            for edit in self._waiting:
                _apply(self._shown, edit)

    def _read(self) -> dict[str, OwnDrawing]:
        """Return the file's drawings, in a dict of its own; the lock is held.

        A file that is gone or damaged takes nothing away from what was read before.
        """
        stamp = _stamp_of(self.path)
        self._clear_remains()
        if stamp in (None, self._stamp):
            return dict(self._base)
        try:
            return {one.key: one for one in read_userset(self.path)}
        except DamagedFileError as error:
            aside = _set_aside(self.path)
            self.note = (
                f"{error.message} It was set aside as “{aside.name}” in {aside.parent},"
                " and a new one begun."
            )
            return dict(self._base)

    def _clear_remains(self) -> None:
        """Remove half-written neighbours of a program that was killed: nobody else writes now."""
        for remains in self.path.parent.glob(f".{self.path.name}.*.part"):
            with suppress(OSError):
                remains.unlink()


def _apply(drawings: dict[str, OwnDrawing], edit: Edit) -> None:
    for key in edit.gone:
        drawings.pop(key, None)
    drawings.update({one.key: one for one in edit.put})


def _stamp_of(path: Path) -> _Stamp | None:
    """Return what changes when the file is replaced; None if it is not there."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def _set_aside(path: Path) -> Path:
    """Give a damaged file a name that is free, and return it. Raises SaveError."""
    number = 1
    while (aside := path.with_name(f"{path.stem}.damaged-{number}{path.suffix}")).exists():
        number += 1
    try:
        path.rename(aside)
    except OSError as error:
        raise SaveError(
            path,
            f"“{path.name}” is damaged, and could not be set aside: {reason(error)}.",
            f"Move it out of {path.parent}.",
        ) from error
    return aside
