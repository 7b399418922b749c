"""The kinds of data sets, one per file. Importing this package registers them all."""

from core.datasets import builtin, idx
from core.datasets.opening import open_dataset, read_raw

__all__ = ["builtin", "idx", "open_dataset", "read_raw"]
