"""safetensors: the plain weight file of the PyTorch world. It can hold no code.

Eight bytes of length, a JSON header, then the numbers. Names and shapes are those of the
`state_dict` of an `nn.Sequential` that the header spells out.

Source: github.com/huggingface/safetensors, "Format".
"""

import json
import math
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from core.base.arrays import ByteArray, FloatArray
from core.exchange.exporter import EXPORTERS, Checked
from core.exchange.portable import FUNCTIONS, Portable, Stage

_TYPES = {"float32": ("F32", "<f4"), "float16": ("F16", "<f2")}
_ALIGNMENT = 8
_MODULES = {"relu": "ReLU()", "sigmoid": "Sigmoid()", "tanh": "Tanh()", "gelu": "GELU()"}
_MODULES |= {"linear": "Identity()", "softmax": "Softmax(dim=1)"}


class SafetensorsFile:
    """Weights for PyTorch and others, with the architecture in the header."""

    label: ClassVar[str] = "safetensors"
    help: ClassVar[str] = (
        "Weights for PyTorch: load_state_dict(safetensors.torch.load_file(…)). The header says"
        " how to build the module; (image − offset) × factor comes before it."
    )
    suffix: ClassVar[str] = ".safetensors"
    precisions: ClassVar[tuple[str, ...]] = ("float32", "float16")
    tolerance: ClassVar[float] = 1e-5

    def encode(self, portable: Portable, precision: str) -> bytes:
        """Return header and numbers; all but the dense weights stay float32."""
        tensors = list(_tensors(portable))
        header: dict[str, Any] = {"__metadata__": _metadata(portable)}
        parts, place = [], 0
        for name, array in tensors:
            shorter = precision if name.endswith(".weight") and array.ndim == 2 else "float32"
            kind, dtype = _TYPES[shorter]
            content = np.ascontiguousarray(array).astype(dtype).tobytes()
            shape, end = list(array.shape), place + len(content)
            header[name] = {"dtype": kind, "shape": shape, "data_offsets": [place, end]}
            parts.append(content)
            place = end
        text = json.dumps(header, ensure_ascii=True).encode()
        text += b" " * (-len(text) % _ALIGNMENT)
        return len(text).to_bytes(8, "little") + text + b"".join(parts)

    def check(self, path: Path, portable: Portable, images: ByteArray) -> Checked:
        """Read the file back and compute as the PyTorch module would."""
        content = path.read_bytes()
        length = int.from_bytes(content[:8], "little")
        header = json.loads(content[8 : 8 + length])
        spec = json.loads(header.pop("__metadata__")["architecture"])
        dtypes = {kind: dtype for kind, dtype in _TYPES.values()}
        tensors: dict[str, NDArray[Any]] = {}
        for name, entry in header.items():
            start, end = (8 + length + place for place in entry["data_offsets"])
            flat = np.frombuffer(content[start:end], dtypes[entry["dtype"]])
            tensors[name] = flat.reshape(entry["shape"]).astype(np.float64)
        return Checked(_computed(spec, tensors, images), "NumPy, from the file alone")


def _tensors(portable: Portable) -> list[tuple[str, FloatArray]]:
    """Return the tensors by PyTorch's names; an index counts the modules after the scaling."""
    found: list[tuple[str, FloatArray]] = []
    for index, stage in enumerate(_modules(portable)):
        arrays = stage.arrays
        if stage.kind == "dense":
            found += [
                (f"{index}.weight", arrays["weights"].T),
                (f"{index}.bias", arrays["biases"]),
            ]
        elif stage.kind == "batch-normalization":
            found += [
                (f"{index}.weight", arrays["gamma"]),
                (f"{index}.bias", arrays["beta"]),
                (f"{index}.running_mean", arrays["mean"]),
                (f"{index}.running_var", arrays["variance"]),
            ]
    for stage in portable.stages:
        if stage.kind == "scale":
            found += [("input.offset", stage.arrays["offset"])]
            found += [("input.factor", stage.arrays["factor"])]
    return found


def _modules(portable: Portable) -> list[Stage]:
    return [stage for stage in portable.stages if stage.kind != "scale"]


def _metadata(portable: Portable) -> dict[str, str]:
    """Return the header's table of texts: the format allows nothing else in it."""
    architecture = [
        {"kind": stage.kind, "name": stage.name, **stage.settings} for stage in _modules(portable)
    ]
    spec = {"modules": architecture, "output": portable.output}
    return {
        "format": "pt",
        "name": portable.name,
        "architecture": json.dumps(spec),
        "module": f"torch.nn.Sequential({', '.join(_spelt(portable))})",
        "input": "the image row by row, 0 paper to 255 ink; then (x - input.offset) * input.factor",
        "output": portable.output,
        "class_names": json.dumps(portable.class_names, ensure_ascii=False),
        **{str(key): str(value) for key, value in portable.facts.items()},
    }


def _spelt(portable: Portable) -> list[str]:
    """Return the constructor of each module."""
    words = []
    for stage in _modules(portable):
        if stage.kind == "dense":
            inputs, units = stage.arrays["weights"].shape
            words.append(f"Linear({inputs}, {units})")
        elif stage.kind == "batch-normalization":
            epsilon = stage.settings["epsilon"]
            words.append(f"BatchNorm1d({len(stage.arrays['mean'])}, eps={epsilon!r})")
        elif stage.kind == "dropout":
            words.append(f"Dropout({stage.settings['rate']!r})")
        elif stage.name == "leaky-relu":
            words.append(f"LeakyReLU({stage.settings['slope']!r})")
        elif stage.name == "elu":
            words.append(f"ELU({stage.settings['alpha']!r})")
        else:
            words.append(_MODULES[stage.name])
    return [f"torch.nn.{word}" for word in words]


def _computed(
    spec: dict[str, Any], tensors: dict[str, NDArray[Any]], images: ByteArray
) -> FloatArray:
    rows = images.reshape(len(images), math.prod(images.shape[1:])).astype(np.float64)
    x: FloatArray = (rows - tensors["input.offset"]) * tensors["input.factor"]
    for index, module in enumerate(spec["modules"]):
        if module["kind"] == "dense":
            x = x @ tensors[f"{index}.weight"].T + tensors[f"{index}.bias"]
        elif module["kind"] == "batch-normalization":
            spread = np.sqrt(tensors[f"{index}.running_var"] + module["epsilon"])
            unit = (x - tensors[f"{index}.running_mean"]) / spread
            x = unit * tensors[f"{index}.weight"] + tensors[f"{index}.bias"]
        elif module["kind"] == "activation":
            x = FUNCTIONS[module["name"]](x, module)
    return FUNCTIONS[spec["output"]](x, {})


EXPORTERS.add("safetensors", SafetensorsFile())
