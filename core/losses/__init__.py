"""The losses. Importing this package registers them all."""

from core.losses import softmax_cross_entropy, squared

__all__ = ["softmax_cross_entropy", "squared"]
