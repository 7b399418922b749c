import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel

from core.imaging.lens.lens import LensStages
from gui.features.lens.answer_map import AnswerMapView
from gui.features.lens.model import LensModel
from gui.features.lens.panel import LensPanel
from gui.features.lens.strip import LensStrip
from gui.session.jobs import Jobs
from gui.toolkit.empty import EmptyState
from gui.toolkit.images.pixel_view import PixelView
from gui.toolkit.probability_bars import ProbabilityBars
from tests.support.small_networks import NAMES, SHAPE, predictor, template_network

LINE = np.array([[40, 140, 1], [240, 140, 1]], np.float32)  # level: row 14 in its frame


@pytest.fixture
def model(qtbot):
    jobs = Jobs()
    yield LensModel(jobs)
    jobs.shut_down()


@pytest.fixture
def panel(qtbot, model, themes):
    panel = LensPanel(model, themes)
    qtbot.addWidget(panel)
    panel.resize(640, 640)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


@pytest.fixture
def shown(qtbot, model, panel):
    """The panel with a level line and the map of a network that knows rows."""
    model.set_predictor(predictor(*template_network()), NAMES, SHAPE)
    model.set_strokes([LINE], 9.0, 280.0)
    qtbot.waitUntil(lambda: model.map is not None)
    return panel


def words(panel):
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]


def the_map(panel):
    return panel.findChild(AnswerMapView)


def point_at(panel, cell):
    QTest.mouseMove(the_map(panel), QPoint(0, 0))
    QTest.mouseMove(the_map(panel), the_map(panel).grid().rect(cell).center().toPoint())


def choose(panel, name, row):
    box = next(box for box in panel.findChildren(QComboBox) if box.accessibleName() == name)
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Home)
    for _ in range(row):
        QTest.keyClick(box, Qt.Key.Key_Down)


def test_before_anything_is_drawn_it_says_what_to_do(panel):
    assert panel.findChild(EmptyState).isVisible()
    assert "Draw a digit on the right, and see each step on its way to the network." in words(panel)


def test_a_drawing_is_shown_step_by_step_with_its_map(shown, model):
    assert not shown.findChild(EmptyState).isVisible()
    assert shown.findChild(LensStrip).isVisible()
    assert shown.findChild(LensStrip).sentence in words(shown)
    assert model.note in words(shown)
    assert any(text.startswith("It is a 7") for text in words(shown))


def test_a_switch_leaves_out_a_step_and_tells_so(shown, model, qtbot):
    switch = next(each for each in shown.findChildren(QCheckBox) if each.text() == "Centre")
    with qtbot.waitSignal(model.stages_changed) as told:
        QTest.mouseClick(switch, Qt.MouseButton.LeftButton)
    assert told.args == [LensStages(centre=False)]
    assert not model.stages.centre


def test_another_current_step_tells_its_sentence(shown):
    strip = shown.findChild(LensStrip)
    strip.set_current("box")
    assert strip.sentence in words(shown)


def test_pointing_at_a_cell_shows_it_and_moves_nothing(shown, model):
    parts = [the_map(shown), shown.findChild(ProbabilityBars), shown.findChild(LensStrip)]
    before = [part.geometry() for part in parts]
    row, column = model.map.present
    point_at(shown, (row + 2, column))
    assert "2 pixels down" in words(shown)
    assert shown.findChild(ProbabilityBars).accessibleDescription().startswith("The answer is 8")
    assert [part.geometry() for part in parts] == before


def test_arrow_keys_on_the_map_do_the_same(shown):
    the_map(shown).setFocus()
    QTest.keyClick(the_map(shown), Qt.Key.Key_Right)
    assert "1 pixel right" in words(shown)


def test_another_map_can_be_chosen(shown, model, qtbot):
    choose(shown, "Map of answers", 1)
    assert model.kind == "turn"
    qtbot.waitUntil(lambda: model.map is not None and model.map.across.key == "turn")
    assert model.note in words(shown)


def test_where_changes_are_made_can_be_chosen(shown, model):
    choose(shown, "Where the changes are made", 1)
    assert model.where == "before"


def test_the_average_training_digit_is_shown_beside_it(shown, model, qtbot):
    mean = shown.findChildren(PixelView)[-1]
    assert not mean.isVisible()
    model.set_means(np.full((10, *SHAPE), 90.0))
    qtbot.waitUntil(mean.isVisible)
    assert mean.accessibleName() == "The average training digit 7"
    assert "The average 7 of the training digits" in words(shown)


def test_without_a_network_it_says_so(panel, model, qtbot):
    model.set_strokes([LINE], 9.0, 280.0)
    qtbot.waitUntil(lambda: not model.empty)
    assert any(text.startswith("Train a network first") for text in words(panel))
    assert "No answer yet" in words(panel)


def test_hidden_it_costs_nothing_and_catches_up_when_shown(shown, model, qtbot):
    shown.hide()
    with qtbot.assertNotEmitted(model.changed, wait=150):
        model.set_strokes([], 9.0, 280.0)
    shown.show()
    qtbot.waitUntil(shown.findChild(EmptyState).isVisible)


@pytest.mark.parametrize("size", [(580, 560), (640, 640), (1100, 900)])
def test_everything_fits(shown, qtbot, size):
    shown.resize(*size)
    qtbot.waitUntil(lambda: shown.width() == size[0])
    for part in (the_map(shown), shown.findChild(ProbabilityBars), shown.findChild(LensStrip)):
        assert shown.rect().contains(part.mapTo(shown, part.rect().bottomRight()))
    assert the_map(shown).grid().place.height() > 150


def test_another_theme_repaints(shown, themes):
    before = shown.grab().toImage()
    themes.choose("dark")
    assert shown.grab().toImage() != before
