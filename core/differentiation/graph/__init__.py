"""A computational graph of numbers and arrays, whose every edge can be looked at.

    apple, count, tax = variable(100, "apple"), variable(2, "count"), variable(1.1, "tax")
    total = apple * count * tax
    forward(total)    # every node has its value: total.value is 220
    backward(total)   # every node has its gradient: apple.gradient is 2.2
    [(edge.name, edge.value, edge.local, edge.upstream, edge.gradient) for edge in edges(total)]

Nodes are made by writing formulas. The graph is meant for lessons: it is built as it is
read, and keeps all that a picture of it shows.

Source: Saito, Deep Learning from Scratch (2016), chapter 5.
"""

from core.differentiation.graph.formulas import (
    add,
    affine,
    exp,
    log,
    matrix_product,
    multiply,
    power,
    relu,
    sigmoid,
    softmax_with_loss,
    total,
)
from core.differentiation.graph.nodes import Edge, Node, variable
from core.differentiation.graph.passes import backward, edges, forward, in_order

__all__ = [
    "Edge",
    "Node",
    "add",
    "affine",
    "backward",
    "edges",
    "exp",
    "forward",
    "in_order",
    "log",
    "matrix_product",
    "multiply",
    "power",
    "relu",
    "sigmoid",
    "softmax_with_loss",
    "total",
    "variable",
]
