"""The kinds of data sets, one per file. Importing this package registers them all.

The first that recognises a file reads it, in the order of these imports.
"""

from core.data.readers import builtin, handwriting  # isort: skip
from core.data.readers import idx, npz, pickled, matlab, userdata, hdf5, csv, folder  # isort: skip
from core.data.readers.opening import kinds_of_data, named, open_dataset, read_raw

__all__ = [
    "builtin",
    "csv",
    "folder",
    "handwriting",
    "hdf5",
    "idx",
    "kinds_of_data",
    "matlab",
    "named",
    "npz",
    "open_dataset",
    "pickled",
    "read_raw",
    "userdata",
]
