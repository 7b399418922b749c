"""The kinds of data sets, one a file and a line. Importing this registers them all.

The first that recognises a file reads it, in the order of these lines.
"""

from core.data.readers import (
    builtin,
    handwriting,
    idx,
    npz,
    pickled,
    matlab,
    userdata,
    hdf5,
    csv,
    folder,
)
from core.data.readers.opening import kinds_of_data, named, open_dataset, read_raw

__all__ = ["kinds_of_data", "named", "open_dataset", "read_raw"]
