"""PyTorch's zip files of tensors: `torch.save(model.state_dict(), …)`."""

import math
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.base.errors import DatasetError
from core.untrusted.parsing.picklecalls import UnsafePickleError
from core.untrusted.parsing.safe_read import SafeStream
from core.untrusted.parsing.torchpickle import Tensor, TorchPickleMachine
from core.untrusted.parsing.unpickling import unpickle
from core.untrusted.sandbox.parcel import MOST_BYTES, Parcel
from core.untrusted.sandbox.sending import ChildRefusal
from core.untrusted.sandbox.zipped import member, members

_PICKLE = "data.pkl"
_MOST_TENSORS = 2000
_DEEPEST = 6
# What checkpoints call the network's own tensors; the others are the optimizer's.
_NETWORK = ("state_dict", "model_state_dict", "model", "net", "network", "module", "weights")
_HINT = "In Python, save only the numbers: torch.save(model.state_dict(), “model.pt”)."


def read_torch(path: Path) -> Parcel:
    """Return the tensors of a state dict, by name, in its order."""
    if not zipfile.is_zipfile(path):
        raise ChildRefusal(
            "{name} was written by a PyTorch before version 1.6, or is no PyTorch file.",
            "Load it there and save it again with torch.save(model.state_dict(), …).",
        )
    with zipfile.ZipFile(path) as archive:
        infos = members(archive)
        root = next((n.removesuffix(_PICKLE) for n in infos if n.endswith("/" + _PICKLE)), None)
        if root is None:
            raise ChildRefusal("{name} is no PyTorch file: its list of tensors is missing.", "")
        if any(name.startswith(f"{root}code/") for name in infos):
            raise ChildRefusal("{name} is a TorchScript program, not a list of tensors.", _HINT)
        content = _acted_out(path, member(archive, infos[root + _PICKLE]))
        big = f"{root}byteorder" in infos and member(archive, infos[f"{root}byteorder"]) == b"big"
        return _read(archive, infos, root + "data/", _tensors(content), ">" if big else "<")


def _acted_out(path: Path, pickle: bytes) -> Any:
    try:
        with SafeStream.of_bytes(path, pickle) as stream:
            return unpickle(stream, TorchPickleMachine)
    except DatasetError as error:
        if isinstance(error.__cause__, UnsafePickleError):
            raise ChildRefusal(
                f"{{name}} holds more than tensors ({error.__cause__}), which could run any"
                " program; it was not run.",
                _HINT,
            ) from error
        raise ChildRefusal("{name} is damaged: its list of tensors makes no sense.", "") from error


def _tensors(content: Any) -> dict[str, Tensor]:
    """Return the tensors of the network; of a checkpoint only those."""
    if not isinstance(content, dict):
        raise ChildRefusal("{name} holds no named tensors.", _HINT)
    for key in _NETWORK:
        if isinstance(content.get(key), dict) and any(_walk(content[key], "", 0)):
            content = content[key]
            break
    found = dict(_walk(content, "", 0))
    if not found:
        raise ChildRefusal("{name} holds no named tensors.", _HINT)
    if len(found) > _MOST_TENSORS:
        raise ChildRefusal("{name} holds too many tensors.", "")
    return found


def _walk(content: Any, prefix: str, depth: int) -> Iterator[tuple[str, Tensor]]:
    if isinstance(content, Tensor):
        yield prefix, content
    elif isinstance(content, dict) and depth < _DEEPEST:
        for key, value in content.items():
            if isinstance(key, str):
                yield from _walk(value, f"{prefix}.{key}" if prefix else key, depth + 1)


def _read(
    archive: zipfile.ZipFile,
    infos: dict[str, zipfile.ZipInfo],
    root: str,
    tensors: dict[str, Tensor],
    order: str,
) -> Parcel:
    parcel, storages, held = Parcel(), {}, 0
    for name, tensor in tensors.items():
        parcel.require(name, tensor.shape)
        place = root + tensor.storage
        if place not in infos:
            raise ChildRefusal("{name} is damaged: numbers are missing.", "")
        if place not in storages:
            held += infos[place].file_size
            if held > 2 * MOST_BYTES:
                raise ChildRefusal("{name} holds more numbers than this program reads.", "")
            storages[place] = member(archive, infos[place])
        parcel.add(name, _array(storages[place], tensor, order))
    return parcel


def _array(content: bytes, tensor: Tensor, order: str) -> NDArray[Any]:
    flat: NDArray[Any]
    if tensor.dtype == "bf":  # the upper half of a float32
        halves = np.frombuffer(content, f"{order}u2").astype(np.uint32)
        flat = (halves << 16).view(np.float32)
    else:
        flat = np.frombuffer(content, tensor.dtype.replace("<", order))
    last = sum((side - 1) * step for side, step in zip(tensor.shape, tensor.strides, strict=True))
    if not math.prod(tensor.shape):
        return np.zeros(tensor.shape, np.float32)
    if not 0 <= tensor.offset <= tensor.offset + last < len(flat):
        raise ChildRefusal("{name} is damaged: a tensor reaches beyond its numbers.", "")
    places: NDArray[np.intp] = np.full(tensor.shape, tensor.offset, np.intp)
    for axis, (side, step) in enumerate(zip(tensor.shape, tensor.strides, strict=True)):
        form = [1] * len(tensor.shape)
        form[axis] = side
        places += (np.arange(side, dtype=np.intp) * step).reshape(form)
    return flat[places]
