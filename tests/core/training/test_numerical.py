"""Central differences, descent along any gradient, and how far two gradients are apart."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from core.base.errors import ConfigError, InklingError, ShapeError
from core.differentiation.numerical_gradient import (
    gradient_descent,
    numerical_gradient,
    relative_error,
    relative_errors,
)


def _squares(x):
    return float((x**2).sum())


@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (2, 2, 2)])
def test_the_numerical_gradient_of_any_shape(shape):
    x = np.random.default_rng(0).standard_normal(shape)
    before = x.copy()
    found = numerical_gradient(lambda v: np.sum(v**3), x)
    np.testing.assert_allclose(found, 3 * x**2, atol=1e-8)
    np.testing.assert_array_equal(x, before)
    assert found.shape == shape


def test_whole_numbers_are_taken_as_real_ones_and_a_fault_leaves_x_alone():
    found = numerical_gradient(lambda v: float((v**2).sum()), np.array([3, 4]))
    np.testing.assert_allclose(found, [6, 8])
    x = np.array([1.0])

    def broken(v):
        v[0] = 99.0
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        numerical_gradient(broken, x)
    assert x[0] == 1.0


def test_descent_says_so_when_it_leaves_the_finite_numbers():
    with pytest.raises(InklingError, match="smaller learning rate|finite"):
        gradient_descent(lambda x: float((x**4).sum()), [10.0], 10.0, 50, lambda x: 4 * x**3)
    path = gradient_descent(lambda x: float((x**2).sum()), [1.0], 0.1, 0)
    np.testing.assert_array_equal(path, [[1.0]])


def test_the_relative_error_of_equal_and_opposite_gradients():
    assert relative_error([1, 2], [1, 2]) == 0
    assert relative_error([0, 0], [0, 0]) == 0
    assert relative_error([1, 0], [-1, 0]) == 1
    assert relative_error([1.0], [1.1]) == pytest.approx(0.1 / 2.1)


@given(arrays(np.float64, array_shapes(max_dims=3, max_side=3), elements=st.floats(-1e3, 1e3)))
def test_the_gradient_of_a_sum_of_squares_is_twice_the_point(x):
    size = np.abs(x).max()
    np.testing.assert_allclose(numerical_gradient(_squares, x), 2 * x, atol=1e-6 * (1 + size**2))


@pytest.mark.parametrize("at", [1e-9, 1.0, 3e5, 1e12])
def test_the_step_grows_with_the_number_so_that_it_is_not_lost(at):
    assert numerical_gradient(_squares, at) == pytest.approx(2 * at, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("step", [0.0, -1e-5, math.nan, math.inf])
def test_a_step_must_be_positive(step):
    with pytest.raises(ConfigError, match="positive") as caught:
        numerical_gradient(_squares, [1.0], step)
    assert caught.value.field == "step"


def test_a_step_that_moves_nothing_is_refused_not_taken_as_flat_ground():
    with pytest.raises(ConfigError, match="lost"):
        numerical_gradient(_squares, [1e12], 1e-5)


def test_a_function_of_more_than_one_number_has_no_gradient():
    with pytest.raises(ShapeError, match=r"\(2,\)"):
        numerical_gradient(lambda x: 2 * x, [1.0, 2.0])
    np.testing.assert_allclose(numerical_gradient(lambda x: 2 * x, [1.0]), [2])


def test_descent_with_a_given_gradient_never_asks_the_function():
    def function(x):
        raise AssertionError(x)

    path = gradient_descent(function, [[3.0, 4.0]], 0.01, 200, lambda x: 2 * x)
    assert path.shape == (201, 1, 2)
    np.testing.assert_allclose(path[-1], [[3 * 0.98**200, 4 * 0.98**200]], rtol=1e-12)


def test_a_numerical_descent_that_explodes_does_not_come_to_rest():
    """Steps that are lost beside the point would make the ground look flat."""
    with pytest.raises(InklingError, match="finite"):
        gradient_descent(_squares, [1.0], 1e9, 100)


def test_an_overflow_of_pythons_own_numbers_is_said_in_words():
    with pytest.raises(InklingError, match="Step 2 .*finite"):
        gradient_descent(lambda x: math.exp(float(x[0])), [1.0], -1000.0, 5)


@pytest.mark.parametrize(
    ("field", "settings"),
    [
        ("learning_rate", {"learning_rate": math.nan}),
        ("steps", {"steps": -1}),
        ("steps", {"steps": 1.5}),
        ("start", {"start": [math.nan]}),
    ],
)
def test_descent_names_the_setting_that_cannot_be_used(field, settings):
    with pytest.raises(ConfigError) as caught:
        gradient_descent(_squares, **{"start": [1.0], **settings})
    assert caught.value.field == field


def test_a_gradient_of_another_shape_is_refused_not_repeated():
    with pytest.raises(ShapeError):
        gradient_descent(_squares, [1.0, 2.0], 0.1, 3, lambda _: [1.0])


def test_errors_element_by_element_are_parts_of_the_larger_one():
    found = relative_errors([1.0, 0.0, -2.0, 0.0], [1.1, 0.0, 2.0, 5.0])
    np.testing.assert_allclose(found, [0.1 / 1.1, 0, 2, 1])


def test_gradients_of_two_shapes_are_not_compared():
    for compare in (relative_error, relative_errors):
        with pytest.raises(ShapeError):
            compare([1.0, 2.0], [1.0])
