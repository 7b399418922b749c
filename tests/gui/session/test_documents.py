"""The model file: what is saved comes back, and nothing is lost on the way."""

import shutil

import numpy as np
import pytest

from core.base.events import Captured
from core.modelfile import load_model
from gui.session.phase import Phase
from tests.support.program import endless, recipe


def save(program, path):
    program.all.documents.save(path)
    program.wait(lambda: not program.all.documents.saving)


def open_(program, path):
    program.all.documents.open(path)
    program.wait(lambda: program.all.documents.path == path)


@pytest.fixture
def saved(program, tmp_path):
    """A trained and saved network, and its file."""
    program.train_to_end(recipe(iterations=30))
    path = tmp_path / "digits.h5"
    save(program, path)
    return program, path


def test_training_marks_the_network_unsaved_and_saving_takes_the_mark_away(program, tmp_path):
    assert not program.window.isWindowModified()
    program.train_to_end(recipe(iterations=5))
    assert program.all.documents.dirty
    assert program.window.isWindowModified()
    assert program.window.windowTitle().startswith("Untitled")
    save(program, tmp_path / "mine.h5")
    assert not program.window.isWindowModified()
    assert program.window.windowTitle().startswith("mine.h5")
    assert "Saved as “mine.h5”" in program.message


def test_what_is_reopened_shows_the_same_curves_weights_and_answers(saved):
    program, path = saved
    images = program.session.parts.images[:50]
    params = program.params.copy()
    answers = program.session.predictor.probabilities(images).copy()
    losses = program.feature("curves").model.history.losses.copy()
    rows = program.feature("curves").model.history.evaluations
    program.click("file.new")
    assert program.session.run is None
    assert program.feature("curves").model.count == 0
    open_(program, path)
    np.testing.assert_array_equal(program.params, params)
    np.testing.assert_array_equal(program.feature("curves").model.history.losses, losses)
    assert program.feature("curves").model.history.evaluations == rows
    np.testing.assert_array_equal(program.session.predictor.probabilities(images), answers)
    assert not program.all.documents.dirty


def test_going_on_after_reopening_equals_going_on_without(saved, make_driver):
    program, path = saved
    program.train_to_end(recipe(iterations=70))
    again = make_driver()
    again.all.opening.open(path)
    again.wait(lambda: again.session.situation().can_continue)  # its digits were found too
    again.train_to_end(recipe(iterations=70))
    assert again.session.run.step == program.session.run.step > 30
    np.testing.assert_array_equal(again.params, program.params)
    np.testing.assert_array_equal(
        again.feature("curves").model.history.losses, program.feature("curves").model.history.losses
    )


@pytest.mark.slow
def test_a_snapshot_that_others_took_before_is_not_what_is_saved(program, tmp_path):
    program.use(endless())
    program.click("run.train")
    program.wait_for_steps(5)
    program.click("run.pause")
    program.wait_for_phase(Phase.PAUSED)
    old = program.session.run.copy()
    program.click("run.train")
    program.wait_for_steps(old.step + 50)
    path, saved = tmp_path / "model.h5", []
    program.all.documents.save(path, lambda: saved.append(path))
    program.session.received.emit([Captured(old.step, old)])  # of an autosave, say
    program.wait(lambda: bool(saved))
    assert load_model(path).step > old.step


def test_saving_while_training_keeps_a_whole_state(program, tmp_path):
    program.use(endless())
    program.click("run.train")
    program.wait_for_steps(5)
    path = tmp_path / "midway.h5"
    save(program, path)
    assert program.session.phase is Phase.RUNNING
    captured = next(event for event in program.events if isinstance(event, Captured))
    on_disk = load_model(path)
    assert on_disk.step == on_disk.history.count == captured.step
    np.testing.assert_array_equal(on_disk.params, captured.run.params)
    program.wait_for_steps(on_disk.step + 1)
    assert program.all.documents.dirty


def test_saving_and_pausing_at_once_still_saves(program, tmp_path):
    program.use(endless())
    program.click("run.train")
    program.wait_for_steps(5)
    program.click("run.pause")
    assert program.session.phase is Phase.PAUSING
    save(program, tmp_path / "held.h5")
    assert load_model(tmp_path / "held.h5").step >= 5


@pytest.mark.slow
def test_saving_and_stopping_at_once_still_saves(program, tmp_path):
    program.use(endless())
    program.click("run.train")
    program.wait_for_steps(5)
    program.all.documents.save(tmp_path / "end.h5")
    program.click("run.stop")
    program.wait_for_phase(Phase.IDLE)
    program.wait(lambda: not program.all.documents.saving)
    assert load_model(tmp_path / "end.h5").step >= 5


@pytest.mark.slow
def test_stopping_a_paused_run_that_was_saved_leaves_nothing_unsaved(program, tmp_path):
    program.use(endless())
    program.click("run.train")
    program.wait_for_steps(5)
    program.click("run.pause")
    program.wait_for_phase(Phase.PAUSED)
    save(program, tmp_path / "held.h5")
    assert not program.all.documents.dirty
    program.click("run.stop")
    program.wait_for_phase(Phase.IDLE)
    assert not program.all.documents.dirty


@pytest.mark.slow
def test_a_network_put_away_while_it_is_saved_does_not_name_the_next(program, tmp_path):
    program.train_to_end(recipe(iterations=5))
    program.all.documents.save(tmp_path / "old.h5")
    program.click("file.new")
    program.wait(lambda: not program.all.documents.saving)
    assert (tmp_path / "old.h5").exists()
    assert program.all.documents.path is None


def test_saving_where_it_is_impossible_says_so_and_keeps_everything(saved, tmp_path):
    program, path = saved
    program.train_to_end(recipe(iterations=60))
    params = program.params.copy()
    no_folder = tmp_path / "a file"
    no_folder.write_text("not a folder")
    save(program, no_folder / "mine.h5")
    assert "could not be saved" in program.message
    assert "Nothing is lost" in program.message
    assert program.all.documents.dirty
    assert program.all.documents.path == path
    np.testing.assert_array_equal(program.params, params)
    assert load_model(path).step == 30


@pytest.mark.parametrize("content", [b"", b"junk", b"\x89HDF\r\n\x1a\n" + bytes(900)])
def test_a_file_that_is_no_model_is_a_message_and_the_network_stays(saved, tmp_path, content):
    program, path = saved
    params = program.params.copy()
    broken = tmp_path / "broken.h5"
    broken.write_bytes(content)
    program.all.opening.open(broken)
    program.wait(lambda: "broken.h5" in program.message)
    assert "Traceback" not in program.message
    np.testing.assert_array_equal(program.params, params)
    assert program.all.documents.path == path
    assert broken not in program.all.settings.recent


def test_a_model_cut_in_half_is_a_message(saved, tmp_path):
    program, path = saved
    whole = path.read_bytes()
    half = tmp_path / "half.h5"
    half.write_bytes(whole[: len(whole) // 2])
    program.all.documents.open(half)
    program.wait(lambda: "damaged" in program.message)
    assert program.session.run.step == 30


def test_a_missing_model_is_a_message(program, tmp_path):
    program.all.opening.open(tmp_path / "gone.h5")
    program.wait(lambda: "could not be opened" in program.message)


def test_a_model_that_arrives_after_training_began_is_not_put_in_its_place(saved):
    program, path = saved
    program.use(endless(units=8))
    program.all.documents.open(path)
    program.click("run.train")
    program.wait(lambda: "not opened" in program.message)
    assert program.session.phase is Phase.RUNNING
    assert program.session.run.recipe.hidden[0].units == 8


def test_recent_files_are_listed_newest_first_and_open_from_the_menu(saved, tmp_path):
    program, path = saved
    other = tmp_path / "other.h5"
    save(program, other)
    assert program.all.settings.recent == [other, path]
    labels = [action.text() for action in program.window.recent_menu.actions()]
    assert [label.split()[-1] for label in labels] == ["other.h5", "digits.h5"]
    program.window.recent_menu.actions()[1].trigger()
    program.wait(lambda: program.all.documents.path == path)


@pytest.mark.slow
def test_a_model_whose_digits_are_gone_opens_and_says_so(saved, tmp_path, make_driver):
    program, path = saved
    folder = tmp_path / "moved"
    shutil.copytree(program.session.dataset.source, folder)
    program.all.datasets.load(str(folder))
    program.wait(lambda: program.session.dataset.source == str(folder))
    program.train_to_end(recipe(iterations=5, units=4))
    save(program, path)
    shutil.rmtree(folder)
    again = make_driver()
    open_(again, path)
    again.wait(lambda: "were not found" in again.message)
    assert again.session.predictor is not None


@pytest.mark.slow
def test_the_time_line_comes_back_with_the_file(program, tmp_path, make_driver):
    program.train_to_end(recipe(iterations=60))
    moments = program.feature("timeline").controller.model.moments
    assert len(moments) >= 2
    program.all.documents.save(tmp_path / "past.h5")
    program.wait(lambda: not program.all.documents.saving)
    again = make_driver()
    again.all.opening.open(tmp_path / "past.h5")
    again.wait(lambda: again.session.run is not None)
    found = again.feature("timeline").controller.model.moments
    assert [one.step for one in found] == [one.step for one in moments]
    for one, other in zip(found, moments, strict=True):
        np.testing.assert_array_equal(one.params, other.params)
