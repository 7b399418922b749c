"""From arrays that were found in a file to a data set: the same way for every format."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.base.arrays import Shape
from core.base.errors import DatasetError
from core.data.reader import RawData, RawPart
from core.untrusted.parsing.labels import label_hint, numbered, well_known
from core.untrusted.parsing.rawimages import PixelStore

NO_PAIR_HINT = (
    "Name them as usual: x_train and y_train, images and labels, X and y, or data and target."
)


@dataclass(frozen=True, slots=True, eq=False)
class FoundPiece:
    """Some images of one part, to be read in order.

    Attributes:
        part: "train", "validation" or "test".
        labels: (N,), or as a file has them.
        count: N.
        row: shape of one image in the file.
        blocks: the images, (n, *row) at a time.
    """

    part: str
    labels: NDArray[Any]
    count: int
    row: Shape
    blocks: Iterator[NDArray[Any]]


def assembled(
    key: str, path: Path, pieces: Iterable[FoundPiece], suggestion: dict[str, Any] | None = None
) -> RawData:
    """Read all pieces and make a data set of them.

    Raises:
        DatasetError: what was found does not go together.
    """
    images: dict[str, list[NDArray[Any]]] = {}
    labels: dict[str, list[NDArray[Any]]] = {}
    for piece in pieces:
        store = PixelStore(path, piece.count, piece.row)
        for block in piece.blocks:
            store.add(block)
        images.setdefault(piece.part, []).append(store.images())
        labels.setdefault(piece.part, []).append(piece.labels)
    if "train" not in images:
        raise no_pair(path)
    _check_sizes(path, images)
    whole = {part: _joined(found) for part, found in labels.items()}
    numbers, names = numbered(path, whole)
    parts = {part: RawPart(_joined(found), numbers[part]) for part, found in images.items()}
    return RawData(
        key,
        path.name or str(path),
        str(path),
        parts["train"],
        parts.get("validation"),
        parts.get("test"),
        names or well_known(path),
        {**(suggestion or {}), **label_hint(path, numbers["train"])},
    )


def no_pair(path: Path, names: Iterable[str] = ()) -> DatasetError:
    """Say that no images with labels were found among arrays of these names."""
    shown = ", ".join(list(names)[:8])
    what = f" among {shown}" if shown else ""
    return DatasetError(
        path, f"{path.name} holds no images with labels that fit{what}.", NO_PAIR_HINT
    )


def _joined(arrays: list[NDArray[Any]]) -> NDArray[Any]:
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays)


def _check_sizes(path: Path, images: dict[str, list[NDArray[Any]]]) -> None:
    sizes = {array.shape[1:] for found in images.values() for array in found}
    if len(sizes) > 1:
        raise DatasetError(
            path,
            f"The images in {path.name} are not all of one size.",
            "All images of one data set must be equally large.",
        )
