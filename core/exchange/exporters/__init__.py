"""The export formats, one per file. Importing this package registers them all, in menu order."""

from core.exchange.exporters import (  # isort: skip
    onnx_format,
    keras_format,
    safetensors_format,
    npz_format,
    html_format,
    python_format,
    c_format,
    weights_picture,
    history_csv,
)

__all__ = [
    "c_format",
    "history_csv",
    "html_format",
    "keras_format",
    "npz_format",
    "onnx_format",
    "python_format",
    "safetensors_format",
    "weights_picture",
]
