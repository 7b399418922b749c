"""The initializers, one per file. Importing this package registers them all, in menu order."""

from core.nn.initializers import normal, glorot, glorot_normal, he, lecun, zeros  # isort: skip

__all__ = ["glorot", "glorot_normal", "he", "lecun", "normal", "zeros"]
