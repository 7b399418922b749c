"""The initializers, one per file. Importing this package registers them all."""

from core.initializers import glorot, he, normal

__all__ = ["glorot", "he", "normal"]
