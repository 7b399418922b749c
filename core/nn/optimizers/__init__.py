"""The optimizers, one sort per file. Importing this package registers them all."""

from core.nn.optimizers import sgd, momentum, nesterov, adagrad, rmsprop, adam, full_batch  # isort: skip

__all__ = ["adagrad", "adam", "full_batch", "momentum", "nesterov", "rmsprop", "sgd"]
