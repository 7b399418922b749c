"""The layers, one per file. Importing this package registers them all, in menu order."""

from core.nn.layers import relu, leaky_relu, elu, gelu, sigmoid, tanh, softmax, linear  # isort: skip
from core.nn.layers import batch_norm, dense, dropout, scaling

__all__ = [
    "batch_norm",
    "dense",
    "dropout",
    "elu",
    "gelu",
    "leaky_relu",
    "linear",
    "relu",
    "scaling",
    "sigmoid",
    "softmax",
    "tanh",
]
