"""What a model file holds, apart from how HDF5 stores it: arrays and attributes by path."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

SEAL = "content_sha256"
_UNSEALED = {("", "saved"), ("trainer", SEAL)}  # the only attributes the check sum leaves out


class ModelContentError(Exception):
    """Says, as a part of a sentence, what is wrong with a file: "its check sum does not fit"."""


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """Arrays and attributes.

    Attributes:
        arrays: every data set by its path, "trainer/notes".
        attributes: those of each object, by path ("" is the root) and name; arrays, most
            of them with no axes.
    """

    arrays: dict[str, NDArray[Any]] = field(default_factory=dict)
    attributes: dict[str, dict[str, NDArray[Any]]] = field(default_factory=dict)

    def note(self, path: str, name: str, value: str | int | NDArray[Any]) -> None:
        """Set an attribute. Texts are ASCII, not empty and become fixed-length strings."""
        if isinstance(value, str):
            value = np.array(value.encode("ascii"))
        self.attributes.setdefault(path, {})[name] = np.asarray(value)

    def text(self, path: str, name: str) -> str:
        """Return an attribute as text. Raises ModelContentError if there is none."""
        value = self.attributes.get(path, {}).get(name)
        if value is None or value.shape or value.dtype.kind != "S":
            raise ModelContentError(f"“{name}” is missing")
        return bytes(value.item()).decode("ascii")

    def number(self, path: str, name: str) -> int:
        """Return an attribute as a whole number. Raises ModelContentError if there is none."""
        value = self.attributes.get(path, {}).get(name)
        if value is None or value.shape or value.dtype.kind not in "iu":
            raise ModelContentError(f"“{name}” is missing")
        return int(value)

    def has(self, path: str) -> bool:
        """Tell whether there is an array at or below `path`."""
        return any(True for _ in self.below(path))

    def below(self, path: str) -> Iterator[str]:
        """Return the paths of the arrays at or below `path`."""
        return (each for each in self.arrays if each == path or each.startswith(f"{path}/"))

    def take(self, path: str) -> NDArray[Any]:
        """Return an array and forget it here. Raises ModelContentError if there is none."""
        if path not in self.arrays:
            raise ModelContentError(f"“{path}” is missing")
        return self.arrays.pop(path)

    def take_group(self, path: str) -> dict[str, NDArray[Any]]:
        """Return the arrays below `path` by their names there, and forget them here."""
        return {each.removeprefix(f"{path}/"): self.take(each) for each in list(self.below(path))}

    def digest(self) -> str:
        """Return the sha256 of everything but the time of saving and the check sum itself."""
        sums = hashlib.sha256()
        for path in sorted(self.attributes):
            for name, value in sorted(self.attributes[path].items()):
                if (path, name) not in _UNSEALED:
                    _add(sums, f"{path}@{name}", value)
        for path in sorted(self.arrays):
            _add(sums, path, self.arrays[path])
        return sums.hexdigest()

    def first_digest(self) -> str:
        """Return the check sum that schemas 1 and 2 had: of the arrays alone."""
        sums = hashlib.sha256()
        for path in sorted(self.arrays):
            array = self.arrays[path]
            sums.update(f"{path} {array.dtype.str} {array.shape}".encode())
            sums.update(array.tobytes())
        return sums.hexdigest()


def _add(sums: Any, path: str, array: NDArray[Any]) -> None:
    sums.update(f"{path}\0{array.dtype.str}\0{array.shape}\0".encode("utf-8", "surrogateescape"))
    sums.update(np.ascontiguousarray(array).reshape(-1).view(np.uint8).data)
