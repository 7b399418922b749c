"""The kinds of data set, one reader per file. Importing this package registers them all."""

from core.datasets import builtin, idx

__all__ = ["builtin", "idx"]
