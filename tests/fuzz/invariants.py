"""What must hold in the window after every move, whatever came before."""

import gc
import logging
import sys
import threading
import traceback
from collections import Counter
from collections.abc import Callable
from types import TracebackType
from typing import Any

import numpy as np
from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QMessageLogContext,
    Qt,
    QtMsgType,
    qInstallMessageHandler,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from core.modelfile import load_model
from gui.session.phase import Phase
from gui.shell.actions import specs_of
from gui.shell.app import Inkling
from gui.tour.hands import TourError, rest, wait_until
from tests.support.program import own_threads

_PATIENCE_S = 60.0  # the machine may be busy; what is wrong for good stays so
_SILENT = ("This plugin does not support ",)  # what the offscreen platform cannot do
_MOST_ESCAPES = 40


class Faults:
    """Gathers what reaches Python's hooks, Qt's log and ours, from any thread.

    Attributes:
        found: what was gathered, in words.
    """

    def __init__(self) -> None:
        self.found: list[str] = []
        sys.excepthook = self._raised
        threading.excepthook = lambda told: self._note(
            "".join(traceback.format_exception(told.exc_value))
        )
        sys.unraisablehook = lambda told: self._note(
            f"unraisable: {told.exc_value!r} {told.object!r}"
        )
        qInstallMessageHandler(self._hear)
        logging.getLogger().addHandler(_Log(self._note))

    def _note(self, words: str) -> None:
        self.found.append(words)

    def _raised(
        self, _kind: type[BaseException], value: BaseException, _trace: TracebackType | None
    ) -> None:
        self._note("".join(traceback.format_exception(value)))

    def _hear(self, kind: QtMsgType, _where: QMessageLogContext, words: str | None) -> None:
        told = kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg) and words is not None
        if told and not str(words).startswith(_SILENT):
            self._note(f"Qt says: {words}")


class _Log(logging.Handler):
    """Takes what is logged as an error: faults that were caught and told to the user."""

    def __init__(self, note: Callable[[str], None]) -> None:
        super().__init__(logging.ERROR)
        self._tell = note

    def emit(self, record: logging.LogRecord) -> None:
        self._tell(logging.Formatter().format(record))


class Inspector:
    """Looks whether the program is as it says it is."""

    def __init__(self) -> None:
        self._compared: tuple[Any, ...] = ()

    def look(self, inkling: Inkling) -> list[str]:
        """Return what is wrong at any moment, in words."""
        session, window = inkling.session, inkling.window
        run, documents, now = session.run, inkling.documents, session.situation()
        wrong = [
            f"the command {spec.key} is {'off' if spec.allowed(now) else 'on'} in {now}"
            for spec in specs_of(window.menus)
            if window.actions_by_key[spec.key].isEnabled() != spec.allowed(now)
        ]
        if window.isWindowModified() != documents.dirty and now.phase in (Phase.IDLE, Phase.PAUSED):
            wrong.append(f"the title's mark is {window.isWindowModified()}, not {documents.dirty}")
        if run is None and documents.dirty:
            wrong.append("without a network there is unsaved work")
        resting = session.resting_run()  # else it is ahead of what has been told of it
        if resting is not None and resting.step and not (documents.path or documents.dirty):
            wrong.append("a trained network that is in no file counts as saved")
        if "fault in the program" in inkling.banner.text:
            wrong.append(f"it says: {inkling.banner.text}")
        return wrong + self._look_into_file(inkling)

    def _look_into_file(self, inkling: Inkling) -> list[str]:
        """Compare the network with the file that is said to hold it, once for each state."""
        documents, run = inkling.documents, inkling.session.resting_run()
        path = documents.path
        if run is None or path is None or documents.dirty or documents.saving or not path.exists():
            return []
        state = (path, path.stat().st_mtime_ns, id(run), run.step, len(run.lessons))
        if state == self._compared:
            return []
        self._compared = state
        kept = load_model(path)
        if kept.step != run.step or not np.array_equal(kept.params, run.params):
            return [f"“{path.name}” counts as saved, and holds another network (step {kept.step})"]
        return []


def wait_for_training(inkling: Inkling) -> list[str]:
    """Wait until phase and thread agree; return what is wrong if they never do."""

    def agrees() -> bool:
        phase = inkling.session.phase
        trains = any(name.startswith("training") for name in own_threads())
        return phase not in (Phase.PAUSING, Phase.STOPPING) and trains == (phase is not Phase.IDLE)

    try:
        wait_until(agrees, "phase and thread to agree", _PATIENCE_S)
    except TourError:
        return [f"the phase stays {inkling.session.phase}, with the threads {own_threads()}"]
    return []


def bring_to_rest(inkling: Inkling) -> list[str]:
    """Leave all dialogs, stop the training and wait for all jobs; return what would not end."""
    wrong = _leave_windows()
    if inkling.session.phase is not Phase.IDLE:
        inkling.window.actions_by_key["run.stop"].trigger()
    wrong += wait_for_training(inkling)
    for _ in range(2):  # what a job has found may open a dialog, which may begin another
        wrong += _wait_for_jobs(inkling) + _leave_windows()
    gc.collect()
    delete_due()
    return wrong + _kept_dialogs()


def delete_due() -> None:
    """Delete what waits for it.

    Qt does so only when the loop comes round in which it was asked to; whoever plays inside
    of that loop has it wait for ever.
    """
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _leave_windows() -> list[str]:
    for _ in range(_MOST_ESCAPES):
        front = QApplication.activePopupWidget() or open_dialog()
        if front is None:
            return []
        QTest.keyClick(front, Qt.Key.Key_Escape)
        rest(0.0)
    return [f"a window cannot be left: {front and front.windowTitle()!r}"]


def _wait_for_jobs(inkling: Inkling) -> list[str]:
    try:
        wait_until(lambda: not inkling.jobs._jobs, "all jobs to end", _PATIENCE_S)
    except TourError:
        return [f"jobs do not end: {list(inkling.jobs._jobs)}"]
    rest(0.0)
    return []


def open_dialog() -> QWidget | None:
    """Return the dialog that is to be answered, if one is open."""
    modal = QApplication.activeModalWidget()
    if modal is not None:
        return modal
    others = (each for each in QApplication.topLevelWidgets() if isinstance(each, QDialog))
    return next((each for each in others if each.isVisible()), None)


def _kept_dialogs() -> list[str]:
    """Return which dialogs are there more than once, though none is open."""
    there = Counter(
        (type(each).__name__, each.windowTitle())
        for each in QApplication.topLevelWidgets()
        if isinstance(each, QDialog)
    )
    return [
        f"{count} closed dialogs are kept: {each}" for each, count in there.items() if count > 1
    ]
