"""A network that another replaces is said, brought back with all it was, saved after all."""

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox, QPushButton

from core.exchange.portable import portable_of
from core.exchange.run_from_portable import run_from
from core.modelfile import load_model, save_model
from core.modelfile.autosave import autosave_folder, data_folder
from core.modelfile.previous import PreviousNetworks
from gui.session.phase import Phase
from tests.support.program import endless, recipe

LEFT = Qt.MouseButton.LeftButton
BUTTON = QMessageBox.StandardButton


def press(program, qtbot, words):
    """Press a button of the message that is shown."""
    program.wait(lambda: words in buttons(program))
    found = program.all.banner.findChildren(QPushButton)
    button = next(one for one in found if one.text() == words and one.isVisible())
    qtbot.mouseClick(button, LEFT)


def buttons(program):
    found = program.all.banner.findChildren(QPushButton)
    return [one.text() for one in found if one.isVisible()]


def attic(program):
    return program.feature("recovery").previous.attic


def wait_until_written(program):
    entries = attic(program).entries
    program.wait(lambda: entries and all(one.card is not None for one in entries))


def on_disk():
    return PreviousNetworks(data_folder() / "previous").look()


def save(program, path):
    program.all.documents.save(path)
    program.wait(lambda: not program.all.documents.saving)


def question(program):
    found = program.window.findChildren(QMessageBox, "keep-work")
    return next((box for box in found if box.isVisible()), None)


def answer(program, qtbot, button):
    program.wait(lambda: question(program) is not None)
    qtbot.mouseClick(question(program).button(button), LEFT)


def choose_file(program, path):
    """Answer the file dialog that is open."""
    found = program.window.findChildren(QFileDialog)
    dialog = next(box for box in found if box.isVisible())
    dialog.fileSelected.emit(str(path))
    dialog.reject()


@pytest.fixture
def dirty(program):
    program.train_to_end(recipe(iterations=30))
    program.wait(lambda: not program.all.jobs.busy("calibrate"))
    return program


def again(make_driver, digits_folder):
    """Start the program once more."""
    driver = make_driver()
    driver.all.start(digits_folder)
    driver.wait(lambda: driver.session.parts is not None)
    driver.wait(lambda: not attic(driver).busy)
    return driver


# What is said ---------------------------------------------------------------------------


def test_new_says_what_it_put_away(dirty):
    dirty.click("file.new")
    dirty.wait(lambda: "was put away" in dirty.message)
    share = attic(dirty).entries[0].run.history.evaluations[-1].validation_accuracy
    words = f"The unsaved network (784-16-10, {100 * share:.1f} %) was put away."
    assert dirty.message == words
    dirty.wait(lambda: buttons(dirty) == ["Undo", "Save…"])


def test_what_is_saved_is_put_away_without_a_word(dirty, tmp_path):
    save(dirty, tmp_path / "mine.h5")
    dirty.all.banner.dismiss()
    dirty.click("file.new")
    wait_until_written(dirty)
    assert dirty.message == ""
    assert dirty.session.situation().has_previous


@pytest.mark.parametrize("key", ["run.again", "run.reseed"])
def test_starting_again_says_it(dirty, key):
    dirty.click(key)
    dirty.wait(lambda: "was put away" in dirty.message)
    dirty.wait_for_phase(Phase.IDLE)


def test_training_another_architecture_says_it(dirty):
    dirty.use(recipe(iterations=5, units=8))
    dirty.click("run.train")
    dirty.wait(lambda: "(784-16-10" in dirty.message)
    dirty.wait_for_phase(Phase.IDLE)


def test_training_further_puts_nothing_away(dirty):
    dirty.train_to_end()
    assert "put away" not in dirty.message
    assert attic(dirty).entries == []


def test_opening_a_file_says_it(dirty, tmp_path):
    path = tmp_path / "other.h5"
    save_model(path, dirty.session.run)
    dirty.all.opening.open(path)
    dirty.wait(lambda: dirty.all.documents.path == path)
    dirty.wait(lambda: "was put away" in dirty.message)


@pytest.mark.slow
def test_what_else_is_to_be_said_is_said_with_it(dirty, tmp_path):
    run = replace(dirty.session.run.copy(), data={**dirty.session.run.data, "source": ""})
    run.data["fingerprint"] = "f" * 64
    save_model(tmp_path / "other.h5", run)
    dirty.all.opening.open(tmp_path / "other.h5")
    dirty.wait(lambda: "were not found" in dirty.message)
    assert "was put away" in dirty.message
    dirty.wait(lambda: buttons(dirty) == ["Undo", "Save that one…"])


def test_an_imported_network_that_was_never_trained_is_put_away_too(program, tmp_path):
    program.train_to_end(recipe(iterations=5))
    imported = run_from(portable_of(program.session.run))
    program.session.adopt(imported)
    program.all.documents.mark_unsaved()
    program.click("file.new")
    program.wait(lambda: "(784-16-10)" in program.message)
    program.click("run.previous")
    program.wait(lambda: program.session.run is imported)
    assert program.all.documents.dirty


# Undo -----------------------------------------------------------------------------------


def test_undo_brings_everything_back(dirty, qtbot, tmp_path):
    path = tmp_path / "mine.h5"
    save(dirty, path)
    dirty.train_to_end()  # further: unsaved again
    run, params, chosen = dirty.session.run, dirty.params.copy(), dirty.session.recipe
    moments = dirty.feature("timeline").controller.model.moments
    dirty.click("file.new")
    dirty.use(recipe(iterations=5, units=4))
    dirty.wait(lambda: "Undo" in buttons(dirty))
    press(dirty, qtbot, "Undo")
    dirty.wait(lambda: dirty.session.run is run)
    np.testing.assert_array_equal(dirty.params, params)
    assert dirty.session.recipe == chosen
    assert (dirty.all.documents.path, dirty.all.documents.dirty) == (path, True)
    assert dirty.feature("timeline").controller.model.moments[-1].step == moments[-1].step
    assert dirty.session.situation().can_continue
    assert "is back" in dirty.message


@pytest.mark.slow
def test_undo_stops_a_training_that_has_begun(dirty, qtbot):
    run = dirty.session.run
    dirty.use(endless(units=8))
    dirty.click("run.train")
    dirty.wait(lambda: "Undo" in buttons(dirty))
    dirty.wait_for_steps(5)
    press(dirty, qtbot, "Undo")
    dirty.wait(lambda: dirty.session.run is run)
    assert dirty.session.phase is Phase.IDLE
    assert "was put away" in dirty.message  # the one that had begun
    assert dirty.session.situation().has_previous


@pytest.mark.slow
def test_undo_of_what_is_back_already_says_so(dirty):
    run, previous = dirty.session.run, dirty.feature("recovery").previous
    dirty.click("file.new")
    entry = attic(dirty).entries[-1]
    dirty.click("run.previous")
    dirty.wait(lambda: dirty.session.run is run)
    previous.bring_back(entry)
    assert "is in use" in dirty.message


@pytest.mark.slow
def test_a_file_that_holds_another_network_by_now_is_not_written_over(dirty, tmp_path):
    path = tmp_path / "mine.h5"
    save(dirty, path)
    first = dirty.session.run
    dirty.train_to_end(recipe(iterations=5, units=8))
    save(dirty, path)
    dirty.click("run.previous")
    dirty.wait(lambda: dirty.session.run is first)
    assert dirty.all.documents.path is None
    assert dirty.all.documents.dirty


@pytest.mark.slow
def test_a_saved_network_is_as_saved_when_it_is_back(dirty, tmp_path):
    path = tmp_path / "mine.h5"
    save(dirty, path)
    dirty.click("file.new")
    dirty.click("run.previous")
    dirty.wait(lambda: dirty.session.run is not None)
    assert (dirty.all.documents.path, dirty.all.documents.dirty) == (path, False)


# Save -----------------------------------------------------------------------------------


def test_save_writes_the_one_put_away_and_not_the_new_one(dirty, qtbot, tmp_path):
    params = dirty.params.copy()
    dirty.click("run.reseed")
    dirty.wait(lambda: "Save…" in buttons(dirty))
    dirty.wait_for_phase(Phase.IDLE)
    now = dirty.session.run
    press(dirty, qtbot, "Save…")
    choose_file(dirty, tmp_path / "kept.h5")
    dirty.wait(lambda: "Saved as “kept.h5”" in dirty.message)
    np.testing.assert_array_equal(load_model(tmp_path / "kept.h5").params, params)
    assert dirty.session.run is now
    assert dirty.all.documents.path is None
    assert dirty.all.documents.dirty
    dirty.click("run.previous")
    dirty.wait(lambda: dirty.session.run is not now)
    assert dirty.all.documents.path == tmp_path / "kept.h5"
    assert not dirty.all.documents.dirty


@pytest.mark.slow
def test_saving_it_over_the_file_in_use_leaves_that_network_unsaved(dirty, tmp_path):
    dirty.train_to_end(recipe(iterations=5, units=8))
    save(dirty, tmp_path / "mine.h5")
    dirty.feature("recovery").previous.ask_save(attic(dirty).entries[-1])
    choose_file(dirty, tmp_path / "mine.h5")
    dirty.wait(lambda: dirty.all.documents.dirty)
    assert dirty.all.documents.path is None


# The next start -------------------------------------------------------------------------


@pytest.mark.slow
def test_after_a_restart_the_last_ones_can_be_brought_back(
    dirty, make_driver, digits_folder, tmp_path
):
    first, steps = dirty.params.copy(), dirty.session.run.step
    save(dirty, tmp_path / "mine.h5")
    dirty.train_to_end(recipe(iterations=20, units=8))
    second = dirty.params.copy()
    dirty.click("file.new")
    wait_until_written(dirty)
    dirty.all.shut_down()
    program = again(make_driver, digits_folder)
    assert program.window.actions_by_key["run.previous"].isEnabled()
    program.click("run.previous")
    program.wait(lambda: program.session.run is not None)
    np.testing.assert_array_equal(program.params, second)
    assert program.all.documents.dirty
    program.click("run.previous")
    program.wait(lambda: program.session.run.step == steps)
    np.testing.assert_array_equal(program.params, first)
    assert (program.all.documents.path, program.all.documents.dirty) == (
        tmp_path / "mine.h5",
        False,
    )
    assert program.session.situation().can_continue


@pytest.mark.slow
def test_what_was_discarded_when_closing_can_be_brought_back(
    dirty, qtbot, make_driver, digits_folder
):
    params = dirty.params.copy()
    dirty.window.close()
    answer(dirty, qtbot, BUTTON.Discard)
    dirty.wait(lambda: not dirty.window.isVisible())
    dirty.all.shut_down()
    assert not list(autosave_folder().glob("*"))  # it is not offered as after a crash
    program = again(make_driver, digits_folder)
    program.click("run.previous")
    program.wait(lambda: program.session.run is not None)
    np.testing.assert_array_equal(program.params, params)


@pytest.mark.slow
def test_what_was_saved_when_closing_is_not_kept_twice(dirty, qtbot, tmp_path):
    save(dirty, tmp_path / "mine.h5")
    dirty.window.close()
    dirty.wait(lambda: not dirty.window.isVisible())
    dirty.all.shut_down()
    assert on_disk() == []


@pytest.mark.slow
def test_a_network_that_is_back_and_saved_leaves_the_disk(dirty, tmp_path):
    dirty.click("file.new")
    wait_until_written(dirty)
    dirty.click("run.previous")
    dirty.wait(lambda: dirty.session.run is not None)
    assert len(on_disk()) == 1  # until it is safe elsewhere
    save(dirty, tmp_path / "mine.h5")
    assert on_disk() == []


@pytest.mark.slow
def test_put_away_once_more_it_takes_its_own_place(dirty):
    for _ in range(2):
        dirty.click("file.new")
        wait_until_written(dirty)
        dirty.click("run.previous")
        dirty.wait(lambda: dirty.session.run is not None)
    dirty.click("file.new")
    wait_until_written(dirty)
    assert len(on_disk()) == len(attic(dirty).entries) == 1


@pytest.mark.slow
def test_what_cannot_be_read_is_skipped(dirty, make_driver, digits_folder):
    params = dirty.params.copy()
    dirty.train_to_end(recipe(iterations=5, units=8))
    dirty.click("file.new")
    wait_until_written(dirty)
    dirty.all.shut_down()
    model = data_folder() / "previous" / f"{on_disk()[0].name}.h5"
    content = model.read_bytes()
    model.write_bytes(content[: len(content) // 2])
    program = again(make_driver, digits_folder)
    program.click("run.previous")
    program.wait(lambda: program.session.run is not None)
    np.testing.assert_array_equal(program.params, params)
    assert not program.session.situation().has_previous
    program.click("file.new")
    wait_until_written(program)
    shutil.rmtree(data_folder() / "previous")
    attic(program).entries[0].run = None
    program.click("run.previous")
    program.wait(lambda: "cannot be read any more" in program.message)
    assert not program.window.actions_by_key["run.previous"].isEnabled()


# Bounds and trouble ---------------------------------------------------------------------


@pytest.mark.slow
def test_in_memory_they_take_no_more_than_so_many_bytes(program):
    program.train_to_end(recipe(iterations=5))
    size = 0
    attic(program).most_live_bytes = 0
    for _ in range(3):
        program.click("run.reseed")
        program.wait_for_phase(Phase.IDLE)
        size = max(size, *(one.size for one in attic(program).entries))
    wait_until_written(program)
    assert [one.run for one in attic(program).entries] == [None] * 3
    attic(program).most_live_bytes = 2 * size
    program.click("file.new")
    wait_until_written(program)
    live = [one for one in attic(program).entries if one.run is not None]
    assert 0 < sum(one.size for one in live) <= 2 * size


@pytest.mark.slow
def test_there_are_no_more_than_ten(program):
    program.train_to_end(recipe(iterations=2))
    for _ in range(11):
        program.click("run.reseed")
        program.wait_for_phase(Phase.IDLE)
    program.wait(lambda: not attic(program).busy)
    assert len(attic(program).entries) == 10
    assert len(on_disk()) == 10


@pytest.mark.slow
def test_going_round_lets_the_oldest_go_and_not_the_one_used_just_now(program):
    program.train_to_end(recipe(iterations=2))
    oldest = program.session.run
    for _ in range(10):
        program.click("run.reseed")
        program.wait_for_phase(Phase.IDLE)
    latest = program.session.run
    program.click("run.previous")
    program.wait(lambda: program.session.run is not latest)
    program.click("run.reseed")
    program.wait_for_phase(Phase.IDLE)
    kept = [one.run for one in attic(program).entries]
    assert latest in kept
    assert oldest not in kept


def test_what_cannot_be_written_is_said_and_stays_in_memory(dirty, qtbot, tmp_path):
    folder = data_folder() / "previous"
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("a file in its place")
    run = dirty.session.run
    dirty.click("file.new")
    dirty.wait(lambda: "could not be kept on the disk" in dirty.message)
    dirty.wait(lambda: buttons(dirty) == ["Undo", "Save…"])
    dirty.window.close()
    dirty.wait(lambda: question(dirty) is not None)  # it would be lost
    assert "was put away (784-16-10" in question(dirty).text()
    answer(dirty, qtbot, BUTTON.Save)
    choose_file(dirty, tmp_path / "saved.h5")
    dirty.wait(lambda: not dirty.window.isVisible())
    assert load_model(tmp_path / "saved.h5").step == run.step
    folder.unlink()


@pytest.mark.slow
def test_it_is_tried_again_with_the_next_one(dirty):
    folder = data_folder() / "previous"
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.write_text("a file in its place")
    dirty.click("run.reseed")
    dirty.wait(lambda: "could not be kept on the disk" in dirty.message)
    dirty.wait_for_phase(Phase.IDLE)
    folder.unlink()
    dirty.click("file.new")
    dirty.wait(lambda: len(on_disk()) == 2)


def test_without_backups_nothing_is_written_and_closing_asks(dirty, qtbot):
    dirty.click("file.autosave")
    assert "in memory only" in dirty.message
    dirty.click("file.new")
    dirty.wait(lambda: "was put away" in dirty.message)
    assert on_disk() == []
    dirty.window.close()
    dirty.wait(lambda: question(dirty) is not None)
    answer(dirty, qtbot, BUTTON.Cancel)
    dirty.click("file.autosave")
    wait_until_written(dirty)


def test_switching_backups_off_leaves_what_is_there_until_the_user_deletes_it(dirty, qtbot):
    run = dirty.session.run
    dirty.click("file.new")
    wait_until_written(dirty)
    dirty.click("file.autosave")
    assert "still on the disk: 1" in dirty.message
    assert len(on_disk()) == 1
    press(dirty, qtbot, "Delete them")
    assert on_disk() == []
    dirty.click("run.previous")  # it was in memory, too
    dirty.wait(lambda: dirty.session.run is run)


@pytest.mark.slow
def test_two_programs_keep_theirs_side_by_side(dirty, make_driver, digits_folder):
    other = again(make_driver, digits_folder)
    other.train_to_end(recipe(iterations=5, units=4))
    other.click("file.new")
    dirty.click("file.new")
    wait_until_written(other)
    wait_until_written(dirty)
    assert {card.words.partition(",")[0] for card in on_disk()} == {"784-16-10", "784-4-10"}
    assert Path(data_folder() / "previous" / "previous.lock").exists()
