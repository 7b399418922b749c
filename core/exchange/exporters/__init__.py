"""The formats written, one a file and a line, in menu order. Importing this registers them all."""

from core.exchange.exporters import (
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
