"""Keeps the network in training on the disk, in case the program or the power goes."""

import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from core.base.errors import InklingError, SaveError
from core.base.events import Captured, Evaluated, Event, RunStarted
from core.modelfile.autosave import Autosave, autosave_folder
from core.modelfile.filed import State, state_of
from core.training.run import Run
from gui.features.recovery.recovering import Recovering
from gui.session.documents import Documents
from gui.session.jobs import Jobs
from gui.session.messages import Message
from gui.session.phase import Phase
from gui.session.session import Session

INTERVAL_S = 30.0  # at least, between two copies
MOST_SHARE = 0.01  # of the training time that copies may cost
_PATIENCE = 1 / 3  # of an interval: so long a due copy waits for an epoch's end
_JOB = "autosave"

_log = logging.getLogger(__name__)


class Autosaving(QObject):
    """Writes copies of the network in the background, and offers them after a crash.

    Copies are made at the ends of epochs (of measurements, to be exact: a new best is
    found there, too), or between two batches where epochs are long; at a pause and at the
    end. Only of work that no file holds: when it is saved they are deleted.

    Attributes:
        enabled: see `set_enabled`.
        recovery: what is offered after a crash.
        interval_s: time between two copies, so long that they cost little.

    Signals:
        message(Message): something to tell the user.
    """

    message = Signal(object)

    def __init__(
        self,
        session: Session,
        documents: Documents,
        jobs: Jobs,
        find_data: Callable[[Run], Message | None],
        folder: Path | None = None,
        parent: QObject | None = None,
        interval_s: float = INTERVAL_S,
        most_share: float = MOST_SHARE,
    ) -> None:
        """Take what to watch; `folder`, `interval_s` and `most_share` are for tests."""
        super().__init__(parent)
        self._session, self._documents, self._jobs = session, documents, jobs
        folder = folder or autosave_folder()
        self._store = Autosave(folder)
        self.recovery = Recovering(session, jobs, folder, find_data, self)
        self.recovery.message.connect(self.message)
        self.recovery.recovered.connect(documents.mark_unsaved)
        self.enabled = True
        self._least_s = self.interval_s = interval_s
        self._most_share = most_share
        self._asked = False  # the training for a snapshot
        self._last = self._began = -float("inf")  # of the last copy, of the present training
        self._kept: tuple[Run, State] | None = None  # what the newest copy is of
        self._filed: Run | None = None  # saved by the user while a copy of it was being written
        self._told = ""
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._keep_resting)
        session.received.connect(self._receive)
        session.situation_changed.connect(self._take_rest)
        # Later: only then it is known whether it comes from a file.
        session.run_changed.connect(lambda: self._timer.start(0))
        session.work_done.connect(self._take_rest)  # a lesson, say, teaches it at rest
        documents.changed.connect(self._forget_saved)

    @property
    def busy(self) -> bool:
        """True while a copy is being written or waited for."""
        return self._asked or self._jobs.busy(_JOB)

    def set_enabled(self, enabled: bool) -> None:
        """Keep copies from now on, or delete them and keep none."""
        self.enabled = enabled
        if enabled:
            self._keep_resting()
        else:
            self._timer.stop()
            self._clear()

    def keep_now(self) -> None:
        """Write a copy as soon as can be: the program may be ended from outside."""
        self._last = -float("inf")
        if self._session.resting_run() is not None:
            self._keep_resting()
        elif self.enabled and not self.busy:
            self._asked = True
            self._session.request_capture()

    def shut_down(self, agreed: bool = False) -> None:
        """End; the training must have ended.

        Args:
            agreed: leave nothing behind: the user has saved the network, or does not want
                it. Else a last copy waits for the next start: the display may have gone, or
                the system ends the program.
        """
        self._timer.stop()
        wanted, self.enabled = self.enabled and not agreed, False
        self._jobs.join(_JOB)
        if wanted:
            self._keep_last()
        if agreed:
            self._store.close()
        else:
            self._store.abandon()
        self.recovery.shut_down(agreed)

    def _keep_last(self) -> None:
        run, path = self._session.run, self._documents.path or self.recovery.suggestion
        # One that a training still changes cannot be kept: the copy before it is.
        if run is None or run.live_params is not None or not self._documents.dirty:
            return
        if self._kept != (run, state_of(run)):
            try:
                self._store.keep(run, path)
            except SaveError as error:
                _log.warning("no last copy was kept: %s", error.sentence)
                return
        self.recovery.kept(run)

    # When ----------------------------------------------------------------------------

    def _receive(self, events: Sequence[Event]) -> None:
        for event in events:
            match event:
                case RunStarted():
                    self._began = time.monotonic()
                case Captured() if self._asked:
                    self._asked = False
                    self._write(event.run)
        if self._session.phase is Phase.RUNNING and not self.busy and self.enabled:
            waited = time.monotonic() - max(self._last, self._began)
            measured = any(isinstance(event, Evaluated) for event in events)
            if waited >= self.interval_s * (1.0 if measured else 1.0 + _PATIENCE):
                self._asked = True
                self._session.request_capture()

    def _take_rest(self) -> None:
        if self._session.phase in (Phase.PAUSED, Phase.IDLE):
            self._asked = False  # a run at rest gives no snapshot
            self._keep_resting()

    def _keep_resting(self) -> None:
        """Keep a network that is not in training now, at once or as soon as it is due."""
        run = self._session.resting_run()
        if run is None or not self.enabled or not self._documents.dirty or self.busy:
            return
        if self._kept == (run, state_of(run)):
            return
        wait = self._last + self.interval_s - time.monotonic()
        if wait > 0:
            self._timer.start(round(1000 * wait) + 1)
        else:
            self._write(run.copy())

    # Writing -------------------------------------------------------------------------

    def _write(self, run: Run) -> None:
        source, path = self._session.run, self._documents.path or self.recovery.suggestion
        first = self._kept is None or self._kept[0] is not source
        self._filed = None

        def work(_report: object) -> float:
            """Return what it cost, in seconds."""
            began = time.perf_counter()
            if first:
                run.copy()  # for its time: the snapshot was taken in the training's thread
            self._store.keep(run, path)
            return time.perf_counter() - began

        def done(cost_s: float) -> None:
            self._last, self._told = time.monotonic(), ""
            self.interval_s = max(self._least_s, cost_s / self._most_share)
            self._kept = None if source is None else (source, state_of(run))
            if source is not None:
                self.recovery.kept(source)
            if source is not None and source is self._filed:
                self._clear()  # it may be out of use since: nothing else would delete it
            self._forget_saved()
            self._keep_resting()

        self._jobs.start(_JOB, work, done, self._refuse)

    def _refuse(self, error: InklingError) -> None:
        """Say it once; it is tried again when the next copy is due."""
        self._last = time.monotonic()
        if error.sentence != self._told:
            self._told = error.sentence
            self.message.emit(Message("warning", error.message, error.hint))
        self._keep_resting()

    def _forget_saved(self) -> None:
        """Delete the copies that are of no use: a file of the user's holds the network."""
        run, documents = self._session.run, self._documents
        saved = run is not None and documents.path is not None and not documents.dirty
        if run is not None and saved:
            self.recovery.kept(run)
            self._filed = run
        if not self.enabled or (saved and self._kept is not None and self._kept[0] is run):
            self._clear()

    def _clear(self) -> None:
        if not self._jobs.busy(_JOB):  # else it is done after that
            self._store.clear()
            self._kept = None
