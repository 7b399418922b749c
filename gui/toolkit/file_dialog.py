"""The one place where dialogs for files are made.

Such a dialog watches folders, with threads and file handles of its own, as long as it is
there: hidden is not enough, it has to be deleted. All dialogs made here are, when they close.
"""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from gui.toolkit.boxes import FileDialog

Chosen = Callable[[Path], object]


def file_dialog(parent: QWidget, title: str, folder: Path, chosen: Chosen) -> QFileDialog:
    """Return a dialog to be opened, which calls `chosen` and is deleted when it closes."""
    dialog = FileDialog(parent, title, str(folder))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.fileSelected.connect(lambda name: chosen(Path(name)))
    return dialog


def ask_figure(parent: QWidget, kind: str, name: str, chosen: Chosen) -> None:
    """Ask where a figure or table of this kind ("png", "svg", "csv") is to go."""
    dialog = file_dialog(parent, f"Export as {kind.upper()}", Path.home(), chosen)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilter(f"{kind.upper()} (*.{kind})")
    dialog.setDefaultSuffix(kind)
    dialog.selectFile(f"{name}.{kind}")
    dialog.open()
