"""The functions that formulas of a graph are written with."""

from core.differentiation import operations
from core.differentiation.graph.nodes import Node


def add(one: Node, other: Node) -> Node:
    """Return one + other, with NumPy's broadcasting."""
    return one + other


def multiply(one: Node, other: Node) -> Node:
    """Return one * other element by element, with NumPy's broadcasting."""
    return one * other


def matrix_product(one: Node, other: Node) -> Node:
    """Return the product of matrices (N, D) and (D, H)."""
    return one @ other


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
    """Return x to a constant power. Raises ConfigError if that is no finite number."""
    return x**exponent


def softmax_with_loss(logits: Node, targets: Node) -> Node:
    """Return the mean cross-entropy of softmax(logits) (N, K) with targets (N, K) or (K,)."""
    return Node(operations.SOFTMAX_LOSS, (logits, targets))
