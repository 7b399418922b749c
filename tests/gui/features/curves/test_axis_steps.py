import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.features.curves.axis_steps import (
    FIRST_STEPS,
    as_log,
    linear_span,
    log_span,
    round_up,
    x_end,
)


@given(value=st.floats(1e-6, 1e30))
def test_the_next_round_number_is_near_and_not_below(value):
    assert value <= round_up(value) <= 1.7 * value


@pytest.mark.parametrize("value", [0.0, -3.0, float("nan"), float("inf")])
def test_without_a_size_an_axis_reaches_to_one(value):
    assert round_up(value) == 1.0


@given(count=st.integers(0, 10**6), total=st.integers(0, 10**6))
def test_the_axis_of_iterations_has_room_for_the_next_ones_but_not_past_the_end(count, total):
    end = x_end(count, total)
    assert end >= count
    if total >= count > 0:
        assert end <= total
    else:
        assert end >= FIRST_STEPS


def test_growing_from_nothing_to_a_million_takes_few_steps():
    end, steps = x_end(0, 10**6), 0
    for count in range(0, 10**6, 500):
        if count > end:
            end, steps = x_end(count, 10**6), steps + 1
    assert steps < 25


def test_values_that_are_not_finite_do_not_stretch_an_axis():
    values = np.array([0.5, np.nan, np.inf])
    assert linear_span(values) == (0.0, 0.5)
    assert linear_span(np.array([np.nan])) == (0.0, 1.0)
    assert log_span(np.log10([0.5, 0.02])) == (-2.0, 0.0)
    assert log_span(np.array([np.nan])) == (-1.0, 0.0)


def test_a_loss_of_zero_does_not_take_the_height_of_a_logarithmic_axis():
    assert log_span(as_log(np.array([0.0, 0.5, 2.0]))) == (-1.0, 1.0)
    assert as_log(np.array([0.0])) == pytest.approx([-6.0])
