"""A computational graph of numbers and arrays, whose every edge can be looked at.

    apple, count, tax = variable(100, "apple"), variable(2, "count"), variable(1.1, "tax")
    total = apple * count * tax
    forward(total)    # every node has its value: total.value is 220
    backward(total)   # every node has its gradient: apple.gradient is 2.2

Nodes are made by writing formulas. The graph is meant for lessons: it is built as it is
read, and keeps all that a picture of it shows.

Source: Saito, Deep Learning from Scratch (2016), chapter 5.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from core import operations
from core.errors import InklingError, ShapeError
from core.operations import Array, Operation


class Node:
    """A variable, or the result of an operation on other nodes.

    Attributes:
        name: for pictures; "" for results that were given none.
        operation: None for a variable.
        inputs: the nodes it is computed from.
        value: float64 array (0-d for a number); of a result None before `forward`.
        gradient: d output / d this, of the value's shape; None before `backward`.
    """

    def __init__(
        self, operation: Operation | None, inputs: tuple["Node", ...], name: str = ""
    ) -> None:
        self.operation, self.inputs, self.name = operation, inputs, name
        self.value: Array | None = None
        self.gradient: Array | None = None
        self.pulled: tuple[Array, ...] = ()  # the gradient that goes down each input's edge

    def named(self, name: str) -> "Node":
        """Give the node a name and return it."""
        self.name = name
        return self

    def edges(self) -> list["Edge"]:
        """Return the edges that lead into this node, in order."""
        return [Edge(source, self, place) for place, source in enumerate(self.inputs)]

    def __add__(self, other: "Node | ArrayLike") -> "Node":
        return add(self, _node(other))

    def __radd__(self, other: ArrayLike) -> "Node":
        return add(_node(other), self)

    def __mul__(self, other: "Node | ArrayLike") -> "Node":
        return multiply(self, _node(other))

    def __rmul__(self, other: ArrayLike) -> "Node":
        return multiply(_node(other), self)

    def __matmul__(self, other: "Node") -> "Node":
        return matrix_product(self, other)

    def __pow__(self, exponent: float) -> "Node":
        return power(self, exponent)


@dataclass(frozen=True, slots=True)
class Edge:
    """The way from one node into an operation.

    Attributes:
        source, target: its ends.
        place: which of the target's inputs it is.
    """

    source: Node
    target: Node
    place: int

    @property
    def value(self) -> Array:
        """What flows forward. Raises InklingError before `forward`."""
        return _there(self.source.value, "forward")

    @property
    def upstream(self) -> Array:
        """d output / d target: what arrives from behind. Raises before `backward`."""
        return _there(self.target.gradient, "backward")

    @property
    def gradient(self) -> Array:
        """What flows back along this edge: upstream times the local derivative."""
        _there(self.target.gradient, "backward")
        return self.target.pulled[self.place]

    @property
    def local(self) -> Array:
        """d target / d source: for arrays, of the sum of the target's elements."""
        target, operation = self.target, self.target.operation
        assert operation is not None
        output = _there(target.value, "forward")
        values = tuple(_there(node.value, "forward") for node in target.inputs)
        pulled = operation.pull(np.ones_like(output), output, values)
        return _unbroadcast(pulled[self.place], values[self.place].shape)


def variable(value: ArrayLike, name: str = "") -> Node:
    """Return a node that holds a number or an array; it may be set again by `.value`."""
    node = Node(None, (), name)
    node.value = np.array(value, np.float64)
    return node


def forward(output: Node) -> Array:
    """Compute every node that `output` depends on, and return its value.

    Raises:
        ShapeError: two arrays do not fit together.
        InklingError: a logarithm of a number that is not positive.
    """
    for node in in_order(output):
        if node.operation is None:
            continue
        values = tuple(_there(each.value, "forward") for each in node.inputs)
        try:
            node.value = np.asarray(node.operation.compute(*values), np.float64)
        except ValueError as error:
            shapes = " and ".join(str(value.shape) for value in values)
            raise ShapeError(
                f"“{node.operation.name}” cannot take arrays of the shapes {shapes}."
            ) from error
        node.gradient = None
    return _there(output.value, "forward")


def backward(output: Node, upstream: ArrayLike = 1.0) -> None:
    """Give every node that `output` depends on its gradient.

    Args:
        output: computed by `forward`.
        upstream: d loss / d output, of the output's shape or a number.

    Raises:
        InklingError: `forward` was not called first.
    """
    order = in_order(output)
    value = _there(output.value, "forward")
    for node in order:
        node.gradient = np.zeros_like(_there(node.value, "forward"))
    output.gradient = np.broadcast_to(np.asarray(upstream, np.float64), value.shape).copy()
    for node in reversed(order):
        if node.operation is None:
            continue
        values = tuple(_there(each.value, "forward") for each in node.inputs)
        pulled = node.operation.pull(
            _there(node.gradient, "backward"), _there(node.value, "forward"), values
        )
        node.pulled = tuple(
            _unbroadcast(each, value.shape) for each, value in zip(pulled, values, strict=True)
        )
        for source, share in zip(node.inputs, node.pulled, strict=True):
            # A node that is used more than once gets the sum of what comes back.
            source.gradient = _there(source.gradient, "backward") + share


def in_order(output: Node) -> list[Node]:
    """Return every node that `output` depends on, inputs before results, `output` last."""
    order: list[Node] = []
    seen: set[int] = {id(output)}
    waiting: list[tuple[Node, Iterator[Node]]] = [(output, iter(output.inputs))]
    while waiting:  # a loop: graphs may be deeper than Python's stack
        node, rest = waiting[-1]
        following = next((each for each in rest if id(each) not in seen), None)
        if following is None:
            order.append(node)
            waiting.pop()
        else:
            seen.add(id(following))
            waiting.append((following, iter(following.inputs)))
    return order


def _there(array: Array | None, step: str) -> Array:
    if array is None:
        raise InklingError(f"The graph has not been computed yet: {step} comes first.")
    return array


def _node(value: "Node | ArrayLike") -> Node:
    return value if isinstance(value, Node) else variable(value)


def _unbroadcast(gradient: Any, shape: tuple[int, ...]) -> Array:
    """Sum a gradient over the axes along which broadcasting has repeated its input."""
    found = np.asarray(gradient, np.float64)
    while found.ndim > len(shape):
        found = found.sum(axis=0)
    for axis, length in enumerate(shape):
        if length == 1 and found.shape[axis] != 1:
            found = found.sum(axis=axis, keepdims=True)
    return np.broadcast_to(found, shape).copy()


def add(one: Node, other: Node) -> Node:
    """Return one + other, with NumPy's broadcasting."""
    return Node(operations.ADD, (one, other))


def multiply(one: Node, other: Node) -> Node:
    """Return one * other element by element, with NumPy's broadcasting."""
    return Node(operations.MULTIPLY, (one, other))


def matrix_product(one: Node, other: Node) -> Node:
    """Return the product of matrices (N, D) and (D, H)."""
    return Node(operations.PRODUCT, (one, other))


def affine(x: Node, weights: Node, biases: Node) -> Node:
    """Return x (N, D) @ weights (D, H) + biases (H,)."""
    return Node(operations.AFFINE, (x, weights, biases))


def sigmoid(x: Node) -> Node:
    """Return 1 / (1 + exp(-x))."""
    return Node(operations.SIGMOID, (x,))


def relu(x: Node) -> Node:
    """Return max(x, 0)."""
    return Node(operations.RELU, (x,))


def exp(x: Node) -> Node:
    """Return e to the power of x."""
    return Node(operations.EXP, (x,))


def log(x: Node) -> Node:
    """Return the natural logarithm of x, which must be positive."""
    return Node(operations.LOG, (x,))


def total(x: Node) -> Node:
    """Return the sum of all elements."""
    return Node(operations.SUM, (x,))


def power(x: Node, exponent: float) -> Node:
    """Return x to a constant power."""
    return Node(operations.power_of(exponent), (x,))


def softmax_with_loss(logits: Node, targets: Node) -> Node:
    """Return the mean cross-entropy of softmax(logits) (N, K) with targets (N, K) or (K,)."""
    return Node(operations.SOFTMAX_LOSS, (logits, targets))
