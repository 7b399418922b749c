"""Whatever is opened is looked at in the background, and a saved network comes back as itself."""

import os
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton

from core.base.errors import DatasetError
from core.data.reader import READERS
from core.nn.optimizers.adam import Adam
from core.recipe.hidden_layer import HiddenLayer
from core.recipe.recipe import presets
from core.training.run import new_run
from core.training.train import train
from gui.session.phase import Phase
from gui.shell import opening
from gui.toolkit.plain import tip_text
from tests.support.program import endless, own_threads, recipe

NEEDS_PIPES = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")


# Ways to open ---------------------------------------------------------------------------------


def choose_in_dialog(program, command, path):
    program.click(command)
    dialog = next(box for box in program.window.findChildren(QFileDialog) if box.isVisible())
    dialog.fileSelected.emit(str(path))
    dialog.reject()


def open_by_dialog(program, path):
    choose_in_dialog(program, "file.open", path)


def drop(program, path):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    place, how = QPoint(300, 300), Qt.DropAction.CopyAction
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(program.window, QDragEnterEvent(place, how, data, left, none))
    QApplication.sendEvent(program.window, QDropEvent(QPointF(place), how, data, left, none))


def open_recent(program, path):
    actions = program.window.recent_menu.actions()
    next(action for action in actions if action.toolTip() == tip_text(str(path))).trigger()


WAYS = (open_by_dialog, drop, open_recent)


class Saved:
    """What a network is known by, as it was when it was saved."""

    def __init__(self, program):
        run = program.session.run
        self.params = run.params.copy()
        self.step, self.losses = run.step, run.history.losses.copy()
        self.evaluations, self.recipe = str(run.history.evaluations), run.recipe

    def check(self, program, path):
        """Wait until it is open again, as itself and without a question."""
        program.wait(lambda: program.all.documents.path == path)
        run = program.session.run
        assert run.step == self.step == program.feature("curves").model.count
        np.testing.assert_array_equal(run.params, self.params)
        np.testing.assert_array_equal(run.history.losses, self.losses)
        assert str(run.history.evaluations) == self.evaluations  # it may hold NaN
        assert run.recipe == self.recipe
        assert program.window.windowTitle().startswith(path.name)
        assert program.feature("network_import").controller.dialog is None
        assert program.feature("data_import").controller.dialog is None


def save_by_dialog(program, path):
    choose_in_dialog(program, "file.save_as", path)
    program.wait(lambda: program.all.documents.path == path and not program.all.documents.dirty)
    return Saved(program)


def check_all_ways(program, make_driver, path):
    saved = save_by_dialog(program, path)
    for way in WAYS:
        program.click("file.new")
        program.wait(lambda: program.session.run is None)
        way(program, path)
        saved.check(program, path)
    program.all.shut_down()
    again = make_driver()
    again.all.start(path)  # what `inkling x.h5` does
    saved.check(again, path)


@pytest.mark.parametrize(
    "key",
    [
        pytest.param(key, marks=[] if key == "quick-start" else pytest.mark.slow)
        for key in presets()
    ],
)
def test_a_network_of_each_preset_comes_back_as_itself(program, make_driver, tmp_path, key):
    preset = presets()[key]
    short = replace(preset.training, duration=3, duration_unit="iterations", warmup=0)
    program.train_to_end(replace(preset, training=short))
    assert program.session.run.step == 3
    check_all_ways(program, make_driver, tmp_path / f"{key}.h5")


@pytest.mark.parametrize(
    ("units", "megabytes"),
    [
        ((10,), 0.1),
        pytest.param((500,), 5, marks=pytest.mark.slow),
        pytest.param((1300, 500), 20, marks=pytest.mark.slow),
        pytest.param((4096, 3300), 200, marks=pytest.mark.slow),
    ],
)
def test_a_network_of_any_size_comes_back_as_itself(
    program, make_driver, tmp_path, units, megabytes
):
    wide = replace(
        recipe(iterations=2), hidden=tuple(HiddenLayer(units=count) for count in units),
        optimizer=Adam(),
    )  # fmt: skip
    run = new_run(wide, program.session.dataset, program.session.parts)
    for _ in train(run, program.session.parts):
        pass
    program.session.adopt(run)
    path = tmp_path / "wide.h5"
    check_all_ways(program, make_driver, path)
    assert megabytes / 2 < path.stat().st_size / 1e6 < 2 * megabytes


def test_half_a_model_is_a_damaged_model_and_no_other_programs(program, tmp_path):
    program.train_to_end(recipe(iterations=5, units=400))
    path = tmp_path / "mine.h5"
    save_by_dialog(program, path)
    params = program.params.copy()
    half = tmp_path / "half.h5"
    half.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    drop(program, half)
    program.wait(lambda: "“half.h5” is damaged" in program.message)
    np.testing.assert_array_equal(program.params, params)
    assert program.feature("network_import").controller.dialog is None


# What never answers ---------------------------------------------------------------------------


@pytest.fixture
def dead_drive(monkeypatch):
    """A drive that does not answer: looking at a path waits until the test ends."""
    answer = threading.Event()
    looked_at = []

    def look(path):
        looked_at.append(path)
        answer.wait()
        raise DatasetError(path, "The drive came back too late.")

    monkeypatch.setattr(opening, "kind_of", look)
    yield looked_at
    answer.set()


def button(program, words):
    """Return the button of the message strip with these words, or None."""
    found = [each for each in program.all.banner.findChildren(QPushButton) if each.isVisible()]
    return next((each for each in found if each.text() == words), None)


@NEEDS_PIPES
@pytest.mark.parametrize("name", ["pipe.h5", "pipe", "pipe.csv", "pipe.png"])
@pytest.mark.parametrize("way", [open_by_dialog, drop])
def test_a_pipe_is_refused_in_one_sentence(program, tmp_path, name, way):
    os.mkfifo(tmp_path / name)
    way(program, tmp_path / name)
    program.wait(lambda: "named pipe" in program.message)
    assert not program.all.opening.looking


@NEEDS_PIPES
@pytest.mark.slow
def test_a_pipe_given_at_the_start_leaves_the_built_in_digits(make_driver, tmp_path):
    os.mkfifo(tmp_path / "pipe.h5")
    driver = make_driver()
    driver.all.start(tmp_path / "pipe.h5")
    driver.wait(lambda: "named pipe" in driver.message)
    driver.wait(lambda: driver.session.parts is not None)
    assert driver.session.dataset.key == "builtin"


@NEEDS_PIPES
def test_pipes_among_digits_do_not_stop_them(program, digits_folder, tmp_path):
    folder = tmp_path / "with-a-pipe"
    folder.mkdir()
    for path in digits_folder.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    os.mkfifo(folder / "t10k-images-idx3-ubyte")
    program.all.opening.open(folder)
    program.use_what_was_found()
    program.wait(lambda: program.session.dataset.source == str(folder))


def test_a_drive_that_does_not_answer_can_be_given_up(program, qtbot, tmp_path, dead_drive):
    program.train_to_end(recipe(iterations=5))
    drop(program, tmp_path / "far.h5")
    program.wait(lambda: "Looking at “far.h5”…" in program.message)
    assert program.all.opening.looking
    program.train_to_end(recipe(iterations=8))  # the window goes on
    assert program.session.run.step > 5
    drop(program, tmp_path / "farther.h5")
    program.wait(lambda: "Looking at “farther.h5”…" in program.message)
    qtbot.mouseClick(button(program, "Cancel"), Qt.MouseButton.LeftButton)
    assert not program.all.opening.looking
    assert program.message == ""
    assert [path.name for path in dead_drive] == ["far.h5", "farther.h5"]


def test_closing_does_not_wait_for_a_dead_drive(make_driver, tmp_path, dead_drive):
    driver = make_driver()
    driver.all.opening.open(tmp_path / "far.h5")
    driver.wait(lambda: bool(dead_drive))
    driver.all.shut_down()  # returns, although nobody ever answers
    assert own_threads() == ["job-look"]
    assert all(thread.daemon for thread in threading.enumerate() if thread.name == "job-look")


def test_a_dead_drive_at_the_start_leaves_the_built_in_digits(
    make_driver, qtbot, tmp_path, dead_drive
):
    driver = make_driver()
    driver.all.start(tmp_path / "far.h5")
    driver.wait(lambda: "Looking at" in driver.message)
    assert not driver.all.datasets.loading
    qtbot.mouseClick(button(driver, "Cancel"), Qt.MouseButton.LeftButton)
    driver.wait(lambda: driver.session.parts is not None)
    assert driver.session.dataset.key == "builtin"


def test_digits_given_at_the_start_are_used_in_place_of_the_built_in_ones(
    make_driver, digits_folder
):
    driver = make_driver()
    used = []
    driver.all.datasets.changed.connect(lambda: used.append(driver.all.datasets.dataset.key))
    driver.all.start(digits_folder)
    driver.wait(lambda: driver.session.parts is not None)
    assert used == ["idx"]


def test_what_is_looked_at_when_training_begins_is_not_opened(program, tmp_path, monkeypatch):
    go_on = threading.Event()
    real = opening.kind_of
    monkeypatch.setattr(opening, "kind_of", lambda path: go_on.wait() and real(path))
    (tmp_path / "a.csv").write_text("1,2\n")
    program.all.opening.open(tmp_path / "a.csv")
    program.use(endless())
    program.click("run.train")
    program.wait_for_phase(Phase.RUNNING)
    go_on.set()
    program.wait(lambda: "“a.csv” was not opened" in program.message)


def test_a_message_of_others_is_not_taken_away_when_looking_ends(program, tmp_path, monkeypatch):
    go_on = threading.Event()
    real = opening.kind_of
    monkeypatch.setattr(opening, "kind_of", lambda path: go_on.wait() and real(path))
    program.all.opening.open(Path(program.session.dataset.source))
    program.wait(lambda: "Looking at" in program.message)
    program.click("file.recover")
    go_on.set()
    program.wait(lambda: program.feature("data_import").controller.dialog is not None)
    assert "nothing to recover" in program.message


def test_reading_that_hangs_is_given_up_by_the_card(program, qtbot, tmp_path, monkeypatch):
    """A reader that waits for ever stands for a drive that dies half-way."""
    answer = threading.Event()

    class Dead:
        label, patterns = "Dead", ()

        def recognises(self, path):
            return path.name == "dead"

        def read(self, path, progress=None):
            answer.wait()
            raise DatasetError(path, "too late")

    monkeypatch.setitem(READERS._entries, "idx", Dead())
    (tmp_path / "dead").write_bytes(b"\0")
    program.all.opening.open(tmp_path / "dead")
    program.wait(lambda: "Reading dead" in (program.feature("setup").model.loading_text or ""))
    qtbot.mouseClick(program.feature("setup").panel.data.cancel, Qt.MouseButton.LeftButton)
    assert program.feature("setup").model.loading is None
    program.train_to_end(recipe(iterations=5))
    program.all.shut_down()
    assert own_threads() == ["job-import"]
    answer.set()
