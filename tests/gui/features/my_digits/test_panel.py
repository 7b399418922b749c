import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QPushButton

from core.data.drawings.drawings import new_drawing
from core.teaching.scorebook import Score
from gui.features.my_digits.drawing_card import DrawingCard
from gui.features.my_digits.model import MyDigitsModel
from gui.features.my_digits.panel import MyDigitsPanel
from gui.features.my_digits.trend_plot import TrendPlot
from gui.toolkit.empty import EmptyState
from gui.toolkit.images.image_grid import ImageGrid
from tests.support.small_networks import NAMES, SHAPE, predictor, template_network

LEFT = Qt.MouseButton.LeftButton


def drawn(shown, label):
    image = np.zeros(SHAPE, np.uint8)
    image[2 * shown] = 255
    return new_drawing((), 1.0, label, str(label), image=image)


DRAWINGS = [drawn(0, 0), drawn(1, 1), drawn(3, 2), drawn(9, 9)]  # the 2 is read as a 3


@pytest.fixture
def model(qapp):
    return MyDigitsModel()


@pytest.fixture
def panel(qtbot, model, themes):
    made = MyDigitsPanel(model, themes)
    qtbot.addWidget(made)
    made.resize(900, 620)
    made.show()
    made.activateWindow()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def filled(panel, model):
    model.set_drawings(DRAWINGS, "Keep a 9")
    model.set_predictor(predictor(*template_network()), NAMES, SHAPE)
    return panel


def grid(panel):
    return panel.findChild(ImageGrid)


def card(panel):
    return panel.findChild(DrawingCard)


def button(panel, text):
    return next(one for one in panel.findChildren(QPushButton) if one.text() == text)


def click_tile(panel, tile):
    place = grid(panel).tile_rect(tile).center().toPoint()
    QTest.mouseClick(grid(panel).viewport(), LEFT, pos=place)


def choose(panel, name, row):
    box = next(box for box in panel.findChildren(QComboBox) if box.accessibleName() == name)
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Home)
    for _ in range(row):
        QTest.keyClick(box, Qt.Key.Key_Down)


def test_an_empty_set_says_how_it_is_filled(panel):
    empty = panel.findChild(EmptyState)
    assert empty.isVisible()
    assert "Draw a digit, click what it is" in empty.accessibleDescription()


def test_the_last_deletion_can_be_taken_back_from_the_empty_page(panel, model, qtbot):
    model.set_drawings([], "Delete a 7")
    with qtbot.waitSignal(panel.undone):
        QTest.mouseClick(button(panel, "Undo “Delete a 7”"), LEFT)


def test_the_score_and_all_drawings_are_shown(filled, model):
    assert grid(filled).count == 4
    words = [label.text() for label in filled.findChildren(QLabel) if label.isVisible()]
    assert "Your handwriting 75 % (3 of 4)" in words


def test_a_click_shows_a_drawing_large(filled):
    click_tile(filled, 2)
    assert card(filled).verdict == "A 2, read as a 3"
    assert card(filled).classes.buttons[2].isChecked()


def test_its_class_is_changed_by_a_click(filled, qtbot):
    click_tile(filled, 2)
    with qtbot.waitSignal(filled.relabelled) as caught:
        QTest.mouseClick(card(filled).classes.buttons[3], LEFT)
    assert caught.args == [DRAWINGS[2].key, 3]


def test_its_class_is_changed_by_a_digit_key(filled, qtbot):
    click_tile(filled, 2)
    grid(filled).setFocus()
    with qtbot.waitSignal(filled.relabelled) as caught:
        QTest.keyClick(grid(filled), Qt.Key.Key_3)
    assert caught.args == [DRAWINGS[2].key, 3]


def test_it_is_deleted_by_key_and_by_button(filled, qtbot):
    click_tile(filled, 1)
    grid(filled).setFocus()
    for press in (
        lambda: QTest.keyClick(grid(filled), Qt.Key.Key_Delete),
        lambda: QTest.mouseClick(card(filled).delete_button, LEFT),
    ):
        with qtbot.waitSignal(filled.deleted) as caught:
            press()
        assert caught.args == [DRAWINGS[1].key]


def test_after_a_deletion_the_keys_go_on_from_there(filled, model):
    click_tile(filled, 1)
    model.set_drawings([DRAWINGS[0], *DRAWINGS[2:]], "Delete a 1")
    assert grid(filled).current == 1
    assert card(filled).verdict == "A 2, read as a 3"


def test_undo_is_there_by_button_and_key(filled, qtbot):
    grid(filled).setFocus()
    for press in (
        lambda: QTest.mouseClick(button(filled, "Undo"), LEFT),
        lambda: QTest.keyClick(grid(filled), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier),
    ):
        with qtbot.waitSignal(filled.undone):
            press()


def test_wrong_ones_can_be_filtered_and_taught(filled, model, qtbot):
    choose(filled, "Answers", 1)
    assert model.captions == ["2 → 3"]
    with qtbot.waitSignal(filled.learn_wanted):
        QTest.mouseClick(button(filled, "Learn from the wrong one"), LEFT)


def test_a_class_can_be_chosen(filled, model):
    choose(filled, "Class", 10)
    assert model.captions == ["9"]


def test_a_refusal_disables_learning_and_says_why(filled, model):
    model.set_state(
        refusal="Stop first.", can_undo_lesson=False, held_out=(float("nan"), ""), scores=[]
    )
    learn = button(filled, "Learn from the wrong one")
    assert not learn.isEnabled()
    assert learn.toolTip() == "Stop first."


def test_a_kept_lesson_can_be_taken_back(filled, model, qtbot):
    assert not button(filled, "Undo lesson").isVisible()
    model.set_state(refusal="", can_undo_lesson=True, held_out=(0.97, "Test"), scores=[])
    with qtbot.waitSignal(filled.lesson_undone):
        QTest.mouseClick(button(filled, "Undo lesson"), LEFT)


def test_scores_open_as_a_plot(filled, model):
    scores = [Score(float(k), "Quick", "MNIST", 0.8 + k / 50, 4, 0.9, "Test") for k in range(3)]
    model.set_state(refusal="", can_undo_lesson=False, held_out=(0.97, "Test"), scores=scores)
    plot = filled.findChild(TrendPlot)
    assert not plot.isVisible()
    heading = filled._history.button
    assert "3 trainings" in heading.text()
    QTest.mouseClick(heading, LEFT)
    assert plot.isVisible()
    assert "Your handwriting: 80.0 % at first, 84.0 % now" in plot.accessibleDescription()


def test_both_exports_are_in_the_menu(filled, qtbot):
    idx, pngs = button(filled, "Export").menu().actions()
    with qtbot.waitSignal(filled.idx_wanted):
        idx.trigger()
    with qtbot.waitSignal(filled.pngs_wanted):
        pngs.trigger()


def test_coming_into_sight_is_told(panel, qtbot):
    panel.hide()
    with qtbot.waitSignal(panel.shown):
        panel.show()
