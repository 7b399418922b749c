"""Keras models in HDF5: what `model.save("x.h5")` of Keras 2 and 3 writes."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from core.base.arrays import FloatArray
from core.exchange.import_steps.keraschain import KerasEntry, KerasError
from core.exchange.import_steps.kerasmodel import keras_network
from core.exchange.import_steps.parcel import decoded, receive
from core.exchange.import_steps.statedict import network_of_weights
from core.exchange.importer import IMPORTERS, ImportedNetwork
from core.untrusted.parsing.hdf5root import marks_in, read_root

_MARKS = frozenset({"model_weights", "model_config", "layer_names", "keras_version"})
_BARE = frozenset({"layers", "vars"})  # what Keras 3 puts at the top of weights alone
_WEIGHTS_ONLY = ".weights.h5"  # and what it calls such files
_ROOT = "model_weights/"
_EPSILON = 1e-3  # of BatchNormalization, unless its layer says otherwise


class KerasH5:
    """Reads models, and weights without a model."""

    label: ClassVar[str] = "Keras models (.h5)"
    patterns: ClassVar[tuple[str, ...]] = ("*.h5", "*.hdf5")

    def recognises(self, path: Path) -> bool:
        """Tell whether this is an HDF5 file with parts of Keras's, but not our own."""
        root = read_root(path)
        if root is None or root.own:
            return False
        if path.name.lower().endswith(_WEIGHTS_ONLY):
            return True
        if root.damaged:
            return bool(marks_in(path, [mark.encode() for mark in _MARKS]))
        return bool(_MARKS & (root.attributes | root.members)) or root.members >= _BARE

    def read(self, path: Path) -> ImportedNetwork:
        """Read the model."""
        found = receive("keras-h5", path)
        if "config" not in found.texts:
            return network_of_weights(path, _in_order(found.arrays), epsilon=_EPSILON)
        layers: dict[str, dict[str, FloatArray]] = {}
        for name, array in found.arrays.items():
            layer, _, rest = name.removeprefix(_ROOT).partition("/")
            leaf = rest.rpartition("/")[2].partition(":")[0]
            layers.setdefault(layer, {})[leaf] = array

        def take(entry: KerasEntry, names: Sequence[str]) -> list[FloatArray]:
            own = layers.get(entry.name, {})
            missing = [name for name in names if name not in own]
            if missing:
                raise KerasError(f"lacks weights of its layer “{entry.name}” ({missing[0]})")
            return [own[name] for name in names]

        return keras_network(path, decoded(path, found.texts["config"]), take)


def _in_order(arrays: dict[str, FloatArray]) -> dict[str, FloatArray]:
    """Call arrays as in the file, but their numbers by what they are."""
    return {name.partition(":")[0]: array for name, array in arrays.items()}


IMPORTERS.add("keras-h5", KerasH5())
