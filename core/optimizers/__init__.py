"""The optimizers, one per file. Importing this package registers them all."""

from core.optimizers import sgd, momentum, nesterov, adagrad, rmsprop, adam  # isort: skip

__all__ = ["adagrad", "adam", "momentum", "nesterov", "rmsprop", "sgd"]
