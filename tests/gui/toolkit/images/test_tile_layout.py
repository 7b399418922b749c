"""Where tiles lie."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.toolkit.images.tile_layout import TileLayout, pixel_scale

GRID = TileLayout(count=10, width=200, tile_width=28, tile_height=28, caption=12, gap=8)


def test_as_many_tiles_to_a_row_as_fit():
    assert GRID.columns == 5  # 8 + 5 * 36 = 188 of 200
    assert GRID.rows == 2
    assert GRID.height == 8 + 2 * 48


def test_there_is_always_one_column():
    narrow = TileLayout(3, 10, 28, 28, 0, 8)
    assert (narrow.columns, narrow.rows) == (1, 3)


@given(st.builds(TileLayout, *map(st.just, (57, 333, 28, 20, 13, 8))), st.integers(0, 56))
def test_the_middle_of_a_tile_belongs_to_it(layout, index):
    middle = layout.rect(index).center()
    assert layout.at(middle.x(), middle.y()) == index


@pytest.mark.parametrize("place", [(3, 20), (40, 20), (20, 3), (195, 20), (20, 300), (-9, -9)])
def test_gaps_belong_to_no_tile(place):
    assert GRID.at(*place) == -1


def test_a_caption_belongs_to_its_tile():
    assert GRID.at(20, 42) == 0


@given(top=st.floats(0, 200), height=st.floats(1, 200))
def test_between_names_all_tiles_that_show(top, height):
    layout = TileLayout(57, 333, 28, 20, 13, 8)
    shown = layout.between(top, top + height)
    for index in range(layout.count):
        rect = layout.rect(index)
        if rect.top() < top + height and rect.bottom() + layout.caption > top:
            assert index in shown


@pytest.mark.parametrize(
    ("wanted", "ratio", "scale"),
    [(56, 1.0, 2.0), (60, 1.0, 2.0), (60, 2.0, 2.0), (56, 1.25, 1.6), (14, 1.0, 0.5)],
)
def test_pixels_are_whole_dots_wherever_there_is_room(wanted, ratio, scale):
    assert pixel_scale(wanted, 28, ratio) == pytest.approx(scale)
