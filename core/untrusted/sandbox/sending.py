"""What a child process says: a line of JSON, then nothing but the bytes of arrays.

    {"suggestion": {...}, "pieces": [{"part": "train", "count": N, "row": [H, W],
     "dtype": "|u1", "labels": {"shape": [N], "dtype": "|u1"}}, ...]}

or {"error": [message, hint]} with "{name}" in the place of the file's name.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from core.base.errors import InklingError
from core.untrusted.parsing.naming import Piece, choose
from core.untrusted.parsing.rawimages import rows_at_a_time

_HINT = "Name them as usual: x_train and y_train, images and labels, X and y, or data and target."


class ChildRefusal(InklingError):
    """The file cannot be used. "{name}" in the message becomes its name."""


def write_error(out: BinaryIO, error: InklingError) -> None:
    """Tell the parent why there are no arrays."""
    out.write(json.dumps({"error": [error.message, error.hint]}).encode() + b"\n")
    out.flush()


def write_pieces(
    out: BinaryIO,
    arrays: Mapping[str, Any],
    suggest: Callable[[list[tuple[Piece, NDArray[Any]]]], dict[str, str]],
) -> None:
    """Choose images and labels among arrays, and write them.

    Args:
        out: to the parent.
        arrays: by name; anything with `shape`, `dtype` and slicing.
        suggest: is told the pieces with their labels; says what is known about them.

    Raises:
        ChildRefusal: there are no images with labels.
    """
    chosen = choose({name: tuple(array.shape) for name, array in arrays.items()})
    if not chosen:
        shown = ", ".join(list(arrays)[:8])
        among = f" among {shown}" if shown else ""
        raise ChildRefusal(f"{{name}} holds no images with labels that fit{among}.", _HINT)
    pieces = [(part, piece) for part, found in chosen.items() for piece in found]
    labels = [_labels(piece, arrays) for _, piece in pieces]
    known = suggest([(piece, found) for (_, piece), found in zip(pieces, labels, strict=True)])
    heads = [
        _head(part, piece, arrays[piece.images], found)
        for (part, piece), found in zip(pieces, labels, strict=True)
    ]
    out.write(json.dumps({"suggestion": known, "pieces": heads}).encode() + b"\n")
    for (_, piece), found in zip(pieces, labels, strict=True):
        out.write(found.tobytes())
        for block in _blocks(arrays[piece.images], piece):
            out.write(np.ascontiguousarray(block).data)
    out.flush()


def _labels(piece: Piece, arrays: Mapping[str, Any]) -> NDArray[Any]:
    if isinstance(piece.labels, int):
        return np.full(piece.count, piece.labels, np.uint8)
    return np.asarray(arrays[piece.labels][...])


def _row(shape: tuple[int, ...], axis: int) -> list[int]:
    return [int(side) for side in shape[:axis] + shape[axis + 1 :]]


def _head(part: str, piece: Piece, images: Any, labels: NDArray[Any]) -> dict[str, Any]:
    return {
        "part": part,
        "count": piece.count,
        "row": _row(tuple(images.shape), piece.axis),
        "dtype": images.dtype.str,
        "labels": {"shape": list(labels.shape), "dtype": labels.dtype.str},
    }


def _blocks(images: Any, piece: Piece) -> Any:
    """Take the images apart, some at a time, along the axis that counts them."""
    row_bytes = images.dtype.itemsize * int(np.prod(_row(tuple(images.shape), piece.axis)))
    step = rows_at_a_time(row_bytes)
    for start in range(0, piece.count, step):
        place = (slice(None),) * piece.axis + (slice(start, min(start + step, piece.count)),)
        yield np.moveaxis(images[place], piece.axis, 0)
