"""Importing a network of another program: read in the background, looked over, then used."""

from pathlib import Path
from typing import TypeAlias

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

import core.exchange.importers  # noqa: F401 - fills IMPORTERS
from core.base.digits import DIGITS
from core.base.errors import InklingError
from core.exchange.import_steps.guessing import best_answers
from core.exchange.importer import (
    IMPORTERS,
    ImportedNetwork,
    ImportOptions,
    importer_for,
    read_network,
)
from core.exchange.sample_images import made_up_images
from core.imaging.framing import SHAPE
from core.imaging.photos.preprocessing import resize
from core.training.further import give_data
from gui.features.network_import.dialog import ModelImportDialog
from gui.features.network_import.model import (
    MOST_MEASURED,
    ModelImport,
    Trial,
    TrialResult,
    read_digits,
)
from gui.session.jobs import Jobs, Report
from gui.session.messages import Message
from gui.session.phase import Phase
from gui.session.session import Session
from gui.style.theme import Themes

_Found: TypeAlias = tuple[
    str, str, ImportedNetwork, ImportOptions, Trial
]  # as ModelImport takes it
_READ, _TRY = "import-network", "try-network"
_RESIZED = (8, 64)  # pixels along a side: smaller and larger ones are no digits any more
_MOST_RESIZED = 1000  # images


class ModelImporting(QObject):
    """Shows what a file holds, and lets the user complete it, before it is used.

    Signals:
        progress(str, object): what is being read, and the share done; None: it has ended.
        failed(InklingError): it could not be read; the network in use stays.
        message(Message): something to tell the user.
        adopted(Path): the network of this file is in use now.
    """

    progress = Signal(str, object)
    failed = Signal(object)
    message = Signal(object)
    adopted = Signal(object)

    def __init__(self, session: Session, jobs: Jobs, window: QWidget, themes: Themes) -> None:
        super().__init__(window)
        self._session, self._jobs, self._window, self._themes = session, jobs, window, themes
        self.dialog: ModelImportDialog | None = None

    def open(self, path: Path) -> None:
        """Read the network at `path`, and show what was found."""
        some = self._digits()

        def work(report: Report) -> _Found:
            imported = read_network(path)
            kind = IMPORTERS[importer_for(path) or next(iter(IMPORTERS))].label
            trial = _trial(imported, some)
            answers = best_answers(imported, trial.images, trial.labels, report)
            return path.name, kind, imported, answers, trial

        self._jobs.start(
            _READ,
            work,
            lambda found: self._show(path, ModelImport(*found)),
            self._refuse,
            lambda share: self.progress.emit(f"Reading {path.name}", share),
            may_hang=True,
        )
        self.progress.emit(f"Reading {path.name}", 0.0)

    def cancel(self) -> None:
        """Stop reading; the network in use stays."""
        self._jobs.cancel(_READ)
        self.progress.emit("", None)

    def _digits(self) -> Trial | None:
        """Return the digits in use: those held out, else those to train on."""
        parts = self._session.parts
        if parts is None:
            return None
        if parts.held_out is not None and len(parts.held_out):
            images, labels = parts.held_out.images, parts.held_out.labels
            what = f"{parts.held_out_name.lower()} digits"
        else:
            images, labels, what = parts.images, parts.labels, "training digits"
        shaped = images[:MOST_MEASURED].reshape(-1, *parts.image_shape)
        return Trial(shaped, labels[:MOST_MEASURED], what)

    def _refuse(self, error: InklingError) -> None:
        self.progress.emit("", None)
        self.failed.emit(error)

    def _show(self, path: Path, model: ModelImport) -> None:
        self.progress.emit("", None)
        if self.dialog is not None:
            self.dialog.reject()
        dialog = ModelImportDialog(model, self._themes, self._window)
        dialog.answered.connect(lambda asked: self._try(model, asked))
        dialog.chosen.connect(lambda: self._use(path, model))
        dialog.closed.connect(self._forget)
        self.dialog = dialog
        self._try(model, model.answers)
        dialog.show()  # not modal: drawing and looking go on beneath

    def _try(self, model: ModelImport, asked: ImportOptions) -> None:
        model.ask(asked)
        imported, trial = model.imported, model.trial

        def work(_report: Report) -> TrialResult:
            return read_digits(imported, model.answers, trial)

        self._jobs.start(_TRY, work, model.show_reading, model.show_problem)

    def _use(self, path: Path, model: ModelImport) -> None:
        if model.reading is None or self._jobs.busy(_TRY):
            return  # what the last answer leads to is not known yet
        session = self._session
        if session.phase is not Phase.IDLE:
            words = f"Training is running, so “{path.name}” was not taken over."
            self.message.emit(Message("info", words, "Stop the training first; nothing is lost."))
            return
        run, dataset = model.reading.run, session.dataset
        if dataset is not None:  # so that it can be trained further on them
            give_data(run, dataset, named=bool(model.imported.class_names))
        if self.dialog is not None:
            self.dialog.accept()
        session.edit_recipe(run.recipe_now, f"Import “{path.name}”")
        session.adopt(run)
        self.adopted.emit(path)
        self.message.emit(
            Message("success", f"The network of “{path.name}” is in use.", "Save it to keep it.")
        )

    def _forget(self) -> None:
        self._jobs.cancel(_TRY)
        self.dialog = None


def _trial(imported: ImportedNetwork, some: Trial | None) -> Trial:
    """Return digits of the network's size and classes; none if there are no such."""
    pixels, shape = imported.input_size, (imported.guess.height, imported.guess.width)
    if some is None and (shape, imported.class_count) == (SHAPE, len(DIGITS)):
        return Trial(*made_up_images(shape, len(DIGITS)), "digits written by the program")
    if some is None:
        return _none(pixels, "no digits are loaded")
    if int(some.labels.max()) >= imported.class_count:
        return _none(pixels, "the digits in use have more classes")
    if some.images[0].size == pixels:
        return some
    if not _RESIZED[0] <= min(shape) <= max(shape) <= _RESIZED[1]:
        return _none(pixels, f"it reads {pixels:,} pixels, unlike the digits in use")
    smaller = np.stack([resize(image, shape) for image in some.images[:_MOST_RESIZED]])
    what = f"{some.what}, resized to {shape[1]} × {shape[0]},"
    return Trial(smaller, some.labels[:_MOST_RESIZED], what)


def _none(pixels: int, why: str) -> Trial:
    return Trial(np.zeros((0, 1, pixels), np.uint8), np.zeros(0, np.uint8), why)
