"""Digits in NumPy's own files: .npz archives such as Keras's mnist.npz, and .npy arrays.

Images and labels may lie in one archive, or in two files beside each other, such as
kmnist-test-imgs.npz and kmnist-test-labels.npz. Pickled objects are never read. What a
member claims is checked against what its compressed bytes can hold before it is read.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from core.base.errors import DatasetError
from core.data.reader import READERS, RawData
from core.data.readers.common import FoundPiece, assembled, no_pair
from core.untrusted.parsing.naming import Piece, choose
from core.untrusted.parsing.npyfile import (
    ArchiveMember,
    is_numpy_file,
    read_members,
    read_rows,
    read_whole,
)
from core.untrusted.parsing.rawimages import rows_at_a_time
from core.untrusted.parsing.safe_read import MOST_BYTES, listed, too_large
from core.untrusted.reading import ReadProgress


class NpzReader:
    """Reads an .npz or .npy file, with its partner if need be, or a folder of them."""

    label: ClassVar[str] = "NumPy arrays"
    patterns: ClassVar[tuple[str, ...]] = ("*.npz", "*.npy")

    def recognises(self, path: Path) -> bool:
        """Tell whether this is an array, an archive of some, or a folder that holds such."""
        if path.is_dir():
            try:
                return any(is_numpy_file(file) for file in listed(path))
            except DatasetError:
                return False
        return is_numpy_file(path)

    def read(self, path: Path, progress: ReadProgress | None = None) -> RawData:
        """Read the images and labels of a file, or of a folder."""
        members = _members_of(path)
        chosen = choose({name: member.shape for name, member in members.items()})
        if not chosen and not path.is_dir():
            members, chosen = _with_partner(path, members)
        if not chosen:
            raise no_pair(path, members)
        pieces = [(part, piece) for part, found in chosen.items() for piece in found]
        total = sum(members[piece.images].size for _, piece in pieces)
        if total > MOST_BYTES:
            raise too_large(path, f"{total:,} bytes")
        tell = _Teller(progress, total)
        found = (_found(part, piece, members, tell) for part, piece in pieces)
        return assembled("npz", path, found)


class _Teller:
    """Tells the share of all bytes that is done."""

    def __init__(self, progress: ReadProgress | None, total: int) -> None:
        self._progress = progress
        self._total = total
        self._done = 0

    def add(self, count: int) -> None:
        self._done += count
        if self._progress is not None:
            self._progress(min(1.0, self._done / self._total))


def _members_of(path: Path) -> dict[str, ArchiveMember]:
    if not path.is_dir():
        return read_members(path)
    found: dict[str, ArchiveMember] = {}
    for file in listed(path):
        if file.is_file() and is_numpy_file(file):
            found.update(read_members(file, f"{file.stem}/"))
    return found


def _with_partner(
    path: Path, own: dict[str, ArchiveMember]
) -> tuple[dict[str, ArchiveMember], dict[str, list[Piece]]]:
    """Look beside a file for what goes with it; only that part is taken."""
    members = _members_of(path.parent)
    mine = [name for name, member in members.items() if member.file == path]
    for pieces in choose({name: member.shape for name, member in members.items()}).values():
        used = {name for piece in pieces for name in (piece.images, piece.labels)}
        if used & set(mine):
            return members, {"train": pieces}
    return own, {}


def _found(part: str, piece: Piece, members: dict[str, ArchiveMember], tell: _Teller) -> FoundPiece:
    member = members[piece.images]
    labels: NDArray[Any]
    if isinstance(piece.labels, str):
        labels = read_whole(members[piece.labels])
    else:
        labels = np.full(piece.count, piece.labels)
    row = member.shape[: piece.axis] + member.shape[piece.axis + 1 :]
    blocks = (
        read_rows(member, tell.add) if _is_streamed(member, piece) else _cut(member, piece, tell)
    )
    return FoundPiece(part, labels, piece.count, row, blocks)


def _is_streamed(member: ArchiveMember, piece: Piece) -> bool:
    """Tell whether the file has one image after the other."""
    return piece.axis == 0 and not member.column_major


def _cut(member: ArchiveMember, piece: Piece, tell: _Teller) -> Iterator[NDArray[Any]]:
    """Read an array that has its images side by side, and cut them apart."""
    whole = np.moveaxis(read_whole(member), piece.axis, 0)
    step = rows_at_a_time(whole[0].nbytes)
    for start in range(0, len(whole), step):
        block = whole[start : start + step]
        tell.add(block.nbytes)
        yield block


READERS.add("npz", NpzReader())
