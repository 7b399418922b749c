"""Works out what the setup panel says before training: the data, and how long it takes."""

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, QTimer

from core.training.capacity import footprint_on, tight_note
from core.training.estimate import estimate_seconds
from core.training.run import DataSplit
from gui.features.setup.data_summary import DataSummary
from gui.features.setup.model import SetupModel
from gui.session.jobs import Jobs, Report
from gui.session.phase import Phase
from gui.session.session import Session

_JOB = "estimate"
_SETTLE_MS = 200  # after the last edit, so that typing a number measures once
_SAMPLES = 20


class Preparation(QObject):
    """Describes the data to the setup model, and keeps its time estimate true."""

    def __init__(
        self, session: Session, model: SetupModel, jobs: Jobs, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._model, self._jobs = session, model, jobs
        self._timer = QTimer(self, interval=_SETTLE_MS, singleShot=True)
        self._timer.timeout.connect(self._estimate)
        session.recipe_changed.connect(self._expire)
        session.data_changed.connect(self._expire)
        session.situation_changed.connect(self._resume)

    def describe_data(self) -> None:
        """Tell the setup model what is to be trained on."""
        dataset, parts = self._session.dataset, self._session.parts
        if dataset is None or parts is None:
            return
        rows = _sample_rows(parts)
        validation = parts.held_out if parts.held_out_name == "Validation" else None
        own = dataset.validation is not None
        self._model.set_data(
            DataSummary(
                name=dataset.name,
                source=dataset.source,
                train_count=len(parts.images),
                validation_count=0 if validation is None else len(validation),
                test_count=0 if dataset.test is None else len(dataset.test),
                class_names=parts.class_names,
                class_counts=np.bincount(parts.labels, minlength=len(parts.class_names)),
                sample_images=parts.images[rows].reshape(-1, *parts.image_shape),
                sample_labels=parts.labels[rows],
                image_shape=parts.image_shape,
                validation_note="These data bring validation images of their own; the split"
                " is not used."
                if own
                else "",
                rewritable=parts.rewrite is not None,
            )
        )

    def _expire(self) -> None:
        self._jobs.cancel(_JOB)
        self._model.set_estimate(None)
        self._timer.start()

    def _resume(self) -> None:
        # Not while training runs: the trial would slow it, and be slowed by it.
        if self._session.phase is Phase.IDLE and self._model.estimate_s is None:
            self._timer.start()

    def _estimate(self) -> None:
        parts, recipe = self._session.parts, self._session.recipe
        if parts is None or self._session.phase is not Phase.IDLE:
            return
        if self._jobs.ending(_JOB):  # two at a time would slow each other
            self._timer.start()
            return
        held_out = 0 if parts.held_out is None else len(parts.held_out)
        counts = parts.pixel_count, len(parts.class_names), len(parts.images), held_out
        slow_by_choice = self._model.slow_by_choice

        def measure(report: Report) -> tuple[float, float | None, str]:
            note = tight_note(footprint_on(recipe, parts))
            seconds = estimate_seconds(recipe, *counts, report)
            if not slow_by_choice:
                return seconds, None, note
            quick = replace(recipe, training=replace(recipe.training, gradient="backpropagation"))
            return seconds, estimate_seconds(quick, *counts, report), note

        self._jobs.start(
            _JOB,
            measure,
            lambda found: self._model.set_estimate(*found),
            lambda _error: self._model.set_estimate(None),
        )


def _sample_rows(parts: DataSplit) -> list[int]:
    """Choose images to show: the first ones of each class in turn."""
    of_class = [np.flatnonzero(parts.labels == label) for label in np.unique(parts.labels)]
    turns = range(-(-_SAMPLES // max(len(of_class), 1)))
    rows = [int(found[turn]) for turn in turns for found in of_class if turn < len(found)]
    return rows[:_SAMPLES]
