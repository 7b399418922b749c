"""Keras models in zips: what `model.save("x.keras")` writes."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from core.base.arrays import FloatArray
from core.exchange.formats.keras_layout import snake
from core.exchange.import_steps.keraschain import KerasEntry, KerasError
from core.exchange.import_steps.kerasmodel import keras_network
from core.exchange.import_steps.parcel import decoded, receive
from core.exchange.importer import IMPORTERS, ImportedNetwork
from core.untrusted.parsing.zipnames import zip_names

_PARTS = frozenset({"metadata.json", "config.json", "model.weights.h5"})
_ROOTS = ("layers/", "_layer_checkpoint_dependencies/")


class KerasZip:
    """Reads the description and the weights that go with it."""

    label: ClassVar[str] = "Keras models (.keras)"
    patterns: ClassVar[tuple[str, ...]] = ("*.keras",)

    def recognises(self, path: Path) -> bool:
        """Tell whether this is a zip with the parts of Keras's, or called so."""
        names = zip_names(path)
        if not names:
            return False
        cut_off = len(names) == 1 and names[0] in _PARTS
        return cut_off or len(_PARTS & set(names)) > 1 or path.suffix.lower() == ".keras"

    def read(self, path: Path) -> ImportedNetwork:
        """Read the model."""
        found = receive("keras", path)
        description = decoded(path, found.texts["config"])
        keys = _Keys(found.texts, found.arrays)
        return keras_network(path, description, keys.take)


class _Keys:
    """Finds the weights of layers, which are asked for in the order of the model.

    Keras numbers the layers of each class: dense, dense_1, …; newer ones also note the
    layer's name there.
    """

    def __init__(self, texts: dict[str, str], arrays: dict[str, FloatArray]) -> None:
        self._arrays = arrays
        self._named = {
            name: key.removeprefix("name ")
            for key, name in texts.items()
            if key.startswith("name ")
        }
        self._counts: dict[str, int] = {}

    def take(self, entry: KerasEntry, names: Sequence[str]) -> list[FloatArray]:
        word = snake(entry.class_name)
        number = self._counts.get(word, 0)
        self._counts[word] = number + 1
        key = f"{word}_{number}" if number else word
        places = [f"{root}{key}" for root in _ROOTS]
        if entry.name in self._named:
            places = [self._named[entry.name]]
        for place in places:
            found = [self._arrays.get(f"{place}/vars/{index}") for index in range(len(names))]
            whole = [array for array in found if array is not None]
            if len(whole) == len(names):
                return whole
        raise KerasError(f"lacks weights of its layer “{entry.name}”")


IMPORTERS.add("keras", KerasZip())
