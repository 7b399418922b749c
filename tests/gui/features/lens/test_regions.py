"""Regions of equal answers."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from gui.features.lens.regions import regions


def test_a_map_of_one_answer_is_one_region_named_in_its_middle():
    (region,) = regions(np.full((5, 7), 3))
    assert (region.answer, region.size, region.middle) == (3, 35, (2, 3))


def test_the_same_answer_in_two_places_is_two_regions():
    answers = np.array([[7, 7, 1, 7], [7, 7, 1, 1]])
    assert [(each.answer, each.size) for each in regions(answers)] == [(7, 4), (1, 3), (7, 1)]


def test_cells_that_touch_at_a_corner_are_apart():
    assert len(regions(np.array([[0, 1], [1, 0]]))) == 4


def test_a_name_is_put_deep_inside():
    answers = np.zeros((9, 9), int)
    answers[:, 8] = 1  # a thin strip
    answers[2:7, 1:6] = 2
    places = {each.answer: each.middle for each in regions(answers)}
    assert places[2] == (4, 3)
    assert places[1] == (4, 8)
    assert answers[places[0]] == 0


@given(answers=hnp.arrays(np.intp, st.tuples(st.integers(1, 8), st.integers(1, 8)),
                          elements=st.integers(0, 3)))  # fmt: skip
def test_regions_cover_the_map_and_hold_their_names(answers):
    found = regions(answers)
    assert sum(each.size for each in found) == answers.size
    assert all(answers[each.middle] == each.answer for each in found)
    assert len({each.middle for each in found}) == len(found)
