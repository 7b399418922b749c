"""The playground by mouse and keys: sliders, templates, undo, files, training."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMainWindow

from core.imaging.synthesis import DEFAULT_HAND, Hand
from core.imaging.synthesis.own import OwnTemplate, Style
from core.imaging.synthesis.style_file import read_style, write_style
from gui.features.handwriting.controller import HandwritingController
from gui.session.jobs import Jobs
from tests.support.small_networks import NAMES, SHAPE, blind_network, predictor

BAR = OwnTemplate(7, (((0.0, 4.5), (9.0, 4.5)),))
SLASH = ((40, 20), (60, 60), (80, 100), (100, 125))
LEFT = Qt.MouseButton.LeftButton


class Playground:
    """A desk in a window of its own, and what it said and loaded."""

    def __init__(self, qtbot, themes, folder):
        self.jobs, self.window = Jobs(), QMainWindow()
        self.loaded, self.message = [], []
        self.desk = HandwritingController(
            self.jobs, self.window, themes, self.loaded.append, folder
        )
        self.desk.message.connect(lambda message: self.message.append(message.text))
        self.model = self.desk.model
        self.window.setCentralWidget(self.desk.panel)
        self.window.resize(640, 600)
        qtbot.addWidget(self.window)
        self.window.show()
        qtbot.waitExposed(self.window)

    @property
    def panel(self):
        return self.desk.playground

    @property
    def style(self):
        return self.model.style

    @property
    def strip(self):
        return self.panel.ways.strip

    @property
    def pad(self):
        return self.panel.ways.pad

    def click(self, button):
        QTest.mouseClick(button, LEFT)

    def choose(self, digit):
        self.click(self.panel.digits.button(digit))

    def draw(self, *places):
        first, *others = [QPoint(*place) for place in places]
        QTest.mousePress(self.pad.canvas, LEFT, pos=first)
        for place in others:
            QTest.mouseMove(self.pad.canvas, place)
        QTest.mouseRelease(self.pad.canvas, LEFT, pos=QPoint(*places[-1]))


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "data"


@pytest.fixture
def make(qtbot, themes, folder):
    made = []

    def start():
        made.append(Playground(qtbot, themes, folder))
        return made[-1]

    yield start
    for each in made:
        each.desk.finish()
        each.jobs.shut_down()


@pytest.fixture
def play(make):
    return make()


def add_slash(play, qtbot):
    count = len(play.style.templates)
    play.draw(*SLASH)
    play.click(play.pad.add)
    qtbot.waitUntil(lambda: len(play.style.templates) == count + 1)


def test_nothing_is_built_before_it_is_seen(qtbot, themes, folder):
    jobs, window = Jobs(), QMainWindow()
    qtbot.addWidget(window)
    desk = HandwritingController(jobs, window, themes, print, folder)
    window.setCentralWidget(desk.panel)
    desk.model.set_predictor(predictor(*blind_network()), NAMES, SHAPE)
    desk.model.accept([])
    assert desk.playground is None
    window.show()
    qtbot.waitUntil(lambda: desk.playground is not None)
    qtbot.waitUntil(lambda: desk.playground.rating.text() == "The network reads 10 of 100.")


def test_a_slider_changes_the_samples_and_explains_itself(qtbot, play):
    before = play.model.images.copy()
    slider = play.panel.board.sliders["slant"]
    slider.slider.setFocus()
    for _ in range(20):
        QTest.keyClick(slider.slider, Qt.Key.Key_Right)
    assert play.style.hand.slant == pytest.approx(DEFAULT_HAND.slant + 0.2)
    assert not np.array_equal(play.model.images, before)
    assert "leans right" in play.panel.board.help.text()


def test_there_is_a_slider_for_every_habit(play):
    assert list(sorted(play.panel.board.sliders)) == sorted(Hand.__dataclass_fields__)


def test_the_samples_that_the_network_misreads_are_counted(qtbot, play):
    play.desk.model.set_predictor(predictor(*blind_network()), NAMES, SHAPE)
    qtbot.waitUntil(lambda: play.panel.rating.text() == "The network reads 10 of 100.")
    play.choose(3)
    qtbot.waitUntil(lambda: play.panel.rating.text() == "The network reads 100 of 100.")
    play.desk.model.set_predictor(None)
    qtbot.waitUntil(lambda: play.panel.rating.text().startswith("Train a network"))


def test_one_digit_and_all_can_be_looked_at(qtbot, play):
    play.choose(4)
    assert (play.model.labels == 4).all()
    qtbot.waitUntil(lambda: play.strip.items[0].caption == "4")
    play.choose(None)
    qtbot.waitUntil(lambda: play.strip.items[0].caption == "0")


def test_a_drawn_template_appears_at_once_and_is_saved(qtbot, play, folder):
    play.choose(1)
    qtbot.waitUntil(lambda: play.pad.digit.currentIndex() == 1)
    assert not play.pad.add.isEnabled()
    before = play.model.images.copy()
    add_slash(play, qtbot)
    (template,) = play.style.templates
    assert template.digit == 1
    assert play.pad.canvas.empty
    assert not np.array_equal(play.model.images, before)
    qtbot.waitUntil(lambda: play.strip.items[0].own)
    qtbot.waitUntil(lambda: play.desk.path.exists())
    qtbot.waitUntil(lambda: read_style(play.desk.path).templates == (template,))
    assert play.desk.path.parent == folder


def test_enter_on_the_canvas_adds_the_drawing_as_the_digit_chosen(qtbot, play):
    play.pad.digit.setFocus()
    QTest.keyClick(play.pad.digit, Qt.Key.Key_7)
    play.draw(*SLASH)
    play.pad.canvas.setFocus()
    QTest.keyClick(play.pad.canvas, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(play.style.templates))
    assert play.style.templates[0].digit == 7
    assert play.model.digit == 7


def test_a_scribble_is_refused_beside_the_canvas(qtbot, play):
    for k in range(8):
        play.draw((20 + 12 * k, 20), (20 + 12 * k, 110))
    play.click(play.pad.add)
    qtbot.waitUntil(lambda: "8 strokes" in play.pad.problem)
    assert not play.style.templates
    assert not play.pad.canvas.empty
    assert play.pad.add.isEnabled()


def test_the_next_time_everything_is_as_it_was_left(qtbot, make):
    first = make()
    add_slash(first, qtbot)
    first.panel.board.sliders["slant"].slider.setValue(180)
    first.desk.finish()
    assert make().style == first.style
    assert first.style.hand.slant > 0.5


def test_templates_and_sliders_are_there_after_a_real_start(qtbot, make_driver, tmp_path):
    first = make_driver()
    first.click("view.handwriting")
    desk = first.feature("handwriting").controller
    first.wait(lambda: desk.playground is not None and desk.playground.isVisible())
    pad, slant = desk.playground.ways.pad, desk.playground.board.sliders["slant"].slider
    for round_ in ("three bows", "a zigzag"):
        QTest.mousePress(pad.canvas, LEFT, pos=QPoint(30, 20))
        for k in range(1, 40):
            x = 70 + 40 * np.sin(k / 4) if round_ == "three bows" else 30 + 80 * (k // 8 % 2)
            QTest.mouseMove(pad.canvas, QPoint(round(x), 20 + 100 * k // 40))
        QTest.mouseRelease(pad.canvas, LEFT, pos=QPoint(90, 120))
        QTest.mouseClick(pad.add, LEFT)
        count = 1 if round_ == "three bows" else 2
        first.wait(lambda count=count: len(desk.model.style.templates) == count)
    slant.setFocus()
    for _ in range(15):
        QTest.keyClick(slant, Qt.Key.Key_Right)
    left = desk.model.style
    assert max(len(line) for each in left.templates for line in each.strokes) >= 5
    first.all.shut_down()
    kept = desk.path.parent
    second = make_driver()
    again = second.feature("handwriting").controller
    assert again.model.style == left
    second.click("view.handwriting")
    second.wait(lambda: again.playground is not None and again.playground.isVisible())
    second.wait(lambda: again.playground.ways.strip.items[0].own)
    assert again.playground.board.sliders["slant"].slider.value() == slant.value()
    assert not second.message
    assert not list(kept.glob("handwriting-*"))


def test_ways_to_write_that_an_earlier_version_set_aside_are_back_and_it_is_said(
    qtbot, make, folder
):
    folder.mkdir()
    bow = OwnTemplate(3, (tuple((k / 2, (k % 3) + 0.25) for k in range(12)),))
    write_style(folder / "handwriting-damaged-1.toml", Style(templates=(BAR, bow)))
    play = make()
    assert play.style.templates == (BAR, bow)
    qtbot.waitUntil(lambda: bool(play.message))
    assert play.message == ["2 ways to write are back that an earlier version had set aside."]


def test_a_template_is_deleted_by_its_cross_and_comes_back_by_undo(qtbot, play):
    add_slash(play, qtbot)
    qtbot.waitUntil(lambda: play.strip.items[0].own)
    QTest.mouseClick(play.strip.viewport(), LEFT, pos=play.strip.delete_rect(0).center().toPoint())
    assert not play.style.templates
    qtbot.waitUntil(lambda: not play.strip.items[0].own)
    play.click(play.panel.undo)
    assert len(play.style.templates) == 1


def test_a_template_is_deleted_by_the_delete_key(qtbot, play):
    add_slash(play, qtbot)
    qtbot.waitUntil(lambda: play.strip.items[0].own)
    play.strip.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(play.strip, Qt.Key.Key_Home)
    QTest.keyClick(play.strip, Qt.Key.Key_Delete)
    assert not play.style.templates


def test_a_whole_drag_is_one_step_back_by_key_and_button(play):
    bar = play.panel.board.sliders["pen"].slider
    share = bar.value() / bar.maximum()
    start = QPoint(round(8 + share * (bar.width() - 16)), bar.height() // 2)
    QTest.mousePress(bar, LEFT, pos=start)
    for step in range(1, 8):
        QTest.mouseMove(bar, start + QPoint(3 * step, 0))
    QTest.mouseRelease(bar, LEFT, pos=start + QPoint(21, 0))
    moved = play.style.hand.pen
    assert moved > DEFAULT_HAND.pen
    bar.setFocus()
    QTest.keyClick(bar, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert play.style.hand == DEFAULT_HAND
    play.click(play.panel.redo)
    assert play.style.hand.pen == moved
    assert "pen" in play.panel.undo.toolTip()


def test_the_key_for_undo_is_the_playgrounds_and_not_the_windows(play):
    action = QAction("Undo something else", play.window)
    action.setShortcut("Ctrl+Z")
    others = []
    action.triggered.connect(lambda: others.append(True))
    play.window.addAction(action)
    slider = play.panel.board.sliders["slant"]
    for part in (slider.slider, slider.number, play.panel.grid, play.strip):
        slider.slider.setValue(150)
        part.setFocus()
        QTest.keyClick(part, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert play.style.hand == DEFAULT_HAND
    assert not others


def test_reset_puts_all_sliders_back(qtbot, play):
    for name in ("slant", "wave"):
        play.panel.board.sliders[name].slider.setValue(150)
    qtbot.waitUntil(play.panel.board.reset.isEnabled)
    play.click(play.panel.board.reset)
    assert play.style.hand == DEFAULT_HAND
    qtbot.waitUntil(lambda: not play.panel.board.reset.isEnabled())


def test_the_built_in_again_keeps_the_users_templates(qtbot, play):
    add_slash(play, qtbot)
    play.panel.board.sliders["slant"].slider.setValue(150)
    play.click(play.panel.buttons["builtin"])
    assert (play.style.hand, play.style.ways) == (DEFAULT_HAND, "builtin")
    assert len(play.style.templates) == 1
    qtbot.waitUntil(lambda: play.strip.items[0].faded)
    add_slash(play, qtbot)
    assert play.style.ways == "both"


def test_training_saves_first_and_then_loads_the_file(qtbot, play):
    play.panel.board.sliders["slant"].slider.setValue(170)
    play.panel.count.setFocus()
    play.panel.count.lineEdit().selectAll()
    QTest.keyClicks(play.panel.count.lineEdit(), "2000")
    play.click(play.panel.buttons["train"])
    qtbot.waitUntil(lambda: bool(play.loaded))
    assert play.loaded == [str(play.desk.path)]
    assert read_style(play.desk.path) == play.style
    assert play.style.count == 2000
    assert play.style.hand.slant > 0.5


def test_a_file_is_opened_and_what_was_there_is_kept_beside_it(qtbot, play, tmp_path, folder):
    add_slash(play, qtbot)
    mine = play.style
    path = tmp_path / "friend.toml"
    write_style(path, Style(replace(DEFAULT_HAND, slant=-0.5), (BAR,)))
    play.desk.open(path)
    qtbot.waitUntil(lambda: play.style.templates == (BAR,))
    assert play.style.hand.slant == -0.5
    kept = folder / "handwriting-before-1.toml"
    qtbot.waitUntil(kept.exists)
    assert read_style(kept) == mine
    play.click(play.panel.undo)
    assert play.style == mine


def test_a_file_that_is_none_changes_nothing(qtbot, play, tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("hello", encoding="utf-8")
    play.desk.open(path)
    qtbot.waitUntil(lambda: bool(play.message))
    assert "notes.txt" in play.message[0]
    assert play.style == Style()


@pytest.mark.parametrize("name", ["open", "save"])
def test_the_file_buttons_ask_without_blocking(qtbot, play, tmp_path, name):
    play.click(getattr(play.panel, name))
    dialog = play.window.findChild(QFileDialog)
    assert dialog.isVisible()
    path = tmp_path / "mine.toml"
    write_style(path, Style(seed=77))
    dialog.fileSelected.emit(str(path))
    dialog.reject()
    qtbot.waitUntil(lambda: bool(play.message))
    assert play.message[0] == ("Opened “mine.toml”." if name == "open" else "Saved as “mine.toml”.")
    assert read_style(path).seed == (77 if name == "open" else Style().seed)


def test_a_hidden_panel_costs_nothing_and_catches_up(qtbot, play):
    play.window.hide()
    play.panel.board.sliders["slant"].slider.setValue(150)
    play.choose(5)
    play.window.show()
    qtbot.waitUntil(lambda: play.strip.items[0].caption == "5")


def test_everything_can_be_reached_by_tab(play):
    seen, start = set(), play.panel.digits.button(0)
    start.setFocus()
    for _ in range(80):
        widget = play.window.focusWidget()
        seen.add(widget)
        QTest.keyClick(widget, Qt.Key.Key_Tab)
    wanted = [slider.slider for slider in play.panel.board.sliders.values()]
    wanted += [play.panel.grid, play.strip, play.pad.canvas, play.pad.digit, play.panel.ways.use]
    wanted += [play.panel.count, *play.panel.buttons.values(), play.panel.open, play.panel.save]
    assert not set(wanted) - seen
