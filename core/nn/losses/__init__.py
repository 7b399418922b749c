"""The losses, one a file and a line, in menu order. Importing this registers them all."""

from core.nn.losses import (
    logistic,
    softmax_cross_entropy,
    squared,
)
