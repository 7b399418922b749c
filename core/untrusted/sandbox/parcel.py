"""What is taken out of a stranger's model: texts and arrays, within bounds."""

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.untrusted.sandbox.sending import ChildRefusal

MOST_BYTES = 256 << 20  # of all arrays together
_MOST_ARRAYS = 2000
_LONGEST_TEXT = 2 << 20  # characters of all texts together
_LONGEST_NAME = 300
_ELEMENT = 4  # bytes of the float32 that is sent


@dataclass(slots=True, eq=False)
class Parcel:
    """Texts and float32 arrays by name; whatever is put in is counted.

    Attributes:
        texts: such as a description in JSON.
        arrays: in the order of the file.
    """

    texts: dict[str, str] = field(default_factory=dict)
    arrays: dict[str, NDArray[np.float32]] = field(default_factory=dict)
    _bytes: int = 0
    _letters: int = 0

    def require(self, name: str, shape: tuple[int, ...]) -> None:
        """Count an array that is about to be read.

        Raises:
            ChildRefusal: there would be too much.
        """
        self._bytes += math.prod(shape) * _ELEMENT
        if self._bytes > MOST_BYTES or len(self.arrays) >= _MOST_ARRAYS:
            raise ChildRefusal(
                "{name} holds more numbers than this program reads.",
                f"At most {MOST_BYTES >> 20} MiB of weights are read.",
            )
        if len(name) > _LONGEST_NAME:
            raise ChildRefusal("{name} is damaged: a name in it is too long.", "")

    def add(self, name: str, array: NDArray[Any]) -> None:
        """Take an array that was counted, as float32."""
        if array.dtype.kind not in "biuf":
            raise ChildRefusal(f"{{name}}: “{name}” is no array of numbers.", "")
        with np.errstate(over="ignore"):  # what becomes infinite is refused by the parent
            self.arrays[name] = array.astype(np.float32)

    def put(self, name: str, array: NDArray[Any]) -> None:
        """Count and take an array."""
        self.require(name, array.shape)
        self.add(name, array)

    def say(self, name: str, text: str) -> None:
        """Take a text. Raises ChildRefusal if there is too much of it."""
        self._letters += len(text)
        if self._letters > _LONGEST_TEXT:
            raise ChildRefusal(
                "{name} holds a text that is too long.", "Most likely it is damaged."
            )
        self.texts[name] = text
