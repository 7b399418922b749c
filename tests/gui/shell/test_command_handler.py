"""Commands: each does what it says, and closing loses nothing unasked."""

from pathlib import Path

import h5py
import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QMessageBox

from core.modelfile import load_model
from core.modelfile.autosave import autosave_folder
from core.modelfile.recovery import find_abandoned
from gui.session.action import ActionSpec
from gui.session.feature import Command
from gui.session.phase import Phase
from gui.shell.actions import specs_of
from tests.support.program import endless, recipe, write_digits

BUTTON = QMessageBox.StandardButton


def question(program):
    """Return the open question about unsaved work, or None."""
    found = program.window.findChildren(QMessageBox, "keep-work")
    return next((box for box in found if box.isVisible()), None)


def answer(program, qtbot, button):
    program.wait(lambda: question(program) is not None)
    qtbot.mouseClick(question(program).button(button), Qt.MouseButton.LeftButton)


def file_dialog(program):
    found = program.window.findChildren(QFileDialog)
    return next((box for box in found if box.isVisible()), None)


@pytest.fixture
def dirty(program):
    program.train_to_end(recipe(iterations=5))
    return program


def test_every_command_but_the_recent_menu_has_a_handler(program):
    shown = {spec.key for spec in specs_of(program.window.menus)}
    assert program.all.commands.keys == shown - {"file.recent"}


def test_two_commands_of_one_key_are_a_fault(program):
    with pytest.raises(ValueError, match="'file.save'"):
        program.all.commands.add(
            [Command(ActionSpec("file.save", "Save", "Once more"), print, "save")]
        )


def test_an_unknown_command_is_a_fault(program):
    with pytest.raises(KeyError):
        program.all.commands.do("run.away")


@pytest.mark.parametrize("key", ["file.open", "data.open_file", "data.open_folder"])
def test_opening_asks_in_the_folder_used_last(program, tmp_path, key):
    program.click(key)
    assert file_dialog(program).directory().absolutePath() == str(tmp_path)
    file_dialog(program).reject()


def test_choosing_a_model_opens_it(dirty, tmp_path):
    path = tmp_path / "mine.h5"
    dirty.all.documents.save(path)
    dirty.wait(lambda: not dirty.all.documents.saving)
    dirty.click("file.new")
    dirty.click("file.open")
    file_dialog(dirty).fileSelected.emit(str(path))
    dirty.wait(lambda: dirty.session.run is not None)
    file_dialog(dirty).reject()


def test_saving_without_a_name_asks_for_one_and_then_no_more(dirty, tmp_path):
    dirty.click("file.save")
    file_dialog(dirty).fileSelected.emit(str(tmp_path / "mine.h5"))
    file_dialog(dirty).reject()
    dirty.wait(lambda: not dirty.all.documents.dirty)
    dirty.train_to_end()
    dirty.click("file.save")
    assert file_dialog(dirty) is None
    dirty.wait(lambda: not dirty.all.documents.dirty)
    assert load_model(tmp_path / "mine.h5").step == 10


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_chosen_theme_is_used_and_remembered(program, theme):
    program.click(f"view.theme.{theme}")
    assert program.all.themes.current.name == theme
    assert program.all.settings.theme == theme


@pytest.mark.parametrize("key", ["help.first", "help.about"])
def test_help_opens_a_text(program, key):
    program.click(key)
    (box,) = [box for box in program.window.findChildren(QMessageBox) if box.isVisible()]
    assert "Inkling" in box.text() or "Train" in box.text()
    box.close()


def test_a_clean_window_closes_without_a_question(program):
    program.window.close()
    program.wait(lambda: not program.window.isVisible())
    assert question(program) is None


def test_cancel_keeps_the_window_open_and_asks_again_next_time(dirty, qtbot):
    for _ in range(2):
        dirty.window.close()
        answer(dirty, qtbot, BUTTON.Cancel)
        assert question(dirty) is None
        assert dirty.window.isVisible()


def test_discard_closes(dirty, qtbot):
    dirty.window.close()
    answer(dirty, qtbot, BUTTON.Discard)
    dirty.wait(lambda: not dirty.window.isVisible())


def test_save_writes_the_file_and_closes(dirty, qtbot, tmp_path):
    path = tmp_path / "mine.h5"
    dirty.all.documents.save(path)
    dirty.wait(lambda: not dirty.all.documents.saving)
    dirty.train_to_end()
    dirty.window.close()
    answer(dirty, qtbot, BUTTON.Save)
    dirty.wait(lambda: not dirty.window.isVisible())
    assert load_model(path).step == 10


def test_a_save_that_fails_keeps_the_window_open(dirty, qtbot, tmp_path):
    blocked = tmp_path / "a file"
    blocked.touch()
    dirty.window.close()
    answer(dirty, qtbot, BUTTON.Save)
    dirty.wait(lambda: file_dialog(dirty) is not None)
    file_dialog(dirty).fileSelected.emit(str(blocked / "mine.h5"))
    file_dialog(dirty).reject()
    dirty.wait(lambda: "could not be saved" in dirty.message)
    assert dirty.window.isVisible()


def test_closing_while_training_asks_and_saves_what_was_learned(dirty, qtbot, tmp_path):
    path = tmp_path / "mine.h5"
    dirty.all.documents.save(path)
    dirty.wait(lambda: not dirty.all.documents.saving)
    dirty.use(endless())
    dirty.click("run.train")
    dirty.wait(lambda: dirty.all.documents.dirty)
    dirty.all.documents.path = path
    dirty.window.close()
    dirty.wait(lambda: question(dirty) is not None)
    assert "still running" in question(dirty).informativeText()
    assert dirty.session.phase is Phase.RUNNING
    answer(dirty, qtbot, BUTTON.Save)
    dirty.wait(lambda: not dirty.window.isVisible())
    assert load_model(path).recipe.training == endless().training


def test_well_known_digits_can_be_had_by_menu_and_by_the_card(program, qtbot):
    program.click("data.download")
    dialog = program.feature("downloads").controller.dialog
    assert dialog.isVisible()
    dialog.close()
    qtbot.mouseClick(
        program.feature("setup").panel.data.buttons["download"], Qt.MouseButton.LeftButton
    )
    assert dialog.isVisible()


@pytest.mark.slow
def test_digits_that_come_while_training_runs_are_used_when_it_has_ended(program, tmp_path):
    folder = write_digits(tmp_path / "others", 200)
    program.use(endless())
    program.click("run.train")
    program.wait_for_steps(1)
    before = program.session.dataset
    program.all.datasets.load(str(folder))
    program.wait(lambda: "is used when training has ended" in program.message)
    assert program.session.dataset is before
    program.click("run.stop")
    program.wait(lambda: program.session.dataset is not before)
    assert len(program.session.dataset.train) == 200


@pytest.mark.slow
def test_hdf5_that_holds_digits_is_looked_over_and_a_model_is_opened(program, tmp_path):
    with h5py.File(tmp_path / "digits.h5", "w") as file:
        file["images"] = np.zeros((30, 28, 28), np.uint8)
        file["labels"] = np.arange(30, dtype=np.uint8) % 10
    program.all.opening.open(tmp_path / "digits.h5")
    program.wait(lambda: program.feature("data_import").controller.dialog is not None)
    program.feature("data_import").controller.dialog.reject()
    program.train_to_end(recipe(iterations=3))
    program.all.documents.save(tmp_path / "model.h5")
    program.wait(lambda: not program.all.documents.saving)
    program.click("file.new")
    program.all.opening.open(tmp_path / "model.h5")
    program.wait(lambda: program.session.run is not None)


def test_without_a_crash_there_is_nothing_to_recover(program):
    program.click("file.recover")
    assert "nothing to recover" in program.message


def test_backups_can_be_switched_off_and_on_and_that_is_remembered(program):
    program.click("file.autosave")
    assert not program.all.settings.autosave
    assert not program.feature("recovery").autosaving.enabled
    program.click("file.autosave")
    assert program.all.settings.autosave
    assert "are kept" in program.message


def test_a_crash_loses_nothing_of_the_training(make_driver, digits_folder):
    first = make_driver()
    first.all.datasets.load(str(digits_folder))
    first.wait(lambda: first.session.parts is not None)
    first.train_to_end(recipe(iterations=40))
    guard = first.feature("recovery").autosaving
    store = guard._store
    first.wait(lambda: not guard.busy and [each.step for each in store.kept][:1] == [40])
    params = first.params.copy()
    store.abandon()  # as if the process had died here
    again = make_driver()
    again.all.start(digits_folder)
    again.wait(lambda: "ended without saving" in again.message)
    again.wait(lambda: again.session.parts is not None)
    again.feature("recovery").autosaving.recovery.recover()
    again.wait(lambda: again.session.run is not None)
    np.testing.assert_array_equal(again.params, params)
    assert again.all.documents.dirty


@pytest.mark.slow
def test_backups_outlast_an_end_that_nobody_agreed_to(dirty, make_driver, digits_folder):
    params = dirty.params.copy()
    dirty.all.shut_down()  # as when Qt's loop returns because the display has gone
    again = make_driver()
    again.all.start(digits_folder)
    again.wait(lambda: "ended without saving" in again.message)
    again.feature("recovery").autosaving.recovery.recover()
    again.wait(lambda: again.session.run is not None)
    np.testing.assert_array_equal(again.params, params)


@pytest.mark.slow
def test_a_question_that_is_not_answered_is_no_agreement(dirty):
    dirty.window.close()
    dirty.wait(lambda: question(dirty) is not None)
    dirty.all.shut_down()
    (found,) = find_abandoned(autosave_folder())
    found.release()


@pytest.mark.parametrize("button", [BUTTON.Save, BUTTON.Discard])
def test_backups_go_after_a_close_that_was_agreed_to(dirty, qtbot, tmp_path, button):
    dirty.all.documents.save(tmp_path / "mine.h5")
    dirty.wait(lambda: not dirty.all.documents.saving)
    dirty.train_to_end()
    dirty.window.close()
    answer(dirty, qtbot, button)
    dirty.wait(lambda: not dirty.window.isVisible())
    dirty.all.shut_down()
    assert find_abandoned(autosave_folder()) == []


def test_a_past_moment_is_looked_at_exported_and_trained_on_from(program, qtbot):
    program.train_to_end(recipe(iterations=60))
    now = program.params.copy()
    slider = program.feature("timeline").panel.slider
    slider.setFocus()
    qtbot.keyClick(slider, Qt.Key.Key_Home)
    timeline = program.feature("timeline").controller
    program.wait(lambda: timeline.holding)
    assert not np.array_equal(program.session.predictor.params, now)
    timeline.export()
    program.wait(lambda: program.feature("export").controller.dialog is not None)
    assert "iteration-" in str(program.feature("export").controller.model.path)
    timeline.back_to_now()
    program.wait(lambda: np.array_equal(program.session.predictor.params, now))


def _digit_picture(folder):
    page = np.full((200, 200), 240, np.uint8)
    page[40:160, 90:110] = 20
    path = folder / "one.png"
    Image.fromarray(page).save(path)
    return path


@pytest.mark.slow
def test_a_picture_is_read_even_while_training_runs(program, tmp_path):
    program.use(endless())
    program.click("run.train")
    program.wait_for_steps(1)
    program.all.opening.open(_digit_picture(tmp_path))
    pictures = program.feature("picture").controller
    program.wait(lambda: pictures.model.picture is not None)
    assert pictures.panel.isVisible()
    assert program.session.phase is Phase.RUNNING


def test_a_picture_can_be_pasted_and_without_one_it_says_so(program, tmp_path):
    clipboard = QGuiApplication.clipboard()
    clipboard.setText("no picture")
    program.click("edit.paste")
    program.wait(lambda: "no picture in the clipboard" in program.message)
    clipboard.setImage(QImage(str(_digit_picture(tmp_path))))
    program.click("edit.paste")
    program.wait(lambda: program.feature("picture").controller.model.picture is not None)


_FOREIGN = Path(__file__).parents[2] / "data" / "foreign"


@pytest.mark.slow
def test_a_network_of_another_program_is_looked_over_and_taken(program, qtbot):
    program.all.opening.open(_FOREIGN / "keras3_usual.keras")
    importing = program.feature("network_import").controller
    program.wait(lambda: importing.dialog is not None and importing.dialog.use.isEnabled())
    qtbot.mouseClick(importing.dialog.use, Qt.MouseButton.LeftButton)
    program.wait(lambda: program.session.run is not None)
    assert program.all.documents.dirty
    assert program.all.documents.path is None
