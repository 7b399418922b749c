"""The optimizers, one a file and a line, in menu order. Importing this registers them all."""

from core.nn.optimizers import (
    sgd,
    momentum,
    nesterov,
    adagrad,
    rmsprop,
    adam,
    full_batch,
)
