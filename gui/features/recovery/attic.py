"""The networks that were put away: in memory, on the disk, or both, and no more than bounded.

The last few are in memory, so that they are back at once. All are on the disk as soon as
that is done in the background; what is on the disk may leave the memory.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from core.base.errors import InklingError, ModelFileError
from core.modelfile.filed import Filed
from core.modelfile.previous import MOST, MOST_BYTES, Card, PreviousNetworks, bytes_of
from core.training.run import Run
from core.training.timeline import Moment
from gui.session.jobs import Jobs

MOST_LIVE_BYTES = 64 << 20  # in memory, of networks that are on the disk, too
_MOST_PAST_BYTES = 8 << 20  # that the time line keeps in memory for each; see `TimelineModel`
_WRITE, _LOOK = "previous-write", "previous-look"


@dataclass(eq=False)
class PutAway:
    """A network that gave way to another.

    Attributes:
        words: what it is: "784-128-10, 97.2 %".
        filed: the user's own file of it.
        run: the network; None while it is on the disk only.
        past: its time line, until it is written.
        card: what it is on the disk, or None.
        order: the higher, the later it was put away.
        size: bytes in memory, about; 0 until known.
        replaces: what is on the disk of an earlier state of it, or None.
        failed, told: it could not be written; and the user knows.
        gave_way: its file did, to newer ones: the disk's share is full.
        in_use: it is being brought back: it is not to be written any more.
        damaged: it cannot be read.
    """

    words: str
    filed: Filed
    run: Run | None = None
    past: Sequence[Moment] = ()
    card: Card | None = None
    order: int = 0
    size: int = 0
    replaces: Card | None = None
    failed: bool = False
    told: bool = False
    gave_way: bool = False
    in_use: bool = False
    damaged: bool = False


class Attic(QObject):
    """Keeps networks that were put away.

    Attributes:
        entries: the last is the one to be brought back next.
        enabled: whether they are written to the disk.

    Signals:
        changed(): there are more of them or fewer.
        written(Run): this one is on the disk by now.
        failed(PutAway, InklingError): this one could not be written; it stays in memory.
    """

    changed = Signal()
    written = Signal(object)
    failed = Signal(object, object)

    def __init__(self, jobs: Jobs, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._store = jobs, PreviousNetworks(folder)
        self.entries: list[PutAway] = []
        self.enabled = True
        self.most_live_bytes = MOST_LIVE_BYTES
        self._orders = count(1)
        self._reading = threading.Lock()  # held while a network is read, written or copied

    @property
    def busy(self) -> bool:
        """True while one is being written, or the disk is looked at."""
        return self._jobs.busy(_WRITE) or self._jobs.busy(_LOOK)

    @property
    def on_disk(self) -> int:
        """How many are on the disk."""
        return sum(entry.card is not None for entry in self.entries)

    def look(self) -> None:
        """Find in the background what earlier programs put away."""
        self._jobs.start(
            _LOOK, lambda _report: self._store.look(), self._found, lambda _error: None
        )

    def add(self, entry: PutAway, *, last: bool = True) -> None:
        """Keep a network: it is brought back next, or (with `last` False) after all others."""
        assert entry.run is not None
        past = sum(moment.params.nbytes for moment in entry.past)
        entry.size = bytes_of(entry.run) + min(past, _MOST_PAST_BYTES)
        entry.order = next(self._orders)
        self.entries.insert(len(self.entries) if last else 0, entry)
        self._bound()
        self._try_again()
        self.changed.emit()

    def remove(self, *gone: PutAway) -> None:
        """Take some out of the list; their files stay."""
        self.entries = [entry for entry in self.entries if entry not in gone]
        self.changed.emit()

    def fetch(self, some: Sequence[PutAway]) -> tuple[PutAway, Run]:
        """Return the first of some networks that can be read; for a job.

        Nobody reads it any more when this has returned.

        Raises:
            InklingError: none can be read.
        """
        trouble = InklingError("No network was put away.")
        with self._reading:
            for entry in some:
                try:
                    return entry, self._run_of(entry)
                except InklingError as error:
                    trouble, entry.damaged = error, True
        raise trouble

    def save(self, entry: PutAway, write: Callable[[Run], None]) -> Run:
        """Call `write` with a network while nobody changes it, and return it; for a job."""
        with self._reading:
            run = self._run_of(entry)
            write(replace(run, moments=tuple(entry.past) or run.moments))
            return run

    def forget_file(self, card: Card) -> None:
        """Delete a network's file: it is safe elsewhere."""
        self._store.remove(card)

    def delete_all(self) -> None:
        """Delete all files. What is in memory stays."""
        for entry in self.entries:
            if entry.card is not None:
                self._store.remove(entry.card)
                entry.card = None
        self.remove(*(entry for entry in self.entries if entry.run is None))

    def finish(self) -> None:
        """Block until all is written that can be; for closing the program."""
        self._jobs.wait(_LOOK)
        self._try_again()
        while self._jobs.busy(_WRITE):
            self._jobs.wait(_WRITE)

    # Writing --------------------------------------------------------------------------------

    def write(self) -> None:
        """Write what is not on the disk yet, one after the other in the background."""
        due = [one for one in self.entries if one.run is not None and one.card is None]
        due = [one for one in due if not (one.failed or one.gave_way or one.in_use)]
        if not self.enabled or not due or self._jobs.busy(_WRITE):
            return
        entry, cards = due[0], [one.card for one in self.entries if one.card is not None]
        self._jobs.start(
            _WRITE,
            lambda _report: self._put(entry, cards),
            lambda found: self._put_down(entry, *found),
            lambda error: self._unkept(entry, error),
        )

    def _try_again(self) -> None:
        for entry in self.entries:
            entry.failed = False
        self.write()

    def _put(self, entry: PutAway, cards: list[Card]) -> tuple[Card, list[Card]]:
        """Write one; return its card, and which of the others gave way to it."""
        made: list[Card] = []

        def write(run: Run) -> None:
            made.append(self._store.put(run, entry.words, entry.filed, entry.replaces))

        self.save(entry, write)
        return made[0], [card for card in cards if not self._store.holds(card)]

    def _put_down(self, entry: PutAway, card: Card, gone: list[Card]) -> None:
        entry.card, entry.past, entry.replaces = card, (), None
        for one in self.entries:
            if one.card in gone:
                one.card, one.gave_way = None, True
        self.remove(*(one for one in self.entries if one.run is None and one.card is None))
        if entry.run is not None:
            self.written.emit(entry.run)
        self._bound()
        self.write()

    def _unkept(self, entry: PutAway, error: InklingError) -> None:
        entry.failed = True
        if not entry.told:
            entry.told = True
            self.failed.emit(entry, error)
        self.write()

    # Bounds ---------------------------------------------------------------------------------

    def _bound(self) -> None:
        """Let go of what is too much: first those put away longest ago."""
        latest = sorted(self.entries, key=lambda entry: entry.order, reverse=True)
        kept, live, unwritten = latest[:MOST], 0, 0
        for entry in list(kept):
            if entry.run is None:
                continue
            if entry.card is not None:
                live += entry.size
                entry.run = entry.run if live <= self.most_live_bytes else None
            else:
                unwritten += entry.size
                if unwritten > MOST_BYTES and entry is not latest[0]:
                    kept.remove(entry)
        if len(kept) < len(self.entries):
            self.remove(*(entry for entry in latest if entry not in kept))

    # Reading --------------------------------------------------------------------------------

    def _run_of(self, entry: PutAway) -> Run:
        run, card = entry.run, entry.card
        if run is not None:
            return run
        assert card is not None
        try:
            return self._store.load(card)
        except ModelFileError as error:
            words = f"The network that was put away ({entry.words}) cannot be read any more."
            raise InklingError(words, str(error)) from error

    def _found(self, cards: Sequence[Card]) -> None:
        known = {entry.card for entry in self.entries}
        older = [PutAway(c.words, c.filed, card=c) for c in reversed(cards) if c not in known]
        for number, entry in enumerate(older):
            entry.order = number - len(older)  # all before those of this program
        self.entries = older + self.entries
        self._bound()
        self.changed.emit()
