"""Networks in files of other programs: their arrays and texts, as they are.

Written to the parent as a line of JSON, {"texts": {name: text}, "arrays": [[name, shape],
...]}, and then the arrays as little-endian float32. What they mean is for the parent.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import numpy as np

from core.untrusted.sandbox import (
    model_keras,
    model_matlab,
    model_npz,
    model_safetensors,
    model_torch,
)
from core.untrusted.sandbox.parcel import Parcel

MEMORY = 1536 << 20  # bytes of address space
SECONDS = 5  # of processor time

_READERS: dict[str, Callable[[Path], Parcel]] = {
    "keras-h5": model_keras.read_h5,
    "keras": model_keras.read_keras,
    "torch": model_torch.read_torch,
    "safetensors": model_safetensors.read_safetensors,
    "npz": model_npz.read_npz,
    "matlab": model_matlab.read_matlab_weights,
}


def read_model(kind: str, path: Path, out: BinaryIO) -> None:
    """Write what is in a file of a `kind` to `out`.

    Raises:
        InklingError: it is refused.
    """
    parcel = _READERS[kind](path)
    heads = [[name, list(array.shape)] for name, array in parcel.arrays.items()]
    head = json.dumps({"texts": parcel.texts, "arrays": heads}).encode()
    out.write(head + b"\n")
    for array in parcel.arrays.values():
        out.write(np.ascontiguousarray(array).data)
    out.flush()
