"""The layers, one a file and a line, in menu order. Importing this registers them all."""

from core.nn.layers import (
    relu,
    leaky_relu,
    elu,
    gelu,
    sigmoid,
    tanh,
    softmax,
    linear,
    batch_norm,
    dense,
    dropout,
    scaling,
)
