import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton

from core.base.events import WeightsSeen
from gui.features.digits.model import DigitsModel
from gui.features.digits.panel import DigitsPanel
from gui.toolkit.empty import EmptyState
from gui.toolkit.images.image_grid import ImageGrid
from gui.toolkit.probability_bars import ProbabilityBars
from tests.support.small_networks import (
    NAMES,
    blind_network,
    predictor,
    row_digits,
    template_network,
)


@pytest.fixture
def model(qapp):
    return DigitsModel(seed=1)


@pytest.fixture
def panel(qtbot, model, themes):
    panel = DigitsPanel(model, themes)
    qtbot.addWidget(panel)
    panel.resize(640, 460)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


@pytest.fixture
def read(model, panel, qtbot):
    """The panel with 200 digits, the last 40 of them read wrong."""
    model.show_images(row_digits(200, mislabelled=40), NAMES, "Validation")
    model.set_predictor(predictor(*template_network()))
    qtbot.waitUntil(lambda: "accuracy" in model.counts)
    return panel


def grid(panel):
    return panel.findChild(ImageGrid)


def words(panel):
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]


def choose(panel, name, row):
    box = next(box for box in panel.findChildren(QComboBox) if box.accessibleName() == name)
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Home)
    for _ in range(row):
        QTest.keyClick(box, Qt.Key.Key_Down)


def point_at(panel, tile):
    viewport = grid(panel).viewport()
    QTest.mouseMove(viewport, QPoint(2, 2))  # a mouse that is there already would not move
    QTest.mouseMove(viewport, grid(panel).tile_rect(tile).center().toPoint())


def test_without_images_it_says_what_will_be_here(panel):
    assert panel.findChild(EmptyState).isVisible()
    assert not grid(panel).isVisible()


def test_a_sample_is_shown_with_its_counts(read, model):
    assert grid(read).isVisible()
    assert grid(read).count == 100
    assert model.counts in words(read)


def test_mistakes_can_be_chosen(read, model):
    choose(read, "Answers", 1)
    assert model.filter.kind == "mistakes"
    assert grid(read).count == 40
    assert model.counts in words(read)


def test_a_class_can_be_chosen(read, model):
    choose(read, "Class", 8)
    assert model.filter.label == 7
    assert set(model.captions) <= {"7", "7 → 6"}


def test_the_boxes_follow_when_other_classes_come(read, model):
    choose(read, "Class", 8)
    model.show_images(row_digits(30), tuple("abcdefghij"), "Test")
    box = next(box for box in read.findChildren(QComboBox) if box.accessibleName() == "Class")
    assert box.currentText() == "h"


def test_the_button_reshuffles(read, model):
    before = model.images
    button = next(each for each in read.findChildren(QPushButton) if each.text() == "Reshuffle")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert (model.images != before).any()


def test_the_key_r_reshuffles_while_the_panel_has_the_focus(read, model, qtbot):
    read.activateWindow()
    grid(read).setFocus()
    qtbot.waitUntil(grid(read).hasFocus)
    before = model.images
    QTest.keyClick(grid(read), Qt.Key.Key_R)
    assert (model.images != before).any()


def test_pointing_at_a_tile_shows_it_large_and_it_stays(read, model):
    point_at(read, 3)
    assert model.reading(3).title in words(read)
    assert model.reading(3).verdict in words(read)
    QTest.mouseMove(grid(read).viewport(), grid(read).viewport().rect().bottomRight())
    assert model.reading(3).title in words(read)


def test_the_answer_bars_belong_to_the_tile_in_focus(read, model):
    point_at(read, 3)
    bars = read.findChild(ProbabilityBars)
    shown = model.reading(3).index % 10
    assert bars.accessibleDescription().startswith(f"The answer is {shown},")


def test_marks_change_in_place_while_it_trains(model, panel):
    reader = predictor(*blind_network())
    model.show_images(row_digits(100), NAMES, "Validation")
    model.set_predictor(reader)
    place, before = grid(panel).tile_rect(5), grid(panel).grab().toImage()
    reader.set_params(template_network()[1])
    model.accept([WeightsSeen(5, reader.params)])
    assert grid(panel).grab().toImage() != before
    assert grid(panel).tile_rect(5) == place


def test_nothing_moves_when_the_filter_lets_nothing_through(read, model, qtbot):
    place = read.findChild(ProbabilityBars).geometry()
    model.show_images(row_digits(50), NAMES, "Validation")
    qtbot.waitUntil(lambda: "accuracy" in model.counts)
    choose(read, "Answers", 1)
    assert grid(read).count == 0
    assert read.findChild(ProbabilityBars).geometry() == place


def test_hidden_it_reads_nothing_and_catches_up_when_shown(read, model):
    read.hide()
    model.set_kind("mistakes")
    assert grid(read).count == 100
    read.show()
    assert grid(read).count == 40
