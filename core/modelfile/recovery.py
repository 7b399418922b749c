"""What programs left behind that did not end in order (`autosave` is how they kept it)."""

import json
import shutil
from contextlib import ExitStack
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from core.base.errors import ModelFileError, SaveError
from core.base.filelock import locked
from core.base.regular_file import open_regular
from core.modelfile import load_model
from core.modelfile.autosave import (
    ALIVE,
    MANIFEST,
    SLOTS,
    VERSION,
    Generation,
    Program,
    remove,
    sha256_of,
)
from core.training.run import Run

_DISCARDED = "discarded"  # this file says: the user did not want it
_MAX_MANIFEST_BYTES = 1 << 20
_LONGEST_PATH = 1 << 15  # characters; a name has a hundredth
_MOST_STEPS = 1 << 60


@dataclass(eq=False)
class Abandoned:
    """The folder of a program that did not end in order. It is claimed: others skip it.

    Attributes:
        place: the folder.
        kept: its whole generations, newest first, at least one.
    """

    place: Path
    kept: tuple[Generation, ...]
    _held: ExitStack = field(default_factory=ExitStack, repr=False)

    def load(self) -> tuple[Run, Generation]:
        """Return the newest generation that can be read, and what it is.

        Raises:
            ModelFileError: none can.
        """
        trouble: list[ModelFileError] = []
        for one in self.kept:
            try:
                return load_model(self.place / one.file), one
            except ModelFileError as error:
                trouble.append(error)
        raise trouble[0]

    def set_discarded(self, discarded: bool) -> None:
        """Never offer it again, or do so after all. Raises OSError."""
        mark = self.place / _DISCARDED
        if discarded:
            mark.touch()
        else:
            mark.unlink(missing_ok=True)

    def delete(self) -> None:
        """Delete it for ever."""
        # First, so that a deletion cut short is not offered again.
        remove(self.place / MANIFEST)
        self.release()
        shutil.rmtree(self.place, ignore_errors=True)

    def release(self) -> None:
        """Leave it for the next start."""
        self._held.close()


def find_abandoned(folder: Path) -> list[Abandoned]:
    """Return what programs left behind that did not end in order, newest first.

    Folders of programs that still run are skipped, those with nothing in them and those
    that the user discarded are deleted. What is returned is claimed until it is deleted or
    released, or this program ends.
    """
    found = []
    try:
        places = [place for place in folder.iterdir() if place.is_dir()]
    except OSError:
        return []
    for place in places:
        one = _claim(place)
        if one is None:
            continue
        if (place / _DISCARDED).exists() or not (place / MANIFEST).exists():
            one.delete()
        elif one.kept:
            found.append(one)
        else:  # damaged, or of a newer version that can read it
            one.release()
    return sorted(found, key=lambda one: one.kept[0].when, reverse=True)


def _claim(place: Path) -> Abandoned | None:
    """Take a folder over; None if somebody lives there or it cannot be used."""
    # Without it nobody ever lived there, or somebody is about to move in.
    if not (place / f"{ALIVE}.lock").exists():
        return None
    held = ExitStack()
    try:
        held.enter_context(locked(place / ALIVE, patience_s=0))
    except SaveError:
        return None
    program, listed = _read_manifest(place)
    if program is not None and program.lives and not _locks_work(place):
        held.close()
        return None
    return Abandoned(place, tuple(one for one in listed if _whole(place, one)), held)


def _locks_work(place: Path) -> bool:
    """Tell whether a lock that is held keeps others out; some network drives know none."""
    try:
        with locked(place / ALIVE, patience_s=0):
            return False
    except SaveError:
        return True


def _read_manifest(place: Path) -> tuple[Program | None, tuple[Generation, ...]]:
    """Return who lived here and what is listed; nothing if that cannot be read."""
    try:
        with open_regular(place / MANIFEST) as stream:
            content: Any = json.loads(stream.read(_MAX_MANIFEST_BYTES))
        if content["version"] != VERSION:
            return None, ()
        listed = tuple(_generation(one) for one in content["generations"][: len(SLOTS)])
        return _program(content["program"]), listed
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError):
        return None, ()


def _program(plain: dict[str, Any]) -> Program:
    """Build who lived here. Raises ValueError and its like if it is damaged."""
    made = Program(**plain)
    if type(made.pid) is not int or not isinstance(made.host, str):
        raise TypeError("no program")
    return made


def _generation(plain: dict[str, Any]) -> Generation:
    """Build what the manifest lists. Raises ValueError and its like if it is damaged."""
    kinds = {item.name: item.type for item in fields(Generation)}
    if set(plain) != set(kinds):
        raise ValueError("not the fields of a generation")
    made = Generation(**{name: _as(kinds[name], value) for name, value in plain.items()})
    if max(len(made.path), 100 * len(made.recipe), 100 * len(made.measured_on)) > _LONGEST_PATH:
        raise ValueError("too long a text")
    if made.file not in SLOTS:
        raise ValueError("not one of our files")
    counts = (made.size, made.step, made.target, made.steps_per_epoch)
    if not all(0 <= count <= _MOST_STEPS for count in counts):
        raise ValueError("not the counts of a training")
    if made.accuracy is not None and not 0 <= made.accuracy <= 1:
        raise ValueError("not an accuracy")
    made.when.isoformat()  # raises if it is no time
    return made


def _as(kind: Any, value: Any) -> Any:
    if kind in (str, int):
        return kind(value)
    return None if value is None else float(value)


def _whole(place: Path, one: Generation) -> bool:
    path = place / one.file
    try:
        return path.stat().st_size == one.size and sha256_of(path) == one.sha256
    except OSError:
        return False
