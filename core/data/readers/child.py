"""Reading in a child process: a crash, a hang or a hunger for memory stays there.

The child writes what `core.untrusted.sandbox.sending` says. Nothing of it is believed: it was fed
with a file that may be meant to harm.
"""

import contextlib
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.base.errors import DatasetError
from core.data.reader import RawData
from core.data.readers.common import FoundPiece, assembled
from core.untrusted.parsing.childprocess import ChildProcess
from core.untrusted.parsing.rawimages import rows_at_a_time
from core.untrusted.parsing.safe_read import damaged
from core.untrusted.reading import ReadProgress

_SETTINGS = {
    "transpose": ("yes", "no"),
    "labels": ("as-is", "minus-one", "ten-is-zero"),
}


def read_in_child(key: str, kind: str, path: Path, progress: ReadProgress | None) -> RawData:
    """Let a child process read a file of a `kind` that `core.untrusted.sandbox` knows.

    Raises:
        DatasetError: what the child said, or that it crashed or took too long.
    """
    with contextlib.closing(ChildProcess(kind, path, progress)) as child:
        said = child.head()
        if "error" in said:
            message, hint = (str(text) for text in said["error"])
            raise DatasetError(path, message.replace("{name}", path.name), hint)
        try:
            heads = [_Head(item) for item in said["pieces"]]
            hints = {
                name: value
                for name, value in said["suggestion"].items()
                if value in _SETTINGS.get(name, ())
            }
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise damaged(path, "it was cut off or changed") from error
        child.expect(sum(head.bytes for head in heads))
        return assembled(key, path, (head.piece(child) for head in heads), hints)


class _Head:
    """What the child says about one piece, checked."""

    def __init__(self, said: dict[str, Any]) -> None:
        self.part = str(said["part"])
        self.count = int(said["count"])
        self.row = tuple(int(side) for side in said["row"])
        self.dtype = np.dtype(str(said["dtype"]))
        self.label_shape = tuple(int(side) for side in said["labels"]["shape"])
        self.label_dtype = np.dtype(str(said["labels"]["dtype"]))
        sides = (self.count, *self.row, *self.label_shape)
        kinds = self.dtype.kind in "biuf" and self.label_dtype.kind in "biufSU"
        if min(sides) < 1 or not kinds or self.label_dtype.itemsize > 4096:
            raise ValueError("not an array")
        self.row_bytes = math.prod(self.row) * self.dtype.itemsize
        self.label_bytes = math.prod(self.label_shape) * self.label_dtype.itemsize

    @property
    def bytes(self) -> int:
        """How many bytes images and labels have."""
        return self.count * self.row_bytes + self.label_bytes

    def piece(self, child: ChildProcess) -> FoundPiece:
        """Return what is to be read; the labels are read at once."""
        labels = np.frombuffer(child.take(self.label_bytes), self.label_dtype)
        return FoundPiece(
            self.part, labels.reshape(self.label_shape), self.count, self.row, self._blocks(child)
        )

    def _blocks(self, child: ChildProcess) -> Iterator[NDArray[Any]]:
        step = rows_at_a_time(self.row_bytes)
        for start in range(0, self.count, step):
            taken = min(step, self.count - start)
            block = np.frombuffer(child.take(taken * self.row_bytes), self.dtype)
            yield block.reshape(taken, *self.row)
