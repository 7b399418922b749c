"""The kinds of network files, one a file and a line. Importing this registers them all.

The first that recognises a file reads it, in the order of these lines.
"""

from core.exchange.importers import (
    keras_zip,
    keras_h5,
    torch_zip,
    safetensors,
    npz,
    matlab,
)
