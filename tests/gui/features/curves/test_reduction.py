import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.features.curves.reduction import MOST_BUCKETS, Extremes, bucket_size, extreme_indices


@given(count=st.integers(1, 10**7))
def test_buckets_are_as_small_as_500_of_them_allow(count):
    size = bucket_size(count)
    assert count <= size * MOST_BUCKETS
    assert size == 1 or count > size // 2 * MOST_BUCKETS


def test_a_short_series_is_drawn_as_it_is():
    series = np.float32([3, 1, 2])
    x, y = Extremes().points(series, 0, 3, 1)
    np.testing.assert_array_equal(x, [1, 2, 3])
    np.testing.assert_array_equal(y, series)


@given(
    count=st.integers(1, 2000),
    bucket=st.sampled_from([2, 16, 32, 128]),
    first=st.integers(0, 9),
    seed=st.integers(0, 9),
)
def test_each_bucket_shows_its_lowest_and_highest_finite_value(count, bucket, first, seed):
    rng = np.random.default_rng(seed)
    series = rng.normal(size=count).astype(np.float32)
    series[rng.random(count) < 0.2] = np.nan
    series[rng.random(count) < 0.1] = np.inf
    extremes = Extremes()
    extremes.points(series[: count // 2], 0, count // 2, bucket)  # it grows between frames
    start = min(first * bucket, (count - 1) // bucket * bucket)
    x, y = extremes.points(series, start, count, bucket)
    for index, place in enumerate(range(start, count, bucket)):
        part = series[place : place + bucket]
        part = part[np.isfinite(part)]
        low, high = y[2 * index : 2 * index + 2]
        assert (low, high) == (part.min(), part.max()) if len(part) else np.isnan([low, high]).all()
        assert place + 1 <= x[2 * index] == x[2 * index + 1] <= place + bucket
    assert len(y) == 2 * -(-(count - start) // bucket)


def test_after_a_restart_nothing_of_the_old_series_is_left():
    extremes = Extremes()
    extremes.points(np.full(640, 9, np.float32), 0, 640, 64)
    extremes.restart()
    _, y = extremes.points(np.ones(1280, np.float32), 0, 1280, 64)
    assert y.max() == 1


@given(count=st.integers(0, 3000), half=st.integers(1, 50), seed=st.integers(0, 9))
def test_the_best_and_the_newest_measurement_are_never_thinned_out(count, half, seed):
    most = 2 * half
    values = np.random.default_rng(seed).random(count)
    chosen = extreme_indices(values, most)
    assert len(chosen) <= most + 2
    assert (np.diff(chosen) > 0).all()
    if count:
        assert {0, count - 1, values.argmin(), values.argmax()} <= {*chosen}


@pytest.mark.parametrize("count", [5, 5000])
def test_measurements_without_values_are_thinned_too(count):
    assert len(extreme_indices(np.full(count, np.nan), 100)) <= 102
