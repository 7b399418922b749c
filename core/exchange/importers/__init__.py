"""The kinds of network files, one per file. Importing this package registers them all.

The first that recognises a file reads it, in the order of these imports.
"""

from core.exchange.importers import keras_zip, keras_h5, torch_zip, safetensors, npz, matlab  # isort: skip

__all__ = ["keras_h5", "keras_zip", "matlab", "npz", "safetensors", "torch_zip"]
