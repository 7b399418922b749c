"""PyTorch's files of weights: what `torch.save(model.state_dict(), "x.pt")` writes."""

from pathlib import Path
from typing import ClassVar

from core.exchange.import_steps.parcel import receive
from core.exchange.import_steps.statedict import network_of_weights
from core.exchange.importer import IMPORTERS, ImportedNetwork
from core.untrusted.parsing.picklecommands import looks_like_pickle
from core.untrusted.parsing.safe_read import first_bytes
from core.untrusted.parsing.zipnames import zip_names

_ENDINGS = (".pt", ".pth", ".ckpt", ".bin")


class TorchZip:
    """Reads a state dict, or a checkpoint that holds one."""

    label: ClassVar[str] = "PyTorch weights"
    patterns: ClassVar[tuple[str, ...]] = ("*.pt", "*.pth")

    def recognises(self, path: Path) -> bool:
        """Tell whether this is a zip of tensors, or called so and at least a pickle."""
        names = zip_names(path)
        if names:
            pickled = any(name.endswith("/data.pkl") for name in names)
            return pickled or path.suffix.lower() in (".pt", ".pth")
        named = path.suffix.lower() in _ENDINGS
        return named and looks_like_pickle(first_bytes(path, 2), named=False)

    def read(self, path: Path) -> ImportedNetwork:
        """Read the weights; the functions between them are asked for."""
        return network_of_weights(path, receive("torch", path).arrays)


IMPORTERS.add("torch", TorchZip())
