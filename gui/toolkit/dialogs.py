"""Questions to the user: which file, and whether to keep unsaved work.

None of them blocks: each is opened over the window, training and drawing go on beneath,
and the answer comes by a call.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

import core.data.readers  # noqa: F401 - fills READERS
from core.data.reader import READERS
from gui.toolkit.boxes import MessageBox
from gui.toolkit.file_dialog import Chosen, file_dialog

_MODEL_FILTER = "Inkling models (*.h5);;All files (*)"
_FOREIGN = "Models of other programs (*.h5 *.keras *.pt *.pth *.safetensors *.npz *.mat)"


class Dialogs:
    """Opens the program's dialogs over one window."""

    def __init__(self, window: QWidget) -> None:
        self._window = window

    def open_model(self, folder: Path, chosen: Chosen) -> None:
        """Ask which model to open."""
        dialog = file_dialog(self._window, "Open model", folder, chosen)
        inkling, every = _MODEL_FILTER.split(";;")
        dialog.setNameFilters([inkling, _FOREIGN, every])
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.open()

    def save_model(self, folder: Path, name: str, chosen: Chosen) -> None:
        """Ask where to save the model."""
        dialog = file_dialog(self._window, "Save model", folder, chosen)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(_MODEL_FILTER)
        dialog.setDefaultSuffix("h5")
        dialog.selectFile(name)
        dialog.open()

    def open_digit_file(self, folder: Path, chosen: Chosen) -> None:
        """Ask for a file that some reader knows."""
        dialog = file_dialog(self._window, "Open digit file", folder, chosen)
        dialog.setNameFilters([*_digit_filters(), "All files (*)"])
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.open()

    def open_digit_folder(self, folder: Path, chosen: Chosen) -> None:
        """Ask for a folder of digits."""
        dialog = file_dialog(self._window, "Open digit folder", folder, chosen)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.open()

    def keep_work(
        self, text: str, detail: str, save: Callable[[], None], discard: Callable[[], None]
    ) -> None:
        """Ask whether to save what no file holds. Cancel does nothing."""
        box = MessageBox(self._window)
        box.setObjectName("keep-work")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(text)
        box.setInformativeText(detail)
        box.setStandardButtons(
            QMessageBox.StandardButton.Save
            | QMessageBox.StandardButton.Discard
            | QMessageBox.StandardButton.Cancel
        )
        box.setDefaultButton(QMessageBox.StandardButton.Save)
        box.button(QMessageBox.StandardButton.Save).clicked.connect(lambda: save())
        box.button(QMessageBox.StandardButton.Discard).clicked.connect(lambda: discard())
        box.open()

    def tell(self, title: str, html: str) -> None:
        """Show a longer text of the program's own, in HTML."""
        box = MessageBox(self._window)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(title)
        box.set_own_words(html)
        box.open()


def _digit_filters() -> list[str]:
    """Return a filter for all kinds of digit files, and one for each kind."""
    kinds = [READERS[key] for key in READERS if READERS[key].patterns]
    every = " ".join(dict.fromkeys(pattern for kind in kinds for pattern in kind.patterns))
    return [f"Digit files ({every})", *(f"{k.label} ({' '.join(k.patterns)})" for k in kinds)]
