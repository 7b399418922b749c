"""safetensors: eight bytes of length, a JSON header, then the numbers.

Source: github.com/huggingface/safetensors, "Format".
"""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.untrusted.sandbox.parcel import Parcel
from core.untrusted.sandbox.sending import ChildRefusal

_LONGEST_HEADER = 8 << 20  # bytes
_TYPES = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "BF16": "<u2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "|i1",
    "U8": "|u1",
    "BOOL": "|b1",
}
_DAMAGED = "{name} is damaged: its header makes no sense."


def read_safetensors(path: Path) -> Parcel:
    """Return the tensors by name; what the header says besides as text “metadata”."""
    parcel, size = Parcel(), path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if not 2 <= length <= min(_LONGEST_HEADER, size - 8):
            raise ChildRefusal(_DAMAGED, "")
        header = json.loads(file.read(length))
        if not isinstance(header, dict):
            raise ChildRefusal(_DAMAGED, "")
        said = header.pop("__metadata__", None)
        if isinstance(said, dict):
            parcel.say("metadata", json.dumps(said))
        for name, entry in header.items():
            _check(parcel, name, entry, size - 8 - length)
            file.seek(8 + length + entry["data_offsets"][0])
            content = file.read(entry["data_offsets"][1] - entry["data_offsets"][0])
            parcel.add(name, _array(content, entry))
    return parcel


def _check(parcel: Parcel, name: str, entry: Any, held: int) -> None:
    kind, shape, (start, end) = entry["dtype"], entry["shape"], entry["data_offsets"]
    if kind not in _TYPES:
        raise ChildRefusal(f"{{name}}: the numbers of “{name[:80]}” are of a kind not read.", "")
    if any(type(n) is not int or n < 0 for n in (*shape, start, end)):
        raise ChildRefusal(_DAMAGED, "")
    parcel.require(name, tuple(shape))
    if end > held or end - start != math.prod(shape) * np.dtype(_TYPES[kind]).itemsize:
        raise ChildRefusal(_DAMAGED, "")


def _array(content: bytes, entry: Any) -> NDArray[Any]:
    flat: NDArray[Any] = np.frombuffer(content, _TYPES[entry["dtype"]])
    if entry["dtype"] == "BF16":  # the upper half of a float32
        flat = (flat.astype(np.uint32) << 16).view(np.float32)
    return flat.reshape(entry["shape"])
