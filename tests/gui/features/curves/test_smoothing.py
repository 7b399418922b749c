import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gui.features.curves.smoothing import Smoothed

FACTORS = st.sampled_from([0.0, 0.01, 0.5, 0.9, 0.95, 0.999])
SERIES = arrays(
    np.float32,
    st.integers(1, 700),
    elements=st.one_of(st.floats(0, 100, width=32), st.sampled_from([np.nan, np.inf])),
)


def by_hand(series, factor):
    """The definition, one value after the other."""
    total = weight = 0.0
    means = []
    for value in series.astype(float):
        counted = np.isfinite(value)
        total = factor * total + (value if counted else 0.0)
        weight = factor * weight + counted
        means.append(total / weight if weight > 0 else np.nan)
    return means


@given(series=SERIES, factor=FACTORS, cut=st.integers(0, 700))
def test_it_is_the_weighted_mean_however_the_values_arrive(series, factor, cut):
    smoothed = Smoothed(factor)
    smoothed.follow(series[:cut])
    # Where all weight is on values below float32's resolution, absolute error counts.
    np.testing.assert_allclose(
        smoothed.follow(series), by_hand(series, factor), rtol=1e-4, atol=1e-6
    )


def test_the_first_values_do_not_hang_at_zero():
    assert Smoothed(0.999).follow(np.float32([2.3, 2.3])) == pytest.approx([2.3, 2.3])


def test_a_value_that_is_not_finite_leaves_the_average_where_it_was():
    series = np.float32([1, 2, np.nan, np.inf, 2])
    found = Smoothed(0.5).follow(series)
    assert found[3] == found[2] == found[1]
    assert np.isfinite(found).all()


def test_factor_zero_is_the_series_itself():
    series = np.float32([3, 1, 2])
    np.testing.assert_array_equal(Smoothed(0.0).follow(series), series)


def test_a_shorter_series_is_a_new_one():
    smoothed = Smoothed(0.9)
    smoothed.follow(np.full(10, 5, np.float32))
    np.testing.assert_allclose(smoothed.follow(np.ones(4, np.float32)), 1.0)


def test_after_a_restart_a_longer_series_is_a_new_one_too():
    smoothed = Smoothed(0.9)
    smoothed.follow(np.full(10, 5, np.float32))
    smoothed.restart()
    np.testing.assert_allclose(smoothed.follow(np.ones(20, np.float32)), 1.0)
