"""Questions to the user: none blocks, each answers once."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from gui.toolkit.dialogs import Dialogs

BUTTON = QMessageBox.StandardButton


@pytest.fixture
def window(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.parametrize(
    ("ask", "arguments"),
    [
        (Dialogs.open_model, ()),
        (Dialogs.save_model, ("mine.h5",)),
        (Dialogs.open_digit_file, ()),
        (Dialogs.open_digit_folder, ()),
    ],
)
def test_a_chosen_file_is_passed_on_and_the_dialog_begins_in_its_folder(
    window, tmp_path, ask, arguments
):
    chosen = []
    ask(Dialogs(window), tmp_path, *arguments, chosen.append)
    (dialog,) = window.findChildren(QFileDialog)
    assert dialog.isVisible()
    assert dialog.directory().absolutePath() == str(tmp_path)
    dialog.fileSelected.emit(str(tmp_path / "x"))
    assert chosen == [Path(tmp_path / "x")]
    dialog.reject()


def test_a_model_saved_without_an_ending_gets_its_own(window, tmp_path):
    Dialogs(window).save_model(tmp_path, "mine.h5", print)
    (dialog,) = window.findChildren(QFileDialog)
    assert dialog.defaultSuffix() == "h5"
    assert [Path(name).name for name in dialog.selectedFiles()] == ["mine.h5"]
    dialog.reject()


@pytest.mark.parametrize(
    ("button", "expected"),
    [(BUTTON.Save, ["save"]), (BUTTON.Discard, ["discard"]), (BUTTON.Cancel, [])],
)
def test_unsaved_work_is_kept_or_left_as_answered(window, qtbot, button, expected):
    done = []
    Dialogs(window).keep_work(
        "Save?", "It changed.", lambda: done.append("save"), lambda: done.append("discard")
    )
    (box,) = window.findChildren(QMessageBox, "keep-work")
    assert box.defaultButton() is box.button(BUTTON.Save)
    qtbot.mouseClick(box.button(button), Qt.MouseButton.LeftButton)
    assert done == expected


def test_escape_answers_cancel(window, qtbot):
    done = []
    Dialogs(window).keep_work("Save?", "", lambda: done.append(1), lambda: done.append(2))
    (box,) = window.findChildren(QMessageBox, "keep-work")
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert done == []
    qtbot.waitUntil(lambda: not window.findChildren(QMessageBox, "keep-work"))
