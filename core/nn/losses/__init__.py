"""The losses. Importing this package registers them all."""

from core.nn.losses import logistic, softmax_cross_entropy, squared

__all__ = ["logistic", "softmax_cross_entropy", "squared"]
