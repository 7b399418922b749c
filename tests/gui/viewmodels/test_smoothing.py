"""The moving average against its plain formula."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gui.viewmodels.smoothing import Smoothed

FACTORS = (0.0, 0.5, 0.9, 0.95, 0.99, 0.999)
VALUES = st.floats(-100, 100, width=32)


def plainly(series, factor):
    total, shown = 0.0, []
    for count, value in enumerate(series.tolist(), 1):
        total = factor * total + (1 - factor) * value
        shown.append(total / (1 - factor**count))
    return np.array(shown)


@given(arrays(np.float32, st.integers(1, 1500), elements=VALUES), st.sampled_from(FACTORS))
def test_it_is_the_formula(series, factor):
    np.testing.assert_allclose(
        Smoothed(factor).follow(series), plainly(series, factor), rtol=1e-4, atol=1e-4
    )


@given(
    arrays(np.float32, 300, elements=VALUES),
    st.lists(st.integers(0, 300), max_size=8).map(sorted),
    st.sampled_from(FACTORS),
)
def test_pieces_give_the_same_as_the_whole(series, cuts, factor):
    bit_by_bit = Smoothed(factor)
    for cut in cuts:
        bit_by_bit.follow(series[:cut])
    np.testing.assert_allclose(
        bit_by_bit.follow(series), Smoothed(factor).follow(series), rtol=1e-4, atol=1e-4
    )


def test_a_constant_stays_itself_from_the_first_value_on():
    np.testing.assert_allclose(Smoothed(0.999).follow(np.full(9000, 2.5, np.float32)), 2.5, 1e-6)


def test_factor_zero_gives_the_series_itself():
    series = np.random.default_rng(0).random(50, np.float32)
    np.testing.assert_array_equal(Smoothed(0.0).follow(series), series)


def test_a_shorter_series_is_another_one():
    smoothed = Smoothed(0.9)
    smoothed.follow(np.ones(100, np.float32))
    np.testing.assert_allclose(smoothed.follow(np.full(10, 3.0, np.float32)), 3.0)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_value_that_is_not_finite_leaves_no_trace(bad):
    series = np.array([1, bad, 1, 1], np.float32)
    np.testing.assert_allclose(Smoothed(0.9).follow(series), 1.0)
