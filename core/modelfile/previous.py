"""Networks that gave way to others, on the disk: they can be brought back after a restart.

    <folder>/
        previous.lock       held while files come and go; see `core.base.filelock`
        <time>-<id>.h5      a network, an ordinary model file
        <time>-<id>.json    what it is; the network counts from the moment this is there

All programs of one user share the folder. It is bounded in number and in bytes: those put
away longest ago go first, never the one that came last. Each file is written whole, the
card after the network and taken away before it, so a program killed at any moment leaves
nothing that is half there.
"""

import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from core.base.atomic_write import write_bytes_whole
from core.base.errors import SaveError, cause_of
from core.base.filelock import locked
from core.modelfile import load_model, save_model
from core.modelfile.autosave import remove
from core.modelfile.filed import Filed
from core.training.run import Run

MOST, MOST_BYTES = 10, 256 << 20
_VERSION = 1
_LOCK, _MODEL, _CARD, _PART = "previous", ".h5", ".json", ".part"
_MAX_CARD_BYTES = 1 << 16
_PATIENCE_S = 3.0  # until another program that writes there is done
_STALE_S = 3600.0  # so old, what no card names was left by a program that was killed


@dataclass(frozen=True, slots=True)
class Card:
    """A network that was put away, as its card tells.

    Attributes:
        name: of its files, without the ending; later ones sort behind earlier ones.
        words: what it is, for people: "784-128-10, 97.2 %".
        filed: the user's own file of it.
        size: of the model file, in bytes.
        when: it was put away, ISO 8601 with its zone.
    """

    name: str
    words: str
    filed: Filed
    size: int
    when: str


class PreviousNetworks:
    """The networks in one folder. Methods may be called from any thread, one at a time."""

    def __init__(self, folder: Path, most: int = MOST, most_bytes: int = MOST_BYTES) -> None:
        self._folder, self._most, self._most_bytes = folder, most, most_bytes

    def look(self) -> list[Card]:
        """Return what can be brought back, the last one put away first.

        What is damaged, half there or of a newer version is left out.
        """
        found = [self._read(name) for name in self._names()]
        return [card for card in found if card is not None][: self._most]

    def put(self, run: Run, words: str, filed: Filed, instead_of: Card | None = None) -> Card:
        """Write a network; those that are too many then go.

        Args:
            run: nobody may change it meanwhile.
            words: what it is.
            filed: the user's own file of it.
            instead_of: what is there of the same network; it goes once this is safe.

        Raises:
            SaveError: it could not be written; all that was there still is.
        """
        if bytes_of(run) > self._most_bytes:
            raise _too_large(self._folder, words, bytes_of(run), self._most_bytes)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with locked(self._folder / _LOCK, _PATIENCE_S):
                card = self._write(run, words, filed)
                if instead_of is not None:
                    self._remove(instead_of.name)
                self._make_room(card.name)
        except (SaveError, OSError) as error:
            raise _unkept(self._folder, words, error) from error
        return card

    def holds(self, card: Card) -> bool:
        """Tell whether it is still there."""
        return self._model(card.name).exists() and self._card(card.name).exists()

    def load(self, card: Card) -> Run:
        """Read a network. Raises ModelFileError: it is gone or damaged."""
        return load_model(self._model(card.name))

    def remove(self, card: Card) -> None:
        """Delete a network, as far as that is possible."""
        self._remove(card.name)

    # How ------------------------------------------------------------------------------------

    def _write(self, run: Run, words: str, filed: Filed) -> Card:
        latest = max((_time_of(name) for name in self._names()), default=0)
        # Behind all that are there, even if the clock was put back.
        name = f"{max(time.time_ns(), latest + 1):020d}-{uuid4().hex[:8]}"
        model = self._model(name)
        try:
            save_model(model, run, datetime.now(UTC))
            when = datetime.now().astimezone().isoformat(timespec="seconds")
            card = Card(name, words, filed, model.stat().st_size, when)
            text = json.dumps(_plain(card), indent=1).encode()
            write_bytes_whole(self._card(name), text, keep_copy=False)
        except (SaveError, OSError):
            remove(model)
            raise
        return card

    def _make_room(self, last: str) -> None:
        count, size = 0, 0
        for name in self._names():
            count, size = count + 1, size + _size_of(self._model(name))
            if name != last and (count > self._most or size > self._most_bytes):
                self._remove(name)
        self._sweep()

    def _sweep(self) -> None:
        """Delete what programs left that were killed: half-written files, models without card."""
        known, now = set(self._names()), time.time()
        for path in self._folder.iterdir():
            left = path.suffix == _PART or (path.suffix == _MODEL and path.stem not in known)
            if left and now - path.stat().st_mtime > _STALE_S:
                remove(path)

    def _remove(self, name: str) -> None:
        remove(self._card(name))  # first: nobody is ever told of a network that is gone
        remove(self._model(name))

    def _names(self) -> list[str]:
        """Return the names of all networks, the last one put away first."""
        try:
            found = [path.stem for path in self._folder.glob(f"*{_CARD}")]
            return sorted((name for name in found if _time_of(name)), reverse=True)
        except OSError:
            return []

    def _read(self, name: str) -> Card | None:
        try:
            with self._card(name).open("rb") as stream:
                card = _card(name, json.loads(stream.read(_MAX_CARD_BYTES)))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError):
            return None
        return card if _size_of(self._model(name)) == card.size else None

    def _model(self, name: str) -> Path:
        return self._folder / f"{name}{_MODEL}"

    def _card(self, name: str) -> Path:
        return self._folder / f"{name}{_CARD}"


def bytes_of(run: Run) -> int:
    """Return what a network at rest takes in memory, about: its vectors, curves and moments."""
    kept = [run.stored_params, *run.stored_slots.values(), run.history.losses]
    kept += [run.history.accuracies, *(moment.params for moment in run.moments)]
    kept += [point.params for point in (run.best, run.anchor) if point is not None]
    return sum(array.nbytes for array in kept)


def _plain(card: Card) -> dict[str, Any]:
    filed = card.filed
    return {
        "version": _VERSION,
        "words": card.words,
        "path": "" if filed.path is None else str(filed.path),
        "state": filed.state,
        "dirty": filed.dirty,
        "size": card.size,
        "when": card.when,
    }


def _card(name: str, plain: dict[str, Any]) -> Card:
    """Build a card from its file. Raises ValueError and its like if it is damaged."""
    if plain["version"] != _VERSION:
        raise ValueError("of a newer version")
    path, state = str(plain["path"]), plain["state"]
    if state is not None:
        step, evaluations, lessons = (int(number) for number in state)
        state = step, evaluations, lessons
    filed = Filed(Path(path) if path else None, state, bool(plain["dirty"]))
    datetime.fromisoformat(str(plain["when"]))  # raises if it is no time
    return Card(name, str(plain["words"]), filed, int(plain["size"]), str(plain["when"]))


def _time_of(name: str) -> int:
    number = name.partition("-")[0]
    return int(number) if number.isdecimal() and len(number) == 20 else 0


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _too_large(folder: Path, words: str, size: int, most: int) -> SaveError:
    return SaveError(
        folder,
        f"The network that was put away ({words}) is too large to be kept on the disk unasked:"
        f" {size >> 20:,} MB of at most {most >> 20:,} MB.",
        "It is in memory until Inkling ends: save it to keep it.",
    )


def _unkept(folder: Path, words: str, error: SaveError | OSError) -> SaveError:
    return SaveError(
        folder,
        f"The network that was put away ({words}) could not be kept on the disk"
        f" ({cause_of(error)}).",
        f"It is in memory until Inkling ends: save it, or free some space or mend {folder}.",
    )
