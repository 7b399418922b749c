"""NumPy's own archive: arrays by name, and the architecture as text."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from core.base.arrays import ByteArray
from core.exchange.exporter import EXPORTERS, Checked
from core.exchange.portable import Portable, Stage, outputs, quantized

_ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # the same content gives the same bytes


class NpzFile:
    """What `numpy.load` opens, without pickles."""

    label: ClassVar[str] = "NumPy archive"
    help: ClassVar[str] = (
        "For NumPy: numpy.load(…). One array for each weight, and “architecture” as JSON text."
    )
    suffix: ClassVar[str] = ".npz"
    precisions: ClassVar[tuple[str, ...]] = ("float32", "float16", "int8")
    tolerance: ClassVar[float] = 1e-6

    def encode(self, portable: Portable, precision: str) -> bytes:
        """Return the zip."""
        arrays: dict[str, NDArray[Any]] = {"architecture": np.array(_architecture(portable))}
        for index, stage in enumerate(portable.stages):
            for name, array in stage.arrays.items():
                shorter = precision if stage.kind == "dense" and name == "weights" else "float32"
                arrays |= _shortened(f"{index}.{stage.kind}.{name}", array, shorter)
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
            for name, array in arrays.items():
                content = io.BytesIO()
                np.save(content, array, allow_pickle=False)
                archive.writestr(zipfile.ZipInfo(f"{name}.npy", _ZIP_TIME), content.getvalue())
        return stream.getvalue()

    def check(self, path: Path, portable: Portable, images: ByteArray) -> Checked:
        """Build the network from the file alone, and ask it."""
        with np.load(path, allow_pickle=False) as stored:
            built = _built({name: stored[name] for name in stored.files})
        return Checked(outputs(built, images), "NumPy, from the file alone")


def _architecture(portable: Portable) -> str:
    stages = [
        {"kind": stage.kind, "name": stage.name, "settings": dict(stage.settings)}
        for stage in portable.stages
    ]
    return json.dumps(
        {
            "stages": stages,
            "output": portable.output,
            "image_shape": portable.image_shape,
            "class_names": portable.class_names,
            "name": portable.name,
            "facts": dict(portable.facts),
        },
        ensure_ascii=False,
    )


def _shortened(name: str, array: NDArray[Any], precision: str) -> dict[str, NDArray[Any]]:
    if precision == "int8":
        whole, factors = quantized(array)
        return {name: whole, f"{name}.factors": factors}
    return {name: array.astype(np.dtype(precision))}


def _built(arrays: dict[str, NDArray[Any]]) -> Portable:
    plain = json.loads(str(arrays["architecture"]))
    stages = []
    for index, entry in enumerate(plain["stages"]):
        start = f"{index}.{entry['kind']}."
        own = {
            name.removeprefix(start): array.astype(np.float32)
            for name, array in arrays.items()
            if name.startswith(start)
        }
        if "weights.factors" in own:
            own["weights"] = own["weights"] * own.pop("weights.factors")
        stages.append(Stage(entry["kind"], entry["name"], own, entry["settings"]))
    height, width = plain["image_shape"]
    names = tuple(plain["class_names"])
    return Portable(tuple(stages), plain["output"], (height, width), names, plain["name"])


EXPORTERS.add("npz", NpzFile())
