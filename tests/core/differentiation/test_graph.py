"""Every operation of the computational graph against central differences."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.base.errors import ConfigError, InklingError, ShapeError
from core.differentiation import graph
from core.differentiation.graph import Node, backward, edges, forward, in_order, variable
from core.differentiation.numerical_gradient import numerical_gradient
from tests.support.examples import examples


def _rng():
    return np.random.default_rng(0)


CASES = {
    "add": (graph.add, [(2, 3), (2, 3)]),
    "add, repeated": (graph.add, [(2, 3), (3,)]),
    "add, a number": (graph.add, [(), (2, 3)]),
    "multiply": (graph.multiply, [(4,), (4,)]),
    "multiply, repeated": (graph.multiply, [(2, 3), (2, 1)]),
    "subtract": (lambda x, y: x - y, [(2, 3), (3,)]),
    "divide": (lambda x, y: x / y, [(2, 3), (2, 1)]),
    "from and by constants": (lambda x: (2 - x) / 3 + 1 / x - -x, [(3,)]),
    "array @ node": (lambda x: np.arange(6.0).reshape(2, 3) @ x, [(3, 2)]),
    "array * node": (lambda x: np.arange(3.0) * x + np.float64(2) * x, [(2, 3)]),
    "node @ array": (lambda x: x @ np.arange(6.0).reshape(2, 3), [(3, 2)]),
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
        if output.inputs != tuple(nodes):
            continue  # made of several operations
        edge = output.edges()[place]
        np.testing.assert_array_equal(edge.gradient, node.gradient)
        np.testing.assert_array_equal(edge.value, values[place])
        np.testing.assert_array_equal(edge.upstream, upstream)


_UNARY = (graph.sigmoid, graph.relu, graph.exp, lambda x: x**2)
_BINARY = (graph.add, graph.multiply)


@examples(0.4)
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


@examples(0.4)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 9), st.integers(0, 9)),
                min_size=1, max_size=6))  # fmt: skip
def test_random_formulas_of_arrays_have_the_right_gradient(plan):
    """Shapes (3, 3), (1, 3), (3, 1) and numbers, so that broadcasting happens everywhere."""
    rng = np.random.default_rng(2)
    values = [rng.standard_normal(shape) for shape in ((3, 3), (1, 3), (3, 1), ())]

    def build(arrays):
        nodes = [variable(each) for each in arrays]
        every = list(nodes)
        for kind, one, other in plan:
            x, y = every[one % len(every)], every[other % len(every)]
            square = nodes[0] + x  # (3, 3), whatever x is
            loss = graph.softmax_with_loss(square, graph.sigmoid(nodes[0] * y))
            made = (x + y, x * y, square @ (nodes[0] * y), graph.exp(graph.sigmoid(x)), loss, x - y)
            every.append(graph.sigmoid(made[kind]))
        return nodes, graph.total(every[-1])

    nodes, output = build(values)
    forward(output)
    backward(output)
    for place, node in enumerate(nodes):
        wanted = numerical_gradient(
            lambda x, p=place: forward(build([*values[:p], x, *values[p + 1 :]])[1]), values[place]
        )
        found = np.zeros(node.value.shape) if node.gradient is None else node.gradient
        np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-8)


def test_every_edge_of_a_graph_has_a_name_and_its_numbers():
    apple, count, tax = variable(100, "apple"), variable(2, "count"), variable(1.1, "tax")
    bill = ((apple * count).named("apples") * tax).named("bill")
    forward(bill)
    backward(bill)
    found = {edge.name: edge for edge in edges(bill)}
    assert list(found) == ["apple → apples", "count → apples", "apples → bill", "tax → bill"]
    seen = found["apple → apples"]
    numbers = (seen.value, seen.local, seen.upstream, seen.gradient)
    assert [float(each) for each in numbers] == pytest.approx([100, 2, 1.1, 2.2])
    assert (apple * 2).label == "×"


def test_backward_after_a_value_was_set_asks_for_forward():
    x = variable(2.0)
    output = x * x
    forward(output)
    x.value = 5
    with pytest.raises(InklingError, match="forward"):
        backward(output)
    assert x.gradient is None
    forward(output)
    backward(output)
    assert x.gradient == 10
    forward(output)
    assert x.gradient is None


def test_values_cannot_be_changed_behind_the_graphs_back():
    x = variable([1.0, 2.0])
    forward(x * x)
    with pytest.raises(ValueError, match="read-only"):
        x.value[0] = 3.0


def test_a_cycle_is_said_in_words():
    first = variable(1.0) + 1
    last = (first * 2).named("last")
    forward(last)
    first.inputs = (last, first.inputs[1])
    for step in (forward, backward, edges):
        with pytest.raises(InklingError, match="cycle"):
            step(last)


@pytest.mark.parametrize("value", ["abc", [[1], [1, 2]], np.nan, [np.inf], [], 1j])
def test_a_value_that_is_no_number_is_refused(value):
    with pytest.raises(ConfigError):
        variable(value)


@pytest.mark.parametrize("exponent", [np.inf, np.nan, "two", variable(2.0)])
def test_an_exponent_must_be_a_constant(exponent):
    with pytest.raises(ConfigError, match="exponent"):
        variable(2.0) ** exponent


def test_a_result_that_is_not_finite_is_said_in_words():
    for output in (graph.exp(variable(1000.0)), variable(-4.0) ** 0.5, 1 / variable(0.0)):
        with pytest.raises(InklingError, match="finite result"):
            forward(output)


def test_formulas_mean_what_they_say():
    """Differences alone would not tell: a wrong formula has the gradient of a wrong formula."""
    x, y = variable(6.0), variable(3.0)
    formulas = (x - y, 10 - x, -x, x / y, 12 / y, x**2, x + y * 2, graph.relu(-x), graph.log(x / 6))
    assert [float(forward(each)) for each in formulas] == pytest.approx(
        [3, 4, -6, 2, 4, 36, 12, 0, 0]
    )
    assert float(forward(graph.sigmoid(y))) == pytest.approx(1 / (1 + np.exp(-3)))


def test_an_infinite_derivative_is_said_in_words_and_leaves_no_half_pass():
    x = variable(0.0)
    output = 3 * x**0.5
    assert forward(output) == 0
    with pytest.raises(InklingError, match="derivative"):
        backward(output)
    assert output.gradient is None


def test_an_upstream_gradient_of_another_shape_is_refused_not_repeated():
    output = variable(np.ones((2, 3))) + 1
    forward(output)
    for upstream in (np.ones(3), np.ones((3, 2))):
        with pytest.raises(ShapeError):
            backward(output, upstream)
