"""What a graph is made of: nodes that hold values, and the edges between them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from core.base.errors import ConfigError, InklingError
from core.differentiation import operations
from core.differentiation.operations import Array, Operation


class Node:
    """A variable, or the result of an operation on other nodes.

    Attributes:
        name: for pictures; "" for results that were given none.
        operation: None for a variable.
        inputs: the nodes it is computed from.
        gradient: d output / d this, of the value's shape; None before `backward`.
        used: the inputs' values that `value` was computed from; empty before `forward`.
        pulled: the gradient that goes down each input's edge; empty before `backward`.
    """

    # NumPy leaves `array * node` to the node; else it would make an array of nodes.
    __array_ufunc__ = None

    def __init__(
        self, operation: Operation | None, inputs: tuple["Node", ...], name: str = ""
    ) -> None:
        self.operation, self.inputs, self.name = operation, inputs, name
        self._value: Array | None = None
        self.gradient: Array | None = None
        self.used: tuple[Array, ...] = ()
        self.pulled: tuple[Array, ...] = ()

    @property
    def value(self) -> Array | None:
        """Read-only float64 array (0-d for a number); of a result None before `forward`.

        It can be set to another number or array. Raises ConfigError where that is empty,
        not numeric or not finite.
        """
        return self._value

    @value.setter
    def value(self, value: ArrayLike) -> None:
        self._value = _numbers(value)

    def named(self, name: str) -> "Node":
        """Give the node a name and return it."""
        self.name = name
        return self

    @property
    def label(self) -> str:
        """Its name, else its operation's; "" for a variable without a name."""
        return self.name or (self.operation.name if self.operation else "")

    def edges(self) -> list["Edge"]:
        """Return the edges that lead into this node, in order."""
        return [Edge(source, self, place) for place, source in enumerate(self.inputs)]

    def __add__(self, other: "Node | ArrayLike") -> "Node":
        return Node(operations.ADD, (self, as_node(other)))

    def __radd__(self, other: ArrayLike) -> "Node":
        return as_node(other) + self

    def __mul__(self, other: "Node | ArrayLike") -> "Node":
        return Node(operations.MULTIPLY, (self, as_node(other)))

    def __rmul__(self, other: ArrayLike) -> "Node":
        return as_node(other) * self

    def __neg__(self) -> "Node":
        return -1 * self

    def __sub__(self, other: "Node | ArrayLike") -> "Node":
        return self + -as_node(other)

    def __rsub__(self, other: ArrayLike) -> "Node":
        return as_node(other) + -self

    def __truediv__(self, other: "Node | ArrayLike") -> "Node":
        return self * as_node(other) ** -1

    def __rtruediv__(self, other: ArrayLike) -> "Node":
        return as_node(other) * self**-1

    def __matmul__(self, other: "Node | ArrayLike") -> "Node":
        return Node(operations.PRODUCT, (self, as_node(other)))

    def __rmatmul__(self, other: ArrayLike) -> "Node":
        return as_node(other) @ self

    def __pow__(self, exponent: float) -> "Node":
        try:
            constant = float(exponent)
        except (TypeError, ValueError):
            constant = np.nan
        if not np.isfinite(constant):
            raise ConfigError("exponent", "An exponent must be a constant, finite number.")
        return Node(operations.power_of(constant), (self,))


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
    def name(self) -> str:
        """Both ends, for pictures: "apple → ×"."""
        return f"{self.source.label} → {self.target.label}"

    @property
    def value(self) -> Array:
        """What flows forward. Raises InklingError before `forward`."""
        return there(self.source.value, "forward")

    @property
    def upstream(self) -> Array:
        """d output / d target: what arrives from behind. Raises before `backward`."""
        return there(self.target.gradient, "backward")

    @property
    def gradient(self) -> Array:
        """What flows back (downstream) along this edge: upstream times the local derivative."""
        there(self.target.gradient, "backward")
        return self.target.pulled[self.place]

    @property
    def local(self) -> Array:
        """d target / d source: for arrays, of the sum of the target's elements."""
        output = there(self.target.value, "forward")
        return pull(self.target, np.ones_like(output))[self.place]


def variable(value: ArrayLike, name: str = "") -> Node:
    """Return a node that holds a number or an array; it may be set again by `.value`.

    Raises:
        ConfigError: the value is empty, not numeric or not finite.
    """
    node = Node(None, (), name)
    node.value = value
    return node


def as_node(value: "Node | ArrayLike") -> Node:
    """Return nodes as they are, and numbers or arrays as variables without a name."""
    return value if isinstance(value, Node) else variable(value)


def there(array: Array | None, step: str) -> Array:
    """Return the array. Raises InklingError where the pass `step` has not made it yet."""
    if array is None:
        raise InklingError(f"The graph has not been computed yet: {step} comes first.")
    return array


def pull(node: Node, upstream: Array) -> tuple[Array, ...]:
    """Return the gradient that goes down each input's edge, each of its input's shape.

    Raises:
        InklingError: the values have changed since `forward`, or a derivative is infinite.
    """
    if node.operation is None:
        return ()
    output = there(node.value, "forward")
    if any(one is not other.value for one, other in zip(node.used, node.inputs, strict=True)):
        raise InklingError("A value of the graph has changed: forward comes first.")
    with np.errstate(all="ignore"):  # what is not finite is told below
        pulled = node.operation.pull(upstream, output, node.used)
        fitted = tuple(
            _unbroadcast(each, value.shape) for each, value in zip(pulled, node.used, strict=True)
        )
    if not all(np.isfinite(each).all() for each in fitted):
        raise InklingError(f"“{node.label}” has no finite derivative at this value.")
    return fitted


def _numbers(value: ArrayLike) -> Array:
    try:
        array = np.array(value, np.float64)
    except (TypeError, ValueError) as error:
        raise ConfigError("value", "A value must be a number or an array of numbers.") from error
    if not array.size or not np.isfinite(array).all():
        raise ConfigError("value", "A value must consist of finite numbers, at least one.")
    array.setflags(write=False)  # a change in place would go unnoticed by `backward`
    return array


def _unbroadcast(gradient: Any, shape: tuple[int, ...]) -> Array:
    """Sum a gradient over the axes along which broadcasting has repeated its input."""
    found = np.asarray(gradient, np.float64)
    while found.ndim > len(shape):
        found = found.sum(axis=0)
    for axis, length in enumerate(shape):
        if length == 1 and found.shape[axis] != 1:
            found = found.sum(axis=axis, keepdims=True)
    return np.broadcast_to(found, shape).copy()
