import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QSlider

from core.base.events import WeightsSeen
from gui.features.weights.model import WeightsModel
from gui.features.weights.panel import WeightsPanel
from gui.toolkit.colour_bar import ColourBar
from gui.toolkit.empty import EmptyState
from gui.toolkit.images.image_grid import ImageGrid
from tests.support.small_networks import NAMES, SHAPE, hidden_network


@pytest.fixture
def model():
    return WeightsModel()


@pytest.fixture
def panel(qtbot, model, themes):
    panel = WeightsPanel(model, themes)
    qtbot.addWidget(panel)
    panel.resize(640, 460)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


@pytest.fixture
def shown(model, panel):
    """The panel with a network of 12 hidden units."""
    model.show_network(*hidden_network(12), SHAPE, NAMES, step=3)
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


def test_without_a_network_it_says_what_will_be_here(panel):
    assert panel.findChild(EmptyState).isVisible()
    assert not grid(panel).isVisible()


def test_each_unit_has_a_tile(shown):
    assert not shown.findChild(EmptyState).isVisible()
    assert grid(shown).count == 12
    assert "12 units · iteration 3" in words(shown)


def test_new_weights_are_painted(shown, model):
    before = grid(shown).grab().toImage()
    _, params = hidden_network(12, seed=1)
    model.accept([WeightsSeen(50, params)])
    assert grid(shown).grab().toImage() != before
    assert "12 units · iteration 50" in words(shown)


def test_hidden_it_draws_nothing_and_catches_up_when_shown(shown, model):
    shown.hide()
    model.accept([WeightsSeen(50, hidden_network(12, seed=1)[1])])
    assert "12 units · iteration 3" in [label.text() for label in shown.findChildren(QLabel)]
    shown.show()
    assert "12 units · iteration 50" in words(shown)


def test_the_scale_can_be_chosen(shown, model, qtbot):
    bar = shown.findChild(ColourBar)
    common = bar.accessibleName()
    choose(shown, "Scale of the colours", 1)
    assert model.scale == "own"
    assert bar.accessibleName() != common


def test_the_order_can_be_chosen(shown, model):
    choose(shown, "Order of the tiles", 1)
    assert model.order == "strength"


def test_the_tiles_can_be_made_larger(shown):
    before = grid(shown).tile_rect(0).width()
    slider = shown.findChild(QSlider)
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_Right)
    assert grid(shown).tile_rect(0).width() > before


def test_pointing_at_a_tile_tells_its_figures_without_moving_anything(shown, model):
    before = grid(shown).geometry()
    point_at(shown, 4)
    assert model.hover_text(4) in words(shown)
    assert grid(shown).geometry() == before


def test_the_figures_under_the_mouse_follow_the_training(shown, model):
    point_at(shown, 4)
    before = model.hover_text(4)
    model.accept([WeightsSeen(50, hidden_network(12, seed=1)[1])])
    assert model.hover_text(4) != before
    assert model.hover_text(4) in words(shown)


def test_the_arrow_keys_tell_the_figures_too(shown, model):
    grid(shown).setFocus()
    grid(shown).set_current(0)
    QTest.keyClick(grid(shown), Qt.Key.Key_Right)
    assert model.hover_text(1) in words(shown)


def test_another_theme_repaints_the_tiles(shown, themes):
    before = grid(shown).grab().toImage()
    themes.choose("dark")
    assert grid(shown).grab().toImage() != before


def test_when_the_network_is_gone_it_is_empty_again(shown, model):
    model.clear()
    assert shown.findChild(EmptyState).isVisible()
