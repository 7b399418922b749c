"""The ways by which a file comes into the program, each walked in a forked child.

A door gets hostile files and writes to its output what came of each: one line, that begins
with the file's number. What it must not do is said in `tests.fuzz.hostile`.
"""

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from gui.__main__ import main
from gui.session.phase import Phase
from gui.shell import launch
from gui.shell.app import Inkling
from gui.tour.hands import TourError, rest, wait_until
from tests.fuzz.choices import drop
from tests.fuzz.invariants import open_dialog
from tests.support.program import recipe

_LEFT = Qt.MouseButton.LeftButton
_PATIENCE_S, _WAIT_S = 20.0, 60.0  # before a click on Cancel, and after it
_FAULT = "fault in the program"


@dataclass(frozen=True, slots=True)
class Opened:
    """A hostile file, and good ones that it is used with.

    Attributes:
        number: which it is; a report names it.
        kind: what it was made from: "model", "digits", "picture", "recipe" or "home".
        path: where it is.
        digits, model, picture: good ones.
    """

    number: int
    kind: str
    path: Path
    digits: Path
    model: Path
    picture: Path


def say(number: int, words: str) -> None:
    """Write a line about a file, at once."""
    os.write(1, f"{number} {words!r}\n".encode("utf-8", "backslashreplace"))


# The command line ---------------------------------------------------------------------------


def command_lines(one: Opened) -> list[list[str]]:
    """Return the commands that open a file of this kind."""
    path, digits, model, picture = map(str, (one.path, one.digits, one.model, one.picture))
    out = str(one.path.parent / "out.h5")
    short = ["--set", "iterations=2", "--set", "hidden=4", "--set", "batch_size=10"]
    lines = {
        "model": [
            ["evaluate", path, "--data", digits], ["predict", path, picture],
            ["export", path, out + ".onnx"], ["import", path, "-o", out],
        ],
        "digits": [
            ["train", "--data", path, "--out", out, *short], ["evaluate", model, "--data", path],
            ["check", "--data", path, "--images", "1"],
        ],
        "picture": [["predict", model, path], ["predict", model, path, "--row"]],
        "recipe": [["train", "--recipe", path, "--data", digits, *short]],
    }  # fmt: skip
    return lines[one.kind]


def by_command(opened: Sequence[Opened]) -> None:
    """Open each file by every command that takes its kind."""
    for one in opened:
        for words in command_lines(one):
            sys.stderr.flush()
            status = main(words)
            say(one.number, f"{words[0]} ended with {status}")


# The window -----------------------------------------------------------------------------------


class _Visitor(QObject):
    """Drops one file after the other on the program, and looks what it says and keeps."""

    def __init__(self, inkling: Inkling, opened: Sequence[Opened], first: str) -> None:
        super().__init__(inkling)
        self._all, self._opened, self._first = inkling, opened, first
        self._cancelled = False  # what was opened last took too long
        QTimer.singleShot(0, self._visit)

    def _visit(self) -> None:
        try:
            self._settle()
            if self._first:
                say(self._opened[0].number, f"{self._first}: {self._told() or 'nothing to say'}")
            self._work()
            for one in self._opened:
                say(one.number, self._drop(one))
        except Exception as fault:  # noqa: BLE001 - the hook writes it out; the loop must end
            sys.excepthook(type(fault), fault, fault.__traceback__)
        self._all.window.allow_close()
        self._all.window.close()

    def _settle(self) -> None:
        """Wait until all that was begun has ended, and a dialog with its question is open.

        What takes long (a terabyte of zeros may be read to its end) is cancelled, as a user
        would do, and must end then.
        """
        inkling, self._cancelled = self._all, False
        for patience_s in (_PATIENCE_S, _WAIT_S):
            with suppress(TourError):
                wait_until(lambda: not inkling.jobs._jobs, "all jobs to end", patience_s)
                rest(0.02)  # one job may lead to the next
                wait_until(lambda: not inkling.jobs._jobs, "all jobs to end", patience_s)
                return
            self._cancel()
            self._cancelled = True
        raise TourError(f"these do not end: {list(inkling.jobs._jobs)}")

    def _cancel(self) -> None:
        """Click every Cancel that is to be seen."""
        for button in self._all.window.findChildren(QPushButton):
            if button.text().replace("&", "") == "Cancel" and button.isVisible():
                QTest.mouseClick(button, _LEFT)

    def _work(self) -> None:
        """Make something that could be lost: a trained network."""
        inkling = self._all
        inkling.datasets.load(str(self._opened[0].digits))
        self._settle()
        inkling.session.edit_recipe(recipe(iterations=20), "Choose for a test")
        inkling.session.train()
        wait_until(lambda: inkling.session.phase is Phase.IDLE, "the end", _WAIT_S)
        self._settle()

    def _drop(self, one: Opened) -> str:
        inkling, session = self._all, self._all.session
        run, dataset = session.run, session.dataset
        assert run is not None, "something was trained"
        params, shown = (
            run.params.copy(),
            inkling.features["picture"].parts.controller.model.picture,
        )
        inkling.banner.hide()
        drop(one.path, inkling.window)
        self._settle()
        asked = "cancelled" if self._cancelled else self._answer(use=one.number % 2 == 0)
        told = self._told()
        changed = [
            word
            for word, is_so in (
                (
                    "picture",
                    inkling.features["picture"].parts.controller.model.picture is not shown,
                ),
                ("digits", session.dataset is not dataset),
                ("network", session.run is not run),
            )
            if is_so
        ]
        if not np.array_equal(run.params, params):
            return "FAULT: the network that was open has changed"
        self._bring_back(run)
        if _FAULT in told or not (told or asked or changed):
            return f"FAULT: it says {told!r} to {one.path!r}"
        return f"{told} {asked} {changed}"

    def _answer(self, *, use: bool) -> str:
        """Answer the dialogs that opened: take what was found, or leave them."""
        titles = []
        for _ in range(6):
            dialog = open_dialog()
            if dialog is None:
                break
            titles.append(dialog.windowTitle())
            take = getattr(dialog, "use", None)
            if use and take is not None and take.isEnabled():
                QTest.mouseClick(take, _LEFT)
            else:
                QTest.keyClick(dialog, Qt.Key.Key_Escape)
            self._settle()
        return "; ".join(titles)

    def _bring_back(self, run: Any) -> None:
        """Use the network again that was open before."""
        session = self._all.session
        if session.run is not run:
            session.adopt(run)
            self._settle()

    def _told(self) -> str:
        """Return what the window says: in its strip, or where a picture or digits are shown."""
        inkling = self._all
        words = [] if inkling.banner.isHidden() else [inkling.banner.text]
        words.append(
            str(getattr(inkling.features["picture"].parts.controller.model, "problem", "") or "")
        )
        return " ".join(filter(None, words))


def by_window(opened: Sequence[Opened], *, home: bool = False) -> None:
    """Start with the first file (or with a hostile home), then drop all of them, one by one."""

    class Visited(Inkling):
        """The program, with a visitor."""

        def start(self, path: Path | None = None) -> None:
            super().start(path)
            self._visitor = _Visitor(self, opened, "at the start")

    # All else is as in `inkling`.
    launch.Inkling = Visited  # type: ignore[misc, attr-defined]
    first = opened[0].path
    words = [] if home or not os.path.lexists(first) else [str(first)]
    if words and not first.exists():  # no file: the command line's part
        words = []
    say(opened[0].number, f"ended with {main(words)}")


DOORS: dict[str, Callable[[Sequence[Opened]], None]] = {
    "command": by_command, "window": by_window,
}  # fmt: skip
