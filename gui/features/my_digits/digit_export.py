"""Exporting the user's drawings as files of other programs."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from core.data.drawings.drawings import OwnDrawing
from core.data.drawings.export import export_idx, export_pngs
from gui.session.jobs import Jobs, Report
from gui.session.messages import Message, error_message
from gui.session.settings import Settings
from gui.toolkit.file_dialog import file_dialog

_JOB = "export-my-digits"


class DigitExport(QObject):
    """Asks for a folder and writes the drawings there, in the background.

    Signals:
        message(Message): what became of it.
    """

    message = Signal(object)

    def __init__(self, jobs: Jobs, window: QWidget, settings: Settings) -> None:
        super().__init__(window)
        self._jobs, self._window, self._settings = jobs, window, settings

    def as_idx(self, drawings: Sequence[OwnDrawing]) -> None:
        """Export a pair of IDX files."""
        self._ask(
            "Export as IDX files",
            lambda folder: self._start(lambda _: export_idx(drawings, folder), drawings, folder),
        )

    def as_pngs(self, drawings: Sequence[OwnDrawing]) -> None:
        """Export a PNG for each drawing, in a folder for each class."""
        self._ask(
            "Export as PNG pictures",
            lambda folder: self._start(
                lambda report: export_pngs(drawings, folder, report), drawings, folder
            ),
        )

    def _ask(self, title: str, chosen: Callable[[Path], None]) -> None:
        dialog = file_dialog(self._window, title, self._settings.folder, chosen)
        dialog.setObjectName("export-my-digits")
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.open()

    def _start(
        self, work: Callable[[Report], Any], drawings: Sequence[OwnDrawing], folder: Path
    ) -> None:
        self._settings.folder = folder
        words = f"{len(drawings):,} {'drawing' if len(drawings) == 1 else 'drawings'}"
        self._jobs.start(
            _JOB,
            work,
            lambda _: self.message.emit(Message("success", f"Exported {words} to {folder}.")),
            lambda error: self.message.emit(error_message(error)),
        )
