import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor

from gui.features.setup.data_card import DataCard
from gui.features.setup.sample_strip import SampleStrip
from gui.style.theme import DARK, Themes
from gui.toolkit.class_bars import ClassBars


@pytest.fixture(scope="module")
def themes(qapp):
    return Themes(qapp, "dark")


@pytest.fixture
def card(qtbot, themes):
    card = DataCard(themes)
    qtbot.addWidget(card)
    card.show()
    return card


@pytest.mark.parametrize("way", ["builtin", "download", "open_file", "open_folder"])
def test_each_button_asks_for_its_data(card, qtbot, way):
    with qtbot.waitSignal(card.requested) as asked:
        qtbot.mouseClick(card.buttons[way], Qt.MouseButton.LeftButton)
    assert asked.args == [way]


def test_without_data_it_says_how_to_get_some(card):
    assert card.name.text() == "No digits yet"
    assert "built-in" in card.counts.text()
    assert not card.bars.isVisible()


def test_loading_shows_progress_and_can_be_cancelled(card, qtbot):
    assert not card.cancel.isVisible()
    card.show_loading(0.4, "Reading images")
    with qtbot.waitSignal(card.cancel_requested):
        qtbot.mouseClick(card.cancel, Qt.MouseButton.LeftButton)
    card.show_loading(None, "")
    assert not card.cancel.isVisible()


def test_a_problem_is_shown_until_it_is_taken_away(card):
    card.show_problem("The file is cut off.")
    assert card.message.text() == "The file is cut off."
    assert card.message.isVisible()
    card.show_problem("")
    assert not card.message.isVisible()


def test_closed_it_takes_no_requests(card):
    card.set_open(False)
    assert not card.buttons["builtin"].isEnabled()
    assert not card.buttons["open_file"].isEnabled()
    assert not card.buttons["open_folder"].isEnabled()


def test_the_bar_of_the_largest_class_is_the_highest(qtbot, themes):
    bars = ClassBars(themes)
    qtbot.addWidget(bars)
    bars.set_counts(("a", "b"), (100, 50))
    bars.resize(200, bars.sizeHint().height())
    picture = bars.grab().toImage()
    ink = QColor(DARK.training)
    heights = [
        sum(picture.pixelColor(x, y) == ink for y in range(picture.height())) for x in (40, 140)
    ]
    assert heights[0] == 2 * heights[1] > 0


def test_the_counts_are_also_there_in_words(qtbot, themes):
    bars = ClassBars(themes)
    qtbot.addWidget(bars)
    bars.set_counts(("0", "1"), (5923, 6742))
    assert bars.accessibleDescription() == "0: 5,923 images, 1: 6,742 images"


def test_samples_are_drawn_where_they_belong(qtbot, themes):
    strip = SampleStrip(themes)
    qtbot.addWidget(strip)
    images = np.zeros((11, 28, 28), np.uint8)
    images[10] = 255
    strip.set_samples(images, [str(i) for i in range(11)])
    strip.resize(276, strip.heightForWidth(276))
    picture = strip.grab().toImage()
    assert picture.pixelColor(QPoint(12, 12)).lightness() == 0
    second_row = strip.height() // 2 + 12
    assert picture.pixelColor(QPoint(12, second_row)).lightness() == 255


def test_at_most_two_rows_of_samples_are_shown(qtbot, themes):
    strip = SampleStrip(themes)
    qtbot.addWidget(strip)
    strip.set_samples(np.zeros((20, 28, 28), np.uint8), ["7"] * 20)
    twenty = strip.heightForWidth(276)
    strip.set_samples(np.zeros((90, 28, 28), np.uint8), ["7"] * 90)
    assert strip.heightForWidth(276) == twenty
