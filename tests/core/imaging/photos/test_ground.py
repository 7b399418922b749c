"""Paper is told from ink, whatever the light on it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.imaging.photos.ground import darkness, evened, lightness

_SHAPE = (90, 140)


def light(kind):
    y, x = np.mgrid[-1 : 1 : _SHAPE[0] * 1j, -1 : 1 : _SHAPE[1] * 1j]
    lights = {
        "even": np.full(_SHAPE, 0.8),
        "slope": 0.6 + 0.3 * x,
        "bent": 0.9 - 0.2 * (x * x + y * y),
        "shadow": np.where(x > 0.1, 0.45, 0.9),
    }
    return lights[kind].astype(np.float32)


def with_bar(ground, share):
    """Return a ground with an upright bar, ten pixels wide, of another brightness."""
    page = ground.copy()
    page[20:70, 40:50] *= share
    return page


@pytest.mark.parametrize("kind", ["even", "slope", "bent", "shadow"])
def test_dark_ink_stands_out_from_paper_in_any_light(kind):
    strength = darkness(evened(with_bar(light(kind), 0.4)))
    assert strength[25:65, 43:47].min() > 0.3
    assert np.median(np.abs(strength[:, 100:])) < 0.05
    assert strength[:, 60:].max() < 0.2


@pytest.mark.parametrize("kind", ["even", "slope", "bent", "shadow"])
def test_light_ink_stands_out_from_a_dark_ground(kind):
    strength = lightness(evened(with_bar(light(kind) * 0.3, 3.0)))
    assert strength[25:65, 43:47].min() > 0.5
    assert np.median(np.abs(strength[:, 100:])) < 0.05


def test_what_is_not_paper_counts_neither_as_ink_nor_as_ground():
    page = with_bar(light("even"), 0.4)
    page[:, 110:] = 0.0
    where = np.ones(_SHAPE, bool)
    where[:, 108:] = False
    strength = darkness(evened(page, where), where)
    assert not strength[:, 108:].any()
    assert strength[:, 60:108].max() < 0.05
    assert strength[30:60, 43:47].min() > 0.4


@given(
    shape=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    level=st.floats(0, 1, width=32),
)
def test_an_empty_page_of_any_size_has_no_ink(shape, level):
    page = evened(np.full(shape, level, np.float32))
    for strength in (darkness(page), lightness(page)):
        assert strength.shape == shape
        assert np.abs(strength).max() < 1e-3
