"""The digits a model names: looked at after a yes, and never in places that are none."""

import os
import shutil

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from core.modelfile import load_model, save_model
from tests.support.program import recipe, write_digits


@pytest.fixture
def strangers(program, tmp_path):
    """A model that somebody else trained on digits in `theirs`, and its file."""
    theirs = write_digits(tmp_path / "theirs", 200, seed=5)
    program.all.datasets.load(str(theirs), asked=False)
    program.wait(lambda: program.session.dataset.source == str(theirs))
    program.train_to_end(recipe(iterations=5))
    path = tmp_path / "strangers.h5"
    program.all.documents.save(path)
    program.wait(lambda: not program.all.documents.saving)
    return path, theirs


def renamed(path, source):
    """Let a model say that its digits lay elsewhere."""
    run = load_model(path)
    run.data = {**run.data, "source": source}
    save_model(path, run)


def open_(driver, path):
    driver.all.opening.open(path)
    driver.wait(lambda: driver.all.documents.path == path)


def button(driver, words):
    found = [each for each in driver.all.banner.findChildren(QPushButton) if each.isVisible()]
    return next((each for each in found if each.text() == words), None)


def idle(driver):
    return not driver.all.datasets.loading and not driver.all.jobs.busy("find-digits")


def test_digits_that_a_file_names_are_loaded_after_a_yes(strangers, make_driver, qtbot):
    path, theirs = strangers
    driver = make_driver()
    open_(driver, path)
    assert str(theirs) in driver.message
    assert idle(driver)
    assert driver.session.parts is None
    qtbot.mouseClick(button(driver, "Load its digits"), Qt.MouseButton.LeftButton)
    driver.wait(lambda: driver.session.situation().can_continue)
    assert driver.session.dataset.source == str(theirs)
    assert driver.all.settings.chosen_data.count(str(theirs)) == 0  # a file named them


def test_the_path_is_not_looked_at_before(strangers, make_driver, tmp_path, monkeypatch):
    path, theirs = strangers
    driver = make_driver()
    looked_at = []
    for name in ("stat", "lstat", "open", "scandir"):
        real = getattr(os, name)

        def seen(place, *rest, real=real, **more):
            looked_at.append(str(place))
            return real(place, *rest, **more)

        monkeypatch.setattr(os, name, seen)
    open_(driver, path)
    assert str(theirs) in driver.message
    assert any(place == str(path) for place in looked_at)
    assert not any(place.startswith(str(theirs)) for place in looked_at)


@pytest.mark.parametrize(
    "source",
    [
        "/proc/self/environ",
        r"\\machine\share\mnist",
        *(
            pytest.param(place, marks=pytest.mark.slow)  # test_sources tries them by themselves
            for place in (
                "/dev/stdin",
                "/sys/kernel",
                "//machine/share/mnist",
                "/net/machine/mnist",
                "relative/digits",
            )
        ),
    ],
)
def test_places_that_are_none_are_never_offered(strangers, make_driver, source):
    path, _ = strangers
    renamed(path, source)
    driver = make_driver()
    driver.all.settings.add_chosen_data(source)  # not even then
    open_(driver, path)
    assert "were not found" in driver.message
    assert button(driver, "Load its digits") is None
    assert idle(driver)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
@pytest.mark.slow
def test_a_pipe_that_a_file_names_stops_nothing(strangers, make_driver, qtbot, tmp_path):
    path, _ = strangers
    os.mkfifo(tmp_path / "pipe")
    renamed(path, str(tmp_path / "pipe"))
    driver = make_driver()
    open_(driver, path)
    qtbot.mouseClick(button(driver, "Load its digits"), Qt.MouseButton.LeftButton)
    driver.wait(lambda: "were not found" in driver.message)


def test_digits_that_are_gone_are_said_to_be_gone(strangers, make_driver, qtbot):
    path, theirs = strangers
    shutil.rmtree(theirs)
    driver = make_driver()
    open_(driver, path)
    qtbot.mouseClick(button(driver, "Load its digits"), Qt.MouseButton.LeftButton)
    driver.wait(lambda: "were not found" in driver.message)
    assert driver.session.predictor is not None


def test_digits_that_are_in_use_need_no_question(strangers, program):
    path, _ = strangers
    program.click("file.new")
    open_(program, path)
    assert "trained on other digits" not in program.message
    assert program.session.situation().can_continue


def test_digits_that_the_user_opened_once_need_no_question(
    program, make_driver, tmp_path, digits_folder
):
    mine = tmp_path / "mine"
    shutil.copytree(digits_folder, mine)
    program.all.opening.open(mine)
    program.use_what_was_found()
    program.wait(lambda: program.session.dataset.source == str(mine))
    program.train_to_end(recipe(iterations=5))
    path = tmp_path / "mine.h5"
    program.all.documents.save(path)
    program.wait(lambda: not program.all.documents.saving)
    program.all.settings.sync()
    driver = make_driver()  # the next start
    open_(driver, path)
    driver.wait(lambda: driver.session.situation().can_continue)
    assert str(mine) in driver.all.settings.chosen_data


@pytest.mark.slow
def test_another_network_opened_meanwhile_does_not_get_these_digits(strangers, make_driver, qtbot):
    path, theirs = strangers
    driver = make_driver()
    open_(driver, path)
    load = button(driver, "Load its digits")
    qtbot.mouseClick(load, Qt.MouseButton.LeftButton)
    driver.click("file.new")
    driver.wait(lambda: idle(driver))
    assert driver.session.dataset is None


@pytest.mark.slow
def test_recovery_asks_too_and_loses_none_of_its_words(strangers, make_driver, qtbot):
    path, theirs = strangers
    first = make_driver()
    open_(first, path)
    store = first.feature("recovery").autosaving._store
    first.all.documents.mark_unsaved()
    store.keep(first.session.run)
    store.abandon()  # as if the process had died here
    first.session.adopt(None)
    again = make_driver()
    again.feature("recovery").autosaving.recovery.look()
    again.wait(lambda: button(again, "Recover") is not None)
    qtbot.mouseClick(button(again, "Recover"), Qt.MouseButton.LeftButton)
    again.wait(lambda: "The network is back" in again.message)
    assert str(theirs) in again.message
    assert idle(again)
    qtbot.mouseClick(button(again, "Load its digits"), Qt.MouseButton.LeftButton)
    again.wait(lambda: again.session.situation().can_continue)
    np.testing.assert_array_equal(again.params, load_model(path).params)
