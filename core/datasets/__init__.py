"""The kinds of data sets, one per file. Importing this package registers them all."""

from core.datasets import builtin, idx

__all__ = ["builtin", "idx"]
