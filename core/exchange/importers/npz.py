"""NumPy's archives: our own export, and weights under usual names (W1, b1, …)."""

from pathlib import Path
from typing import Any, ClassVar

from core.base.arrays import FloatArray
from core.base.errors import InklingError
from core.exchange.import_steps.ownexports import own_draft, own_stage
from core.exchange.import_steps.parcel import decoded, nonsense, receive
from core.exchange.import_steps.statedict import network_of_weights
from core.exchange.import_steps.weightnames import taken_apart
from core.exchange.importer import IMPORTERS, ImportedNetwork
from core.untrusted.parsing.npyfile import is_numpy_file, read_members
from core.untrusted.parsing.zipnames import zip_names


class Npz:
    """Reads arrays by name; the description, where there is one."""

    label: ClassVar[str] = "NumPy archives"
    patterns: ClassVar[tuple[str, ...]] = ("*.npz",)

    def recognises(self, path: Path) -> bool:
        """Tell whether this is an archive of matrices that are called as weights are."""
        if not zip_names(path) or not is_numpy_file(path):
            return False
        try:
            shapes = {name: member.shape for name, member in read_members(path).items()}
        except InklingError:
            return False
        if "architecture" in shapes:
            return True
        return any(
            len(shape) == 2 and taken_apart(name)[1] == "w" for name, shape in shapes.items()
        )

    def read(self, path: Path) -> ImportedNetwork:
        """Read the arrays."""
        found = receive("npz", path)
        if "architecture" not in found.texts:
            return network_of_weights(path, found.arrays)
        try:
            return _own(path, decoded(path, found.texts["architecture"]), found.arrays)
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise nonsense(path, "its description makes no sense") from error


def _own(path: Path, plain: dict[str, Any], arrays: dict[str, FloatArray]) -> ImportedNetwork:
    stages = []
    for index, entry in enumerate(plain["stages"]):
        start = f"{index}.{entry['kind']}."
        own = {
            name.removeprefix(start): array
            for name, array in arrays.items()
            if name.startswith(start)
        }
        if "weights.factors" in own:  # whole numbers, and one factor for each column
            own["weights"] = own["weights"] * own.pop("weights.factors")
        stages.append(own_stage(entry, own))
    height, width = (int(side) for side in plain["image_shape"])
    names = tuple(str(name) for name in plain["class_names"])
    return own_draft(path, stages, plain["output"], names, (height, width))


IMPORTERS.add("npz", Npz())
