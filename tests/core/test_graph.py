"""Every operation of the computational graph against central differences."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import graph
from core.errors import InklingError, ShapeError
from core.gradients import numerical_gradient
from core.graph import Node, backward, forward, in_order, variable


def _rng():
    return np.random.default_rng(0)


CASES = {
    "add": (graph.add, [(2, 3), (2, 3)]),
    "add, repeated": (graph.add, [(2, 3), (3,)]),
    "add, a number": (graph.add, [(), (2, 3)]),
    "multiply": (graph.multiply, [(4,), (4,)]),
    "multiply, repeated": (graph.multiply, [(2, 3), (2, 1)]),
    "matrix product": (graph.matrix_product, [(2, 3), (3, 4)]),
    "affine": (graph.affine, [(2, 3), (3, 4), (4,)]),
    "sigmoid": (graph.sigmoid, [(2, 3)]),
    "relu": (graph.relu, [(2, 3)]),
    "exp": (graph.exp, [(3,)]),
    "log": (graph.log, [(3,)]),
    "total": (graph.total, [(2, 3)]),
    "square": (lambda x: x**2, [(3,)]),
    "root": (lambda x: x**0.5, [(3,)]),
    "softmax with loss": (graph.softmax_with_loss, [(3, 4), (3, 4)]),
}


@pytest.mark.parametrize("name", list(CASES))
def test_every_operation_has_the_right_gradient(name):
    build, shapes = CASES[name]
    values = [
        np.abs(_rng().standard_normal(shape)) + 0.1 * (i + 1) for i, shape in enumerate(shapes)
    ]
    nodes = [variable(value) for value in values]
    output = build(*nodes)
    shape = forward(output).shape
    upstream = _rng().standard_normal(shape)
    backward(output, upstream)
    for place, node in enumerate(nodes):

        def moved(x, place=place):
            others = [variable(x if i == place else v) for i, v in enumerate(values)]
            return float((forward(build(*others)) * upstream).sum())

        wanted = numerical_gradient(moved, values[place])
        np.testing.assert_allclose(node.gradient, wanted, rtol=1e-6, atol=1e-8)
        edge = output.edges()[place]
        np.testing.assert_array_equal(edge.gradient, node.gradient)
        np.testing.assert_array_equal(edge.value, values[place])
        np.testing.assert_array_equal(edge.upstream, upstream)


_UNARY = (graph.sigmoid, graph.relu, graph.exp, lambda x: x**2)
_BINARY = (graph.add, graph.multiply)


@settings(max_examples=40)
@given(st.lists(st.tuples(st.booleans(), st.integers(0, 3), st.integers(0, 9), st.integers(0, 9)),
                min_size=1, max_size=7))  # fmt: skip
def test_random_formulas_have_the_right_gradient(plan):
    start = np.array([0.3, -0.2, 0.5])

    def build(x):
        nodes = [variable(value) for value in x]
        every = list(nodes)
        for two, kind, one, other in plan:
            first, second = every[one % len(every)], every[other % len(every)]
            # Kept small by the sigmoid, so that differences stay exact.
            made = _BINARY[kind % 2](first, second) if two else _UNARY[kind](graph.sigmoid(first))
            every.append(graph.sigmoid(made))
        return nodes, every[-1]

    nodes, output = build(start)
    forward(output)
    backward(output)
    wanted = numerical_gradient(lambda x: float(forward(build(x)[1])), start)
    found = [0.0 if node.gradient is None else float(node.gradient) for node in nodes]
    np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-9)


def test_a_value_used_twice_gets_both_gradients():
    x = variable(3.0, "x")
    output = x * x + x
    assert forward(output) == 12
    backward(output)
    assert x.gradient == 7
    backward(output)
    assert x.gradient == 7  # not added to what was there


def test_values_may_be_set_again():
    x = variable(2.0)
    output = 3 * x + 1
    assert forward(output) == 7
    x.value = np.array(5.0)
    assert forward(output) == 16


def test_a_graph_deeper_than_pythons_stack():
    x = variable(0.0, "x")
    node: Node = x
    for _ in range(20_000):
        node = node + 1
    assert forward(node) == 20_000
    backward(node)
    assert x.gradient == 1
    assert in_order(node)[-1] is node


def test_what_does_not_fit_is_said_in_words():
    one, other = variable(np.ones((2, 3))), variable(np.ones((2, 3)))
    with pytest.raises(ShapeError, match=r"matrix product.*\(2, 3\)"):
        forward(one @ other)
    with pytest.raises(ShapeError):
        forward(one + variable(np.ones(4)))
    with pytest.raises(ShapeError):
        forward(graph.softmax_with_loss(one, variable(np.ones(3))))
    with pytest.raises(InklingError, match="logarithm"):
        forward(graph.log(variable(-1.0)))


def test_backward_before_forward_is_said_in_words():
    product = variable(1.0) * variable(2.0)
    with pytest.raises(InklingError, match="forward"):
        backward(product)
    forward(product)
    with pytest.raises(InklingError, match="backward"):
        product.edges()[0].gradient  # noqa: B018 - looking is what fails


def test_softmax_with_loss_of_one_sample_is_that_of_the_book():
    logits = variable([0.3, 2.9, 4.0])
    output = graph.softmax_with_loss(logits, variable([0, 0, 1]))
    forward(output)
    backward(output)
    np.testing.assert_allclose(logits.gradient, [0.01821127, 0.24519181, 0.73659691 - 1], atol=1e-8)
