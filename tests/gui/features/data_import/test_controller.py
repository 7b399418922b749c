"""The user's own digits are looked over, corrected and used, by mouse and keys."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox

from tests.support.program import write_idx

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def dark_on_light(tmp_path):
    """Digits on white paper, lying on their side, with labels from 1 to 10."""
    rng = np.random.default_rng(0)
    labels = np.tile(np.arange(1, 11), 20).astype(np.uint8)
    images = np.full((200, 20, 20), 255, np.uint8)
    images[np.arange(200), :, labels] = 0
    images[:, 10, 3:9] = rng.integers(0, 90, (200, 6))
    folder = tmp_path / "paper"
    folder.mkdir()
    write_idx(folder / "all-images-idx3-ubyte", images)
    write_idx(folder / "all-labels-idx1-ubyte", labels)
    return folder


@pytest.fixture
def dialog(program, dark_on_light):
    program.all.opening.open(dark_on_light)
    program.wait(lambda: program.feature("data_import").controller.dialog is not None)
    return program.feature("data_import").controller.dialog


def choose(qtbot, dialog, name, key):
    """Choose an entry of a field by the keyboard."""
    editor = dialog.form.row(name).editor
    target = editor.focusProxy() or editor
    keys = [pair[0] for pair in dialog.form.row(name).limits.choices]
    qtbot.keyClick(target, Qt.Key.Key_Home)
    for _ in range(keys.index(key)):
        qtbot.keyClick(target, Qt.Key.Key_Down)
    assert editor.value() == key


def test_what_was_found_is_told_before_anything_is_used(program, dialog):
    model = dialog._model
    before = program.session.dataset
    assert model.heading == "paper"
    assert "200 training images of 20 × 20 pixels" in model.about
    assert "low" in model.findings.correction.polarity
    assert "dark on light" in model.notes["polarity"]
    assert "count from 1" in " ".join(model.doubts)
    assert dialog.grid.count == 40
    assert program.session.dataset is before


def test_corrections_show_at_once_and_are_what_is_trained_on(program, dialog, qtbot):
    choose(qtbot, dialog, "transpose", "yes")
    choose(qtbot, dialog, "labels", "minus-one")
    model = dialog._model
    program.wait(lambda: model.findings and model.findings.correction.labels == "minus-one")
    assert model.findings.class_names == tuple("0123456789")
    program.wait(lambda: dialog.use.isEnabled())
    before = program.session.dataset
    qtbot.mouseClick(dialog.use, LEFT)
    program.wait(lambda: program.session.dataset is not before)
    used = program.session.dataset
    assert used.correction["transpose"] == "yes"
    assert used.correction["polarity"] == "low"
    labels = used.train.labels
    assert (labels.min(), labels.max()) == (0, 9)
    rows = used.train.images[np.arange(200), labels + 1]
    assert np.median(rows) == 255  # ink is light now, and runs along rows
    assert program.feature("data_import").controller.dialog is None


def test_a_correction_that_cannot_be_says_why_and_is_not_used(program, digits_folder, qtbot):
    program.all.opening.open(digits_folder)
    program.wait(lambda: program.feature("data_import").controller.dialog is not None)
    dialog = program.feature("data_import").controller.dialog
    choose(qtbot, dialog, "labels", "minus-one")  # they count from 0 already
    program.wait(lambda: bool(dialog._model.problem))
    assert "label -1" in dialog._problem.text()
    assert not dialog.use.isEnabled()
    choose(qtbot, dialog, "labels", "as-is")
    program.wait(dialog.use.isEnabled)
    assert dialog._problem.isHidden()


@pytest.mark.parametrize("how", ["button", "escape", "close"])
def test_cancelling_leaves_the_digits_in_use(program, dialog, qtbot, how):
    before = program.session.dataset
    if how == "button":
        button = dialog.buttons.button(QDialogButtonBox.StandardButton.Cancel)
        qtbot.mouseClick(button, LEFT)
    elif how == "escape":
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    else:
        dialog.close()
    program.wait(lambda: program.feature("data_import").controller.dialog is None)
    assert program.session.dataset is before
    assert not program.all.jobs.busy("data")


def test_other_samples_can_be_asked_for(dialog, qtbot):
    before = dialog._model.images.copy()
    qtbot.mouseClick(dialog._shuffle, LEFT)
    assert not np.array_equal(dialog._model.images, before)


def test_a_second_file_takes_the_place_of_the_first(program, dialog, digits_folder):
    program.all.opening.open(digits_folder)
    program.wait(lambda: program.feature("data_import").controller.dialog not in (None, dialog))
    assert program.feature("data_import").controller.dialog._model.heading == digits_folder.name


def test_a_model_trained_on_corrected_digits_finds_them_again(
    program, dialog, qtbot, tmp_path, make_driver
):
    choose(qtbot, dialog, "labels", "minus-one")
    program.wait(lambda: dialog._model.findings.correction.labels == "minus-one")
    before = program.session.dataset
    qtbot.mouseClick(dialog.use, LEFT)
    program.wait(lambda: program.session.dataset is not before)
    fingerprint = program.session.parts.fingerprint
    program.train_to_end()
    path = tmp_path / "own.h5"
    program.all.documents.save(path)
    program.wait(lambda: not program.all.documents.saving)
    again = make_driver()
    again.all.opening.open(path)
    again.wait(lambda: again.session.parts is not None)
    assert again.session.parts.fingerprint == fingerprint
