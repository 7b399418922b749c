"""A grid of pictures: painting, pointing, keys, live updates."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from gui.style.theme import Themes
from gui.toolkit.images.image_grid import ImageGrid

LEFT = Qt.MouseButton.LeftButton


def ramps(count: int) -> np.ndarray:
    """Gray pictures; number i is all of brightness i."""
    return np.repeat(np.arange(count, dtype=np.uint8), 784).reshape(count, 28, 28)


@pytest.fixture
def grid(qtbot, themes: Themes) -> ImageGrid:
    made = ImageGrid(themes)
    qtbot.addWidget(made)
    made.set_tile_size(28)
    made.resize(344, 200)  # nine to a row, five rows and a half
    made.set_tiles(ramps(200))
    made.show()
    qtbot.waitExposed(made)
    return made


def colour(grid: ImageGrid, index: int) -> QColor:
    place = grid.tile_rect(index).center().toPoint()
    return grid.viewport().grab().toImage().pixelColor(place)


def middle(grid: ImageGrid, index: int) -> QPoint:
    return grid.tile_rect(index).center().toPoint()


def test_every_tile_shows_its_picture(grid):
    for index in (0, 7, 30):
        assert colour(grid, index).red() == index


def test_colours_are_red_green_blue(grid):
    images = np.zeros((3, 28, 28, 3), np.uint8)
    images[1] = 250, 100, 20
    grid.set_tiles(images)
    shown = colour(grid, 1)
    assert (shown.red(), shown.green(), shown.blue()) == (250, 100, 20)


def test_pixels_have_sharp_edges(grid):
    checks = (np.indices((28, 28)).sum(axis=0) % 2 * 255).astype(np.uint8)[None]
    grid.set_tile_size(60)  # 56: two dots to a pixel
    grid.set_tiles(checks)
    rect, image = grid.tile_rect(0), grid.viewport().grab().toImage()
    assert rect.width() == 56
    row = [image.pixelColor(int(rect.left()) + x, int(rect.top())).red() for x in range(8)]
    assert row == [0, 0, 255, 255, 0, 0, 255, 255]


def test_scrolling_brings_the_tile_to_see(grid):
    grid.set_current(150)
    assert colour(grid, 150).red() == 150


def test_new_pictures_of_the_same_number_keep_place_and_focus(grid, qtbot):
    grid.set_current(150)
    place = grid.verticalScrollBar().value()
    assert place > 0
    with qtbot.assertNotEmitted(grid.current_changed):
        grid.set_tiles(255 - ramps(200))
    assert (grid.verticalScrollBar().value(), grid.current) == (place, 150)
    assert colour(grid, 150).red() == 105


def test_another_number_of_pictures_starts_over(grid, qtbot):
    grid.set_current(150)
    with qtbot.waitSignal(grid.current_changed) as heard:
        grid.set_tiles(ramps(100))
    assert heard.args == [-1]
    assert grid.verticalScrollBar().value() == 0


def test_the_caller_may_write_to_his_array_again(grid):
    images = ramps(200)
    grid.set_tiles(images)
    images[:] = 255
    assert colour(grid, 5).red() == 5


def test_a_click_names_the_tile_and_a_click_beside_names_none(grid, qtbot):
    with qtbot.waitSignal(grid.clicked) as heard:
        QTest.mouseClick(grid.viewport(), LEFT, pos=middle(grid, 12))
    assert heard.args == [12]
    with qtbot.assertNotEmitted(grid.clicked):
        QTest.mouseClick(grid.viewport(), LEFT, pos=QPoint(2, 2))


def test_a_press_that_is_dragged_off_the_tile_is_no_click(grid, qtbot):
    with qtbot.assertNotEmitted(grid.clicked):
        QTest.mousePress(grid.viewport(), LEFT, pos=middle(grid, 12))
        QTest.mouseRelease(grid.viewport(), LEFT, pos=middle(grid, 14))
    assert grid.current == 12


def test_hover_is_told_once_for_each_tile_and_when_the_mouse_leaves(grid):
    heard = []
    grid.hovered.connect(heard.append)
    QTest.mouseMove(grid.viewport(), middle(grid, 3))
    QTest.mouseMove(grid.viewport(), middle(grid, 3) + QPoint(2, 2))
    QTest.mouseMove(grid.viewport(), middle(grid, 4))
    QApplication.sendEvent(grid.viewport(), QEvent(QEvent.Type.Leave))
    assert heard == [3, 4, -1]


def test_arrow_keys_walk_and_enter_presses(grid, qtbot):
    keys = Qt.Key
    grid.set_current(0)
    walked = []
    grid.current_changed.connect(walked.append)
    for key in (keys.Key_Right, keys.Key_Down, keys.Key_Left, keys.Key_Up, keys.Key_Up):
        QTest.keyClick(grid, key)
    assert walked == [1, 10, 9, 0]
    QTest.keyClick(grid, keys.Key_End)
    assert grid.current == 199
    QTest.keyClick(grid, keys.Key_Down)
    assert grid.current == 199
    with qtbot.waitSignal(grid.clicked) as heard:
        QTest.keyClick(grid, keys.Key_Return)
    assert heard.args == [199]
    QTest.keyClick(grid, keys.Key_Home)
    assert grid.current == 0


def test_tabbing_in_shows_where_the_keys_go(grid):
    grid.clearFocus()
    grid.setFocus(Qt.FocusReason.TabFocusReason)
    assert grid.current == 0
    assert grid.accessibleDescription() == "Image 1 of 200"


def test_marks_are_shown_by_colour_and_by_a_sign(grid, themes):
    grid.set_tiles(ramps(3), ["a", "b", "c"], ["right", "wrong", None])
    image = grid.viewport().grab().toImage()
    theme = themes.current
    for index, expected in ((0, theme.right), (1, theme.wrong), (2, theme.surface)):
        rect = grid.tile_rect(index)
        edge = image.pixelColor(int(rect.left()) - 1, int(rect.center().y()))
        assert edge == QColor(expected)
    badges = [
        image.copy(int(grid.tile_rect(i).right()) - 10, int(grid.tile_rect(i).top()) - 4, 14, 14)
        for i in (0, 1)
    ]
    whites = [
        {
            (x, y)
            for x in range(14)
            for y in range(14)
            if badge.pixelColor(x, y).lightness() > 220 and 3 <= x <= 10 and 3 <= y <= 10
        }
        for badge in badges
    ]
    assert len(whites[0]) > 3
    assert whites[0] != whites[1]
    grid.set_current(1)
    assert grid.accessibleDescription() == "Image 2 of 3, b, wrong"


def test_captions_make_room_and_appear(grid):
    bare = grid.tile_rect(9).top()
    grid.set_tiles(ramps(200), [f"{i}" for i in range(200)])
    assert grid.tile_rect(9).top() > bare + 8
    rect, image = grid.tile_rect(8), grid.viewport().grab().toImage()
    below = [
        image.pixelColor(int(rect.left()) + x, int(rect.bottom()) + y).lightness()
        for x in range(28)
        for y in range(2, 14)
    ]
    assert min(below) < 100


def test_fitting_shows_all_tiles_as_large_as_possible(grid):
    grid.set_tiles(ramps(12))
    grid.set_fit(True)
    assert grid.verticalScrollBar().maximum() == 0
    assert grid.tile_rect(11).bottom() <= grid.viewport().height()
    assert grid.tile_rect(0).width() == 56


def test_a_narrower_grid_has_fewer_columns(grid, qtbot):
    grid.resize(180, 200)
    qtbot.waitUntil(lambda: grid.width() == 180)
    assert grid.tile_rect(4).top() > grid.tile_rect(0).top()
    assert grid.tile_at(QPointF(grid.tile_rect(5).center())) == 5


def test_an_empty_grid_says_why(grid):
    grid.set_tiles(ramps(0))
    blank = grid.viewport().grab().toImage()
    grid.set_empty_text("Train first, then the mistakes appear here.")
    told = grid.viewport().grab().toImage()
    assert told != blank
    QTest.keyClick(grid, Qt.Key.Key_Right)
    assert grid.current == -1


def test_the_tooltip_is_asked_for_the_tile_under_the_mouse(grid, qtbot):
    grid.set_tooltip(lambda index: f"tile {index}")
    place = middle(grid, 12)
    event = QHelpEvent(QEvent.Type.ToolTip, place, grid.viewport().mapToGlobal(place))
    QApplication.sendEvent(grid.viewport(), event)
    assert QToolTip.text() == "tile 12"
    QToolTip.hideText()


def test_a_change_of_theme_repaints_the_marks(grid, themes):
    grid.set_tiles(ramps(1), marks=["right"])
    grid.grab()
    themes.choose("dark")
    rect, image = grid.tile_rect(0), grid.viewport().grab().toImage()
    edge = image.pixelColor(int(rect.left()) - 1, int(rect.center().y()))
    assert edge == QColor(themes.current.right)
