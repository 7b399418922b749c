"""Forward and backward through a graph, node by node, however deep it is."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import ArrayLike

from core.base.errors import InklingError, ShapeError
from core.differentiation.graph.nodes import Edge, Node, pull, there
from core.differentiation.operations import Array


def forward(output: Node) -> Array:
    """Compute every node that `output` depends on, and return its value.

    Gradients of an earlier `backward` are forgotten.

    Raises:
        ShapeError: two arrays do not fit together.
        InklingError: a logarithm of a number that is not positive, a result that is not
            finite, or a node that depends on itself.
    """
    for node in in_order(output):
        node.gradient, node.pulled = None, ()
        if node.operation is not None:
            _compute(node)
    return there(output.value, "forward")


def _compute(node: Node) -> None:
    assert node.operation is not None
    node.used = tuple(there(each.value, "forward") for each in node.inputs)
    shapes = " and ".join(str(value.shape) for value in node.used)
    try:
        with np.errstate(all="ignore"):  # what is not finite is told below
            found = node.operation.compute(*node.used)
    except ValueError as error:
        raise ShapeError(f"“{node.label}” cannot take arrays of the shapes {shapes}.") from error
    if not np.isfinite(found).all():
        raise InklingError(
            f"“{node.label}” has no finite result for these numbers:"
            " it is too large, or not defined there."
        )
    node.value = found


def backward(output: Node, upstream: ArrayLike = 1.0) -> None:
    """Give every node that `output` depends on its gradient.

    Args:
        output: computed by `forward`.
        upstream: d loss / d output, of the output's shape or a number.

    Raises:
        InklingError: `forward` was not called first, or not since a value was set; or a
            derivative is infinite.
        ShapeError: `upstream` is not of the output's shape.
    """
    order = in_order(output)
    value, start = there(output.value, "forward"), np.asarray(upstream, np.float64)
    if start.shape not in ((), value.shape):
        raise ShapeError(f"The gradient {start.shape} is not of the output's shape {value.shape}.")
    for node in order:
        node.gradient = np.zeros_like(there(node.value, "forward"))
    output.gradient = np.broadcast_to(start, value.shape).copy()
    try:
        for node in reversed(order):
            node.pulled = pull(node, there(node.gradient, "backward"))
            for source, share in zip(node.inputs, node.pulled, strict=True):
                # A node that is used more than once gets the sum of what comes back.
                source.gradient = there(source.gradient, "backward") + share
    except InklingError:
        for node in order:  # half a pass would look like a whole one
            node.gradient, node.pulled = None, ()
        raise


def edges(output: Node) -> list[Edge]:
    """Return every edge on the way to `output`, those nearest to the variables first."""
    return [edge for node in in_order(output) for edge in node.edges()]


def in_order(output: Node) -> list[Node]:
    """Return every node that `output` depends on, inputs before results, `output` last.

    Raises:
        InklingError: a node depends on itself.
    """
    order: list[Node] = []
    seen, open_nodes = {id(output)}, {id(output)}
    waiting: list[tuple[Node, Iterator[Node]]] = [(output, iter(output.inputs))]
    while waiting:  # a loop: graphs may be deeper than Python's stack
        node, rest = waiting[-1]
        following = next(rest, None)
        if following is None:
            order.append(node)
            open_nodes.discard(id(node))
            waiting.pop()
        elif id(following) in open_nodes:
            raise InklingError(f"“{following.label}” depends on itself: the graph has a cycle.")
        elif id(following) not in seen:
            seen.add(id(following))
            open_nodes.add(id(following))
            waiting.append((following, iter(following.inputs)))
    return order
