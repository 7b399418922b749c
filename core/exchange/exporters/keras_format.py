"""The `.keras` file: a zip of the architecture as JSON and the weights as HDF5."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any, ClassVar

import h5py
import numpy as np

from core.base.arrays import ByteArray
from core.base.hdf5_memory import hdf5_bytes
from core.exchange.exporter import EXPORTERS, Checked
from core.exchange.formats.keras_layout import KerasLayer, compute, keras_layers, snake
from core.exchange.portable import Portable, rounded

_VERSION = "3.0.0"  # the first Keras that has this format
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # the same content gives the same bytes


class KerasFile:
    """What `keras.models.load_model` opens, in Keras 3."""

    label: ClassVar[str] = "Keras"
    help: ClassVar[str] = (
        "For Keras 3 on any backend: keras.models.load_model(…). It takes images of 0 to 255"
        " and scales inside."
    )
    suffix: ClassVar[str] = ".keras"
    precisions: ClassVar[tuple[str, ...]] = ("float32",)
    tolerance: ClassVar[float] = 1e-5

    def encode(self, portable: Portable, precision: str) -> bytes:
        """Return the zip."""
        layers = keras_layers(rounded(portable, precision))
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
            for name, content in (
                ("metadata.json", _json({"keras_version": _VERSION, "date_saved": ""})),
                ("config.json", _json(_config(portable, layers))),
                ("model.weights.h5", _weights(layers)),
            ):
                archive.writestr(zipfile.ZipInfo(name, _ZIP_TIME), content)
        return stream.getvalue()

    def check(self, path: Path, portable: Portable, images: ByteArray) -> Checked:
        """Read the file by Keras's rules for names, and compute what it says."""
        with zipfile.ZipFile(path) as archive:
            config = json.loads(archive.read("config.json"))
            stored = io.BytesIO(archive.read("model.weights.h5"))
        layers: list[tuple[str, dict[str, Any], list[Any]]] = []
        with h5py.File(stored, "r") as file:
            for entry in config["config"]["layers"][1:]:
                kind = entry["class_name"]
                number = sum(other[0] == kind for other in layers)
                key = f"layers/{snake(kind)}_{number}" if number else f"layers/{snake(kind)}"
                group = file[f"{key}/vars"]
                arrays = [group[str(index)][()] for index in range(len(group))]
                layers.append((kind, entry["config"], arrays))
        answers = compute(layers, images.reshape(-1, *portable.image_shape).astype(np.float64))
        return Checked(answers, "NumPy, following the file as Keras does")


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=True).encode()


def _config(portable: Portable, layers: tuple[KerasLayer, ...]) -> dict[str, Any]:
    shape = [None, *portable.image_shape]
    first = {"batch_shape": shape, "dtype": "float32", "sparse": False, "name": "image"}
    listed = [("InputLayer", first), *((layer.class_name, layer.config) for layer in layers)]
    return {
        "module": "keras",
        "class_name": "Sequential",
        "config": {
            "name": "inkling",
            "trainable": True,
            "layers": [
                {
                    "module": "keras.layers",
                    "class_name": class_name,
                    "config": config,
                    "registered_name": None,
                }
                for class_name, config in listed
            ],
            "build_input_shape": shape,
        },
        "registered_name": None,
        "build_config": {"input_shape": shape},
    }


def _weights(layers: tuple[KerasLayer, ...]) -> bytes:
    def fill(file: h5py.File) -> None:
        root = file.create_group("layers")
        counts: dict[str, int] = {}
        for layer in layers:
            word = snake(layer.class_name)
            number = counts[word] = counts.get(word, -1) + 1
            group = root.create_group(f"{word}_{number}" if number else word)
            values = group.create_group("vars")
            for index, (_, array) in enumerate(layer.weights):
                values.create_dataset(str(index), data=array)
        file.create_group("vars")

    return bytes(hdf5_bytes(fill))


EXPORTERS.add("keras", KerasFile())
