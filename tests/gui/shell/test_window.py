"""The window: its commands, what is dropped on it, and how it is left."""

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QDockWidget, QToolButton

from gui.session.phase import Phase
from gui.shell.actions import specs_of
from tests.support.program import endless, recipe

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
COPY = Qt.DropAction.CopyAction


def drop(window, data):
    """Drag `data` into the window and let go; return whether it was taken."""
    enter = QDragEnterEvent(QPointF(300, 300).toPoint(), COPY, data, LEFT, NONE)
    enter.ignore()
    QApplication.sendEvent(window, enter)
    if enter.isAccepted():
        QApplication.sendEvent(window, QDropEvent(QPointF(300, 300), COPY, data, LEFT, NONE))
    return enter.isAccepted()


def files(*paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def test_every_command_has_an_action_in_its_menu(program):
    for title, specs in program.window.menus:
        entry = next(a for a in program.window.menuBar().actions() if a.text() == title)
        shown = [action.text() for action in entry.menu().actions() if not action.isSeparator()]
        assert shown == [spec.text for spec in specs if spec is not None]
    assert set(program.window.actions_by_key) == {
        spec.key for spec in specs_of(program.window.menus)
    }


def test_the_toolbar_shows_its_commands_as_buttons_with_icons(program):
    for spec in specs_of(program.window.menus):
        button = program.tool(spec.key)
        assert (button is not None) == spec.toolbar
        if spec.toolbar:
            assert isinstance(button, QToolButton)
            assert not button.icon().isNull()


def test_keys_command_the_training(program, qtbot):
    program.use(endless())
    program.window.activateWindow()
    program.wait(program.window.isActiveWindow)
    qtbot.keyClick(program.window, Qt.Key.Key_F5)
    assert program.session.phase is Phase.RUNNING
    program.wait_for_steps(1)
    qtbot.keyClick(program.window, Qt.Key.Key_F6)
    program.wait_for_phase(Phase.PAUSED)
    qtbot.keyClick(program.window, Qt.Key.Key_F7)
    program.wait_for_phase(Phase.PAUSED)
    qtbot.keyClick(program.window, Qt.Key.Key_F5, Qt.KeyboardModifier.ShiftModifier)
    program.wait_for_phase(Phase.IDLE)


def enabled(program):
    return {key for key, action in program.window.actions_by_key.items() if action.isEnabled()}


def test_the_phases_enable_what_makes_sense(program):
    assert {"run.train", "run.step", "run.again", "file.open"} <= enabled(program)
    assert not {"run.pause", "run.stop", "file.save", "run.previous"} & enabled(program)
    program.use(endless())
    program.click("run.train")
    assert {"run.pause", "run.stop", "file.save"} <= enabled(program)
    assert not {"run.train", "run.step", "file.open", "file.new", "data.builtin"} & enabled(program)
    program.wait_for_steps(1)
    program.click("run.pause")
    program.wait_for_phase(Phase.PAUSED)
    assert {"run.train", "run.step", "run.stop"} <= enabled(program)
    assert program.tool("run.train").text() == "Resume"


def test_a_dropped_folder_is_loaded_as_digits(make_driver, digits_folder):
    driver = make_driver()
    assert drop(driver.window, files(digits_folder))
    driver.use_what_was_found()
    driver.wait(lambda: driver.session.parts is not None)
    assert driver.session.dataset.source == str(digits_folder)


def test_a_dropped_file_is_loaded_as_digits(make_driver, digits_folder):
    driver = make_driver()
    assert drop(driver.window, files(digits_folder / "train-labels-idx1-ubyte"))
    driver.use_what_was_found()
    driver.wait(lambda: driver.session.parts is not None)
    assert len(driver.session.dataset.train) == 600


@pytest.mark.parametrize("name", ["model.h5", "a model without its ending"])
def test_a_dropped_model_is_opened(program, tmp_path, name):
    program.train_to_end(recipe(iterations=5))
    path = tmp_path / "model.h5"
    program.all.documents.save(path)
    program.wait(lambda: not program.all.documents.saving)
    path = path.rename(tmp_path / name)
    program.click("file.new")
    assert drop(program.window, files(path))
    program.wait(lambda: program.session.run is not None)
    assert program.session.run.step == 5


def test_dropped_junk_is_refused_with_a_sentence(program, tmp_path):
    junk = tmp_path / "letter.txt"
    junk.write_text("Dear Sir")
    dataset = program.session.dataset
    assert drop(program.window, files(junk))
    program.wait(lambda: bool(program.feature("setup").model.data_error))
    assert "letter.txt" in program.feature("setup").model.data_error
    assert "letter.txt" in program.all.banner.text
    assert program.session.dataset is dataset


def test_what_is_no_file_is_not_taken(program):
    words, page = QMimeData(), QMimeData()
    words.setText("7")
    page.setUrls([QUrl("https://example.org/digits.h5")])
    assert not drop(program.window, words)
    assert not drop(program.window, page)


def test_a_drop_while_training_says_so_and_changes_nothing(program, digits_folder):
    program.use(endless())
    program.click("run.train")
    assert drop(program.window, files(digits_folder / "model.h5"))
    assert "Training is running" in program.message
    assert program.session.phase is Phase.RUNNING


def test_the_layout_comes_back_on_the_next_start(make_driver):
    first = make_driver()
    first.window.resize(900, 700)  # the screen of the offscreen platform is small
    first.window.findChild(QDockWidget, "dock-draw").hide()
    first.window.close()
    first.wait(lambda: not first.window.isVisible())
    second = make_driver()
    assert second.window.height() == 700
    assert second.window.findChild(QDockWidget, "dock-draw").isHidden()
    assert not second.window.findChild(QDockWidget, "dock-setup").isHidden()
    second.click("view.reset")
    assert not second.window.findChild(QDockWidget, "dock-draw").isHidden()


def test_views_are_brought_to_the_front(program):
    for number, key in enumerate(("training", "weights", "digits")):
        program.click(f"view.{key}")
        assert program.window.tabs.currentIndex() == number
    dock = program.window.findChild(QDockWidget, "dock-setup")
    program.click("view.setup")
    assert dock.isHidden()
    program.click("view.setup")
    assert dock.isVisible()


def test_an_empty_list_of_recent_files_says_so(program):
    (only,) = program.window.recent_menu.actions()
    assert only.text() == "No recent models"
    assert not only.isEnabled()
