"""Keras's files: HDF5 with the description in an attribute, and zips with both.

Only data sets that lie in the file itself are read, found by walking along hard links.
"""

import io
import zipfile
from pathlib import Path
from typing import Any

import h5py

from core.untrusted.sandbox.hdf5 import hard_linked, refusal
from core.untrusted.sandbox.parcel import Parcel
from core.untrusted.sandbox.sending import ChildRefusal
from core.untrusted.sandbox.zipped import member, members

_CONFIG, _WEIGHTS = "config.json", "model.weights.h5"
_LONGEST_NAME = 200
_OPTIMIZER = ("optimizer_weights/", "optimizer/")


def read_h5(path: Path) -> Parcel:
    """Return the text “config” and weights by their paths in the file.

    A file of weights alone has no config.
    """
    parcel = Parcel()
    with h5py.File(path, "r", locking=False) as file:
        if "model_config" in file.attrs:
            parcel.say("config", _text(file.attrs["model_config"]))
        _take(parcel, file, path.stat().st_size)
    return parcel


def read_keras(path: Path) -> Parcel:
    """Return the text “config” and weights by their paths in the inner file.

    The names that Keras gave to the inner groups are texts, too: “name layers/dense”.
    """
    parcel = Parcel()
    with zipfile.ZipFile(path) as archive:
        infos = members(archive)
        if _CONFIG not in infos or _WEIGHTS not in infos:
            raise ChildRefusal("{name} is no Keras file: a part of it is missing.", "")
        parcel.say("config", member(archive, infos[_CONFIG]).decode())
        content = member(archive, infos[_WEIGHTS])
    with h5py.File(io.BytesIO(content), "r", locking=False) as file:
        _take(parcel, file, len(content))
        _names(parcel, file)
    return parcel


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _take(parcel: Parcel, file: h5py.File, size: int) -> None:
    for name, item in hard_linked(file):
        if name.startswith(_OPTIMIZER):
            continue
        why = refusal(item, size)
        if why:
            raise ChildRefusal(
                f"{{name}} is not read: “{name[:80]}” {why}.", "It may be meant to harm."
            )
        if item.dtype.kind in "biuf":
            parcel.require(name, item.shape)
            parcel.add(name, item[()])


def _names(parcel: Parcel, file: h5py.File) -> None:
    layers = file.get("layers")
    for key in layers if isinstance(layers, h5py.Group) else ():
        group = layers.get(key)
        inside = group.get("vars") if isinstance(group, h5py.Group) else None
        if isinstance(inside, h5py.Group) and "name" in inside.attrs:
            parcel.say(f"name layers/{key}", _text(inside.attrs["name"])[:_LONGEST_NAME])
