"""What needs some sense to be of use: naming files, choosing from menus, dropping."""

import random
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMenu, QWidget

_LEFT, _NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
_COPY = Qt.DropAction.CopyAction
_NAMES = 6  # different files that are saved to


def answer(dialog: QFileDialog, rng: random.Random, toys: Sequence[Path]) -> str:
    """Name a file in a file dialog, or leave it: clicks in it could delete real files."""
    field = dialog.findChild(QLineEdit, "fileNameEdit")
    if field is None or rng.random() < 0.3:
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        return "leave the file dialog"
    if dialog.acceptMode() == QFileDialog.AcceptMode.AcceptSave:
        name = f"saved-{rng.randrange(_NAMES)}{Path(field.text()).suffix}"
        path = toys[0].parent / name
    elif dialog.fileMode() == QFileDialog.FileMode.Directory:
        path = rng.choice([each for each in toys if each.is_dir()])
    else:
        path = rng.choice(toys)
    words = f"name {path.name!r} in “{dialog.windowTitle()}”"  # the dialog may be gone then
    field.setText(str(path))
    QTest.keyClick(field, Qt.Key.Key_Return)
    return words


def choose_from(menu: QMenu, rng: random.Random) -> str:
    """Click a command of an open menu, or leave it; Quit is rarely chosen."""
    actions = [action for action in menu.actions() if not action.isSeparator()]
    action = rng.choice(actions) if actions and rng.random() < 0.9 else None
    if action is None or (action.objectName() == "file.quit" and rng.random() < 0.9):
        QTest.keyClick(menu, Qt.Key.Key_Escape)
        return "leave the menu"
    words = action.text()
    QTest.mouseClick(menu, _LEFT, _NONE, menu.actionGeometry(action).center())
    return f"choose {words!r}"


def drop(path: Path, over: QWidget) -> None:
    """Drop a file on a widget, as a desktop's file manager does."""
    data, place = QMimeData(), QPoint(200, 200)
    data.setUrls([QUrl.fromLocalFile(str(path))])
    # Qt delivers a drop only where a drag has entered.
    QApplication.sendEvent(over, QDragEnterEvent(place, _COPY, data, _LEFT, _NONE))
    QApplication.sendEvent(over, QDropEvent(QPointF(place), _COPY, data, _LEFT, _NONE))
