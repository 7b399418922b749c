"""The kinds of data sets, one per file. Importing this package registers them all."""

from core.datasets import builtin, idx
from core.datasets.opening import named, open_dataset, read_raw

__all__ = ["builtin", "idx", "named", "open_dataset", "read_raw"]
