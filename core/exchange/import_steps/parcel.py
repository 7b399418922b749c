"""The parent's side of reading a stranger's model: starts a child, and checks what it says."""

import contextlib
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from core.base.arrays import FloatArray
from core.base.errors import DatasetError, ModelFileError
from core.untrusted.parsing.childprocess import ChildProcess

_LONGEST_HEAD = 4 << 20  # bytes
_PATIENCE = 15.0  # seconds without a byte; the child itself has 5 of processor time
_MOST_BYTES = 512 << 20
_ELEMENT = 4  # bytes of a float32
_AGAIN = "What you have open is unchanged. Try another copy of the file."


@dataclass(frozen=True, slots=True, eq=False)
class Received:
    """What a file holds.

    Attributes:
        texts: by name.
        arrays: float32 and finite, by name, in the order of the file.
    """

    texts: dict[str, str]
    arrays: dict[str, FloatArray]


def receive(kind: str, path: Path) -> Received:
    """Let a child process read a model file of a `kind` that `core.untrusted.sandbox.models` knows.

    Raises:
        ModelFileError: what the child said, or that it crashed or took too long.
    """
    try:
        child = ChildProcess(
            f"model-{kind}", path, None, longest_head=_LONGEST_HEAD, patience=_PATIENCE
        )
        with contextlib.closing(child):
            return received(path, child.head(), child)
    except DatasetError as error:
        raise ModelFileError(path, error.message, _AGAIN) from error
    except OSError as error:
        raise ModelFileError(path, f"“{path.name}” could not be read.", _AGAIN) from error


def received(path: Path, said: dict[str, Any], child: Any) -> Received:
    """Check what a child says, and take its arrays.

    Args:
        path: the file it reads.
        said: its first line.
        child: has `expect(total)` and `take(count)`, as `ChildProcess`.

    Raises:
        ModelFileError: it says no, or nonsense.
        DatasetError: of the child.
    """
    if "error" in said:
        message, hint = (str(text) for text in said["error"])
        raise ModelFileError(path, message.replace("{name}", f"“{path.name}”"), hint or _AGAIN)
    try:
        texts = {str(name): str(text) for name, text in said["texts"].items()}
        shapes = {str(name): tuple(int(side) for side in shape) for name, shape in said["arrays"]}
        if any(side < 0 for shape in shapes.values() for side in shape):
            raise ValueError("a negative length")  # noqa: TRY301 - as the others here
        total = sum(math.prod(shape) * _ELEMENT for shape in shapes.values())
        if total > _MOST_BYTES:
            raise ValueError("too much")  # noqa: TRY301 - as the others here
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise nonsense(path, "it was cut off or changed") from error
    child.expect(total)
    arrays: dict[str, FloatArray] = {}
    for name, shape in shapes.items():
        flat = np.frombuffer(child.take(math.prod(shape) * _ELEMENT), "<f4")
        if not np.isfinite(flat).all():
            raise nonsense(path, f"numbers of “{name}” are not finite")
        arrays[name] = flat.reshape(shape)
    return Received(texts, arrays)


def nonsense(path: Path, detail: str) -> ModelFileError:
    """Say that a file is damaged; `detail` ends without a full stop."""
    return ModelFileError(path, f"“{path.name}” is damaged: {detail}.", _AGAIN)


def decoded(path: Path, text: str) -> Any:
    """Return what a JSON text says.

    Raises:
        ModelFileError: it is none, nested too deep, or has numbers that are none.
    """
    try:
        return json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise nonsense(path, "its description is no JSON") from error


def _refuse(word: str) -> float:
    raise ValueError(word)
