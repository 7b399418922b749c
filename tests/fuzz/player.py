"""Plays with the real window, in a process of its own: FOLDER COUNT SEED.

Each move is written to FOLDER/moves.txt before its outcome is known, and what is found to
FOLDER/report.json. A hang ends the process, with the stacks of all threads.
"""

import faulthandler
import json
import os
import random
import resource
import sys
import time
import traceback
from pathlib import Path
from typing import Any, TextIO

from PySide6.QtCore import QObject, QTimer, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from gui.__main__ import main
from gui.session.settings import Settings
from gui.shell import launch
from gui.shell.app import Inkling
from gui.tour.hands import rest, wait_until
from tests.fuzz.clicks import EARLY
from tests.fuzz.invariants import (
    Faults,
    Inspector,
    bring_to_rest,
    delete_due,
    wait_for_training,
)
from tests.fuzz.moves import Hand
from tests.fuzz.toys import fill
from tests.support.program import end_program

_HANG_S = 120.0
_MOST_MEMORY = 6 << 30  # bytes: a fault may not take the whole machine
_LOOK_EVERY, _REST_EVERY = 25, 100
_RESTS_S = (0.0, 0.0, 0.002, 0.01, 0.05)


class _Links(QObject):
    """Takes the folders and pages that would be opened in other programs."""

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        """Do nothing with it."""


class Player:
    """Makes moves and looks what comes of them."""

    def __init__(
        self, app: QApplication, first: Inkling, folder: Path, seed: int, journal: TextIO
    ) -> None:
        self._app, self._journal = app, journal
        self._rng = random.Random(seed)
        self._toys = fill(folder / "toys")
        self._faults, self._inspector = Faults(), Inspector()
        self.longest: tuple[float, str] = (0.0, "")
        self.memory: dict[int, int] = {}
        self._use(first)

    def play(self, count: int) -> list[str]:
        """Make so many moves; return what is wrong after one of them, and no more."""
        for number in range(1, count + 1):
            faulthandler.dump_traceback_later(_HANG_S, exit=True)
            wrong = self._one(number)
            if number % _LOOK_EVERY == 0:
                wrong += wait_for_training(self._all)
            if number % _REST_EVERY == 0 or number == count:
                wrong += bring_to_rest(self._all) + self._inspector.look(self._all)
            if number in (EARLY, count):
                self.memory[number] = _resident()
            if wrong or self._faults.found:
                return [*wrong, *self._faults.found]
        return self._end()

    def _one(self, number: int) -> list[str]:
        began = time.monotonic()
        self._journal.write(f"{number}: ")
        try:
            done = self._hand.move()
        except Exception as error:  # noqa: BLE001 - the journal shows at which move
            self._journal.write(f"{error!r}\n")
            raise
        rest(self._rng.choice(_RESTS_S))
        delete_due()
        took = time.monotonic() - began
        self.longest = max(self.longest, (took, f"{number}: {done}"))
        self._journal.write(f"{done} ({took:.2f} s, {self._all.session.phase.name})\n")
        self._journal.flush()
        if not self._all.window.isVisible():
            self._journal.write("the window was closed; it is started anew\n")
            wrong = self._end()
            self._start(self._rng.choice([None, *self._toys]))
            return wrong
        return self._inspector.look(self._all)

    def _start(self, path: Path | None) -> None:
        """Start the program once more, as another process would."""
        again = Inkling(self._app, Settings())
        again.start(path)
        wait_until(again.window.isVisible, "the window")
        self._use(again)

    def _use(self, inkling: Inkling) -> None:
        self._all, self._hand = inkling, Hand(inkling.window, self._rng, self._toys)

    def _end(self) -> list[str]:
        wrong = bring_to_rest(self._all)
        end_program(self._all)  # raises if a thread is left
        return wrong


def _resident() -> int:
    """Return the bytes of memory this process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()


class Played(Inkling):
    """The program, which is played with as soon as it is there."""

    def start(self, path: Path | None = None) -> None:
        """Start as always, and begin to play."""
        super().start(path)
        QTimer.singleShot(0, self._play)

    def _play(self) -> None:
        folder, count, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
        try:
            _play(self, folder, count, seed)
        except BaseException:  # noqa: BLE001 - the loop must not go on after it
            traceback.print_exc()
            sys.stderr.flush()
            os._exit(1)
        os._exit(0)  # what is left is not of interest, and may be large


def _play(first: Inkling, folder: Path, count: int, seed: int) -> None:
    """Play and report."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    app.setQuitOnLastWindowClosed(False)
    links = _Links()
    for scheme in ("file", "http", "https"):
        QDesktopServices.setUrlHandler(scheme, links, "take")  # type: ignore[arg-type]
    os.chdir(folder)
    with (folder / "moves.txt").open("w", encoding="utf-8") as journal:
        player = Player(app, first, folder, seed, journal)
        wrong = player.play(count)
    report: dict[str, Any] = {
        "wrong": wrong, "memory": player.memory, "longest": player.longest,
    }  # fmt: skip
    (folder / "report.json").write_text(json.dumps(report), encoding="utf-8")


if __name__ == "__main__":
    faulthandler.enable()
    resource.setrlimit(resource.RLIMIT_DATA, (_MOST_MEMORY, _MOST_MEMORY))
    # All else is as in `inkling`.
    launch.Inkling = Played  # type: ignore[misc, attr-defined]
    sys.exit(main([]))
