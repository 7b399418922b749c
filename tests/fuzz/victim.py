"""The real program, working by itself until it is killed: WORK SEED [DIGITS].

What it found at its start, what it begins and what is safe on the disk it says on its output,
one JSON list a line: a word, and what belongs to it. The files it saves go to the folder WORK.
"""

import json
import os
import random
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from gui.__main__ import main
from gui.features.my_digits.report_dialog import ReportDialog
from gui.session.phase import Phase
from gui.shell import launch
from gui.shell.app import Inkling
from tests.support.program import endless

_LEFT, _NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
_TICK_MS = 10
_COPIES_EVERY_S = 0.2
_WORDS: list[str] = []  # WORK and SEED, once they are read


def tell(word: str, *what: object) -> None:
    """Say it at once: what is in a buffer dies with the program."""
    os.write(1, json.dumps([word, *what]).encode() + b"\n")


class Life(QObject):
    """Draws, names, teaches, trains and saves at random, and says what became safe."""

    def __init__(self, inkling: Inkling, work: Path, rng: random.Random) -> None:
        super().__init__(inkling)
        self._all, self._work, self._rng = inkling, work, rng
        self._begun, self._saves = False, 0
        self._told: dict[str, Any] = {}
        autosaving = inkling.features["recovery"].parts.autosaving
        autosaving._least_s = autosaving.interval_s = _COPIES_EVERY_S
        self._ways: tuple[tuple[int, Callable[[], None]], ...] = (
            (6, self._draw), (6, self._name), (3, self._learn), (4, self._command),
            (2, self._save), (1, self._change_theme), (1, self._add_template), (20, lambda: None),
        )  # fmt: skip
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self._live)
        self._timer.start()

    def _live(self) -> None:
        self._timer.stop()  # a move lets the event loop turn
        if not self._begun:
            self._begin()
        else:
            weights, ways = zip(*self._ways, strict=True)
            self._rng.choices(ways, weights)[0]()
            self._tell_changes()
        self._timer.start()

    def _begin(self) -> None:
        """Say what was found, once all is loaded."""
        inkling = self._all
        recovery = inkling.features["recovery"].parts.autosaving.recovery
        keeper = inkling.features["my_digits"].parts.controller.keeper
        hand = inkling.features["handwriting"].parts.controller
        if inkling.session.parts is None or recovery.looking or inkling.jobs._jobs:
            return
        self._begun = True
        offers = [[one.step for one in offer.kept] for offer in recovery.offers]
        tell("found", {
            "drawings": sorted(one.key for one in keeper.drawings),
            "templates": len(hand.model.style.templates),
            "theme": inkling.settings.theme,
            "offers": offers,
            "message": inkling.banner.text if not inkling.banner.isHidden() else "",
        })  # fmt: skip
        if offers and self._rng.random() < 0.5:
            recovery.recover()
        else:
            inkling.session.edit_recipe(endless(), "Choose for a test")
        self._tell_changes()
        tell("ready")

    def _tell_changes(self) -> None:
        inkling, autosaving = self._all, self._all.features["recovery"].parts.autosaving
        recovery, kept = autosaving.recovery, autosaving._store.kept
        # Of the network in use there is a copy of this program's, or the recovered one.
        owed = len(recovery.offers) + bool(kept or recovery._taken)
        self._say_if_new("owed", [owed, kept[0].step if kept else 0])
        own = inkling.features["my_digits"].parts.controller.keeper
        if not own.set.unsaved and not inkling.jobs.busy("my-digits"):
            self._say_if_new("drawings", sorted(one.key for one in own.drawings))
        desk = inkling.features["handwriting"].parts.controller
        if desk._keeper._next is None and not inkling.jobs.busy("handwriting-save"):
            self._say_if_new("templates", len(desk.model.style.templates))

    def _say_if_new(self, word: str, what: object) -> None:
        if self._told.get(word) != what:
            self._told[word] = what
            tell(word, what)

    # What it does ---------------------------------------------------------------------

    def _draw(self) -> None:
        canvas = self._all.features["drawing"].parts.panel.canvas
        canvas.clear()
        for _ in range(self._rng.randint(1, 2)):
            spots = [self._spot(canvas.width(), canvas.height()) for _ in range(6)]
            QTest.mousePress(canvas, _LEFT, _NONE, spots[0])
            for spot in spots[1:]:
                QTest.mouseMove(canvas, spot)
            QTest.mouseRelease(canvas, _LEFT, _NONE, spots[-1])

    def _spot(self, width: int, height: int) -> QPoint:
        return QPoint(self._rng.randrange(1, width - 1), self._rng.randrange(1, height - 1))

    def _name(self) -> None:
        row = self._all.features["my_digits"].parts.controller.row
        if row.classes.isEnabled():
            tell("naming")
            QTest.mouseClick(self._rng.choice(row.classes.buttons), _LEFT)

    def _learn(self) -> None:
        for report in self._all.window.findChildren(ReportDialog):
            if report.isVisible():
                QTest.mouseClick(self._rng.choice(report.findChildren(QPushButton)), _LEFT)
                return
        button = self._all.features["my_digits"].parts.controller.row.learn_button
        if button.isEnabled():
            QTest.mouseClick(button, _LEFT)

    def _command(self) -> None:
        phase = self._all.session.phase
        keys = ["run.train"] if phase is not Phase.RUNNING else ["run.pause", "run.stop"]
        action = self._all.window.actions_by_key[self._rng.choice(keys)]
        if action.isEnabled():
            action.trigger()

    def _save(self) -> None:
        session, documents = self._all.session, self._all.documents
        run = session.run
        if run is None or not run.step or documents.saving:
            return
        self._saves += 1
        path = self._work / f"{os.getpid()}-{self._saves}.h5"
        step = run.step
        tell("saving", path.name)

        def saved() -> None:
            tell("saved", path.name, step)
            self._told.pop("owed", None)  # said anew, be it the same

        documents.save(path, saved)

    def _change_theme(self) -> None:
        theme = self._rng.choice(("light", "dark"))
        self._all.window.actions_by_key[f"view.theme.{theme}"].trigger()
        self._all.settings.sync()
        tell("theme", theme)

    def _add_template(self) -> None:
        points = [[30 + 40 * self._rng.random(), 20 + 20 * place] for place in range(9)]
        stroke = np.array(points, np.float32)
        tell("adding")
        self._all.features["handwriting"].parts.controller._fit([stroke], self._rng.randrange(10))


class Victim(Inkling):
    """The program, with a life of its own."""

    def start(self, path: Path | None = None) -> None:
        """Start as always, and begin to live."""
        super().start(path)
        shown = sys.excepthook

        def tell_outside(*fault: Any) -> None:
            traceback.print_exception(*fault)
            shown(*fault)

        sys.excepthook = tell_outside
        work, seed = _WORDS
        self._life = Life(self, Path(work), random.Random(int(seed)))


if __name__ == "__main__":
    _WORDS.extend(sys.argv[1:3])
    # All else is as in `inkling`.
    launch.Inkling = Victim  # type: ignore[misc, attr-defined]
    sys.exit(main(sys.argv[3:]))
