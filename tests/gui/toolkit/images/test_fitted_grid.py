import numpy as np
import pytest

from gui.toolkit.images.fitted_grid import FittedGrid


@pytest.fixture
def grid(qtbot, themes):
    made = FittedGrid(themes)
    qtbot.addWidget(made)
    made.set_fit(True)
    made.set_tiles(np.zeros((100, 28, 28), np.uint8))
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.mark.parametrize("size", [(316, 310), (640, 500), (1000, 900)])
def test_a_hundred_digits_are_all_seen(grid, size):
    grid.resize(*size)
    assert grid.verticalScrollBar().maximum() == 0
    assert grid.tile_rect(99).bottom() <= grid.viewport().height()


def test_tiles_grow_with_the_room(grid):
    grid.resize(316, 310)
    small = grid.tile_rect(0).width()
    grid.resize(1000, 900)
    assert grid.tile_rect(0).width() >= 2 * small


def test_where_there_is_no_room_it_scrolls_rather_than_shrink(grid):
    grid.resize(150, 150)
    assert grid.tile_rect(0).width() == 28
    assert grid.verticalScrollBar().maximum() > 0
