"""safetensors: weights of the PyTorch world, and of our own export with its description."""

from pathlib import Path
from typing import Any, ClassVar

from core.base.arrays import FloatArray
from core.exchange.import_steps.ownexports import own_draft, own_stage
from core.exchange.import_steps.parcel import decoded, nonsense, receive
from core.exchange.import_steps.statedict import network_of_weights
from core.exchange.importer import IMPORTERS, ImportedNetwork
from core.exchange.portable import Stage
from core.untrusted.parsing.safe_read import first_bytes

_LONGEST_HEADER = 8 << 20  # bytes
# Our names of PyTorch's tensors.
_DENSE = {"weights": "weight", "biases": "bias"}
_NORM = {"gamma": "weight", "beta": "bias", "mean": "running_mean", "variance": "running_var"}


class Safetensors:
    """Reads tensors by name; the description, where there is one."""

    label: ClassVar[str] = "safetensors"
    patterns: ClassVar[tuple[str, ...]] = ("*.safetensors",)

    def recognises(self, path: Path) -> bool:
        """Tell whether a JSON header follows eight bytes of its length."""
        start = first_bytes(path, 9)
        length = int.from_bytes(start[:8], "little")
        return len(start) == 9 and start[8:] == b"{" and 2 <= length <= _LONGEST_HEADER

    def read(self, path: Path) -> ImportedNetwork:
        """Read the tensors."""
        found = receive("safetensors", path)
        if "metadata" in found.texts:
            said = decoded(path, found.texts["metadata"])
            if "architecture" in said and "input.factor" in found.arrays:
                return _own(path, said, found.arrays)
        return network_of_weights(path, found.arrays)


def _own(path: Path, said: dict[str, Any], arrays: dict[str, FloatArray]) -> ImportedNetwork:
    """Return what our own export describes."""
    try:
        spec = decoded(path, said["architecture"])
        names = tuple(str(name) for name in decoded(path, said["class_names"]))
        scale = {name: arrays[f"input.{name}"] for name in ("offset", "factor")}
        stages = [Stage("scale", arrays=scale)]
        for index, plain in enumerate(spec["modules"]):
            stages.append(own_stage(plain, _arrays(plain["kind"], index, arrays)))
        return own_draft(path, stages, spec["output"], names, None)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise nonsense(path, "its description makes no sense") from error


def _arrays(kind: str, index: int, arrays: dict[str, FloatArray]) -> dict[str, FloatArray]:
    names = {"dense": _DENSE, "batch-normalization": _NORM}.get(kind, {})
    found = {ours: arrays[f"{index}.{theirs}"] for ours, theirs in names.items()}
    if kind == "dense":
        found["weights"] = found["weights"].T.copy()
    return found


IMPORTERS.add("safetensors", Safetensors())
