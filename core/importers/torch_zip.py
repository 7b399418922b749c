"""PyTorch's files of weights: what `torch.save(model.state_dict(), "x.pt")` writes."""

from pathlib import Path
from typing import ClassVar

from core.importer import IMPORTERS, Draft
from core.importing.parcel import receive
from core.importing.statedict import weights_draft
from core.importing.zipnames import first_name
from core.reading.picklecommands import looks_like_pickle
from core.reading.safe_read import first_bytes

_ENDINGS = (".pt", ".pth", ".ckpt", ".bin")


class TorchZip:
    """Reads a state dict, or a checkpoint that holds one."""

    label: ClassVar[str] = "PyTorch weights"
    patterns: ClassVar[tuple[str, ...]] = ("*.pt", "*.pth")

    def recognises(self, path: Path) -> bool:
        """Tell whether this is a zip of tensors, or called so and at least a pickle."""
        name = first_name(path)
        if name:
            return name.endswith("/data.pkl") or path.suffix.lower() in (".pt", ".pth")
        named = path.suffix.lower() in _ENDINGS
        return named and looks_like_pickle(first_bytes(path, 2), named=False)

    def read(self, path: Path) -> Draft:
        """Read the weights; the functions between them are asked for."""
        return weights_draft(path, receive("torch", path).arrays)


IMPORTERS.add("torch", TorchZip())
