"""Taking digits out of a downloaded zip archive, upright, and no more than was promised."""

import gzip
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from core.base.errors import DownloadError
from core.data.downloads.catalogue import Member

_SLAB = 1 << 21  # bytes unpacked at a time: about 15 ms
_DAMAGE = (
    zipfile.BadZipFile,
    gzip.BadGzipFile,
    zlib.error,
    EOFError,
    KeyError,
    NotImplementedError,
    RuntimeError,  # an archive that asks for a password
)


def unpack(
    archive: Path, members: Sequence[Member], folder: Path, tick: Callable[[int], None]
) -> None:
    """Write `members` of a zip archive into `folder` as plain IDX files.

    Each is written under another name first, so that none is ever there by half. Not more
    than `Member.size` bytes are written, whatever the archive claims.

    Args:
        archive: a zip file.
        members: what to take out; images are transposed.
        folder: exists.
        tick: told how many bytes are written, every 20 ms or so; may raise to give up.

    Raises:
        DownloadError: the archive holds something else than was expected.
        OSError: a file could not be written.
    """
    done = 0
    for member in members:
        part = folder / f"{member.name}.part"
        try:
            with (
                zipfile.ZipFile(archive) as whole,
                whole.open(member.path) as packed,
                gzip.GzipFile(fileobj=packed) as source,
                part.open("wb") as target,
            ):
                for piece in _pieces(source, member):
                    target.write(piece)
                    done += len(piece)
                    tick(done)
            part.replace(folder / member.name)
        except _DAMAGE as error:
            raise _unexpected(archive, member) from error
        finally:
            part.unlink(missing_ok=True)


def _pieces(source: gzip.GzipFile, member: Member) -> Iterator[bytes]:
    header = bytes((0, 0, 8, len(member.shape))) + struct.pack(
        f">{len(member.shape)}I", *member.shape
    )
    if source.read(len(header)) != header:
        raise KeyError(member.path)
    yield header
    count, *sides = member.shape
    one = int(np.prod(sides, dtype=int)) if sides else 1
    at_once = max(1, _SLAB // one)
    for first in range(0, count, at_once):
        number = min(at_once, count - first)
        piece = source.read(number * one)
        if len(piece) != number * one:
            raise EOFError
        yield _upright(piece, sides)
    if source.read(1):
        raise KeyError(member.path)


def _upright(piece: bytes, sides: Sequence[int]) -> bytes:
    if not sides:
        return piece
    images = np.frombuffer(piece, np.uint8).reshape(-1, *sides)
    return images.transpose(0, 2, 1).tobytes()


def _unexpected(archive: Path, member: Member) -> DownloadError:
    return DownloadError(
        f"{archive.name} does not hold the digits it should ({member.path}).",
        "Delete it and download it again.",
    )
