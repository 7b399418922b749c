"""What readers of other people's files share: bounds, and a stream that keeps to them.

Nothing a file claims is believed until it is checked against what the file can hold, and
no memory is asked for before that.
"""

import gzip
import io
import os
import struct
import zipfile
import zlib
from pathlib import Path
from types import TracebackType
from typing import IO, cast

from core.base.errors import DatasetError
from core.base.regular_file import open_regular
from core.untrusted.reading import ReadProgress, unreadable

MOST_BYTES = 1 << 30  # of one array or unpacked stream: 1 GiB, twenty times MNIST
LONGEST_SIDE = 1024  # pixels of an image
MOST_LISTED = 1000  # files looked at in one folder
AGAIN = "Download or copy the file again."

_GZIP_MAGIC = b"\x1f\x8b"
_ZIP_MAGIC = b"PK\x03\x04"
# Deflate reaches 1032; real digits 5 as bytes, 30 as floats. What is beyond is a bomb.
_HONEST_RATIO = 200
_ALWAYS_FINE = 64 << 20  # bytes: so little may be as repetitive as it likes
_SLICE = 1 << 20  # bytes read at a time: some 5 ms
_LONGEST_LINE = 256 << 20
_BROKEN = (OSError, EOFError, ValueError, NotImplementedError, RuntimeError,
           zipfile.BadZipFile, zlib.error, struct.error)  # fmt: skip


def most_unpacked(packed: int, most: int = MOST_BYTES) -> int:
    """Return how many bytes are believed to be in so many packed ones, at most `most`."""
    return min(most, max(_ALWAYS_FINE, packed * _HONEST_RATIO))


def damaged(path: Path, detail: str) -> DatasetError:
    """Say that a file is not as it should be; `detail` ends without a full stop."""
    return DatasetError(path, f"{path.name} is damaged: {detail}.", AGAIN)


def too_large(path: Path, claim: str = "") -> DatasetError:
    """Say that a file is larger than is read, or lies."""
    what = f" ({claim})" if claim else ""
    return DatasetError(
        path,
        f"{path.name} claims to hold more than this program reads{what}.",
        f"At most {MOST_BYTES >> 20:,} MiB are read; most likely the file is damaged.",
    )


def no_memory(path: Path) -> DatasetError:
    """Say that the machine is too small for a file."""
    return DatasetError(
        path, f"There is not enough memory for {path.name}.", "Close other programs."
    )


def listed(folder: Path) -> list[Path]:
    """Return what is in a folder, in order of name; of very many the first.

    Raises:
        DatasetError: the folder may not be read.
    """
    try:
        return sorted(folder.iterdir())[:MOST_LISTED]
    except OSError as error:
        raise unreadable(folder, error) from error


def first_bytes(path: Path, count: int, *, unpack: bool = False) -> bytes:
    """Return the first bytes of a file, unpacked if asked for; b"" where there are none.

    It never raises.
    """
    try:
        with open_regular(path) as raw:
            start = raw.read(count)
        return _unpacked_start(start, count) if unpack else start
    except (OSError, ValueError, struct.error, zlib.error):
        return b""


def _unpacked_start(start: bytes, count: int) -> bytes:
    """Return the first bytes of what is in a gzip file, or in the first file of a zip."""
    if start[:2] == _GZIP_MAGIC:
        return zlib.decompressobj(wbits=31).decompress(start, count)
    if start[:4] != _ZIP_MAGIC:
        return start
    packing, name, extra = struct.unpack_from("<8xH16xHH", start)
    content = start[30 + name + extra :]
    if packing != zipfile.ZIP_DEFLATED:
        return content if packing == zipfile.ZIP_STORED else b""
    return zlib.decompressobj(wbits=-15).decompress(content, count)


class SafeStream:
    """Reads a file, gzipped, the only one in a zip, or plain, and no more than is believable.

    All that goes wrong becomes a DatasetError. `position` counts unpacked bytes, `limit`
    is how many there may be.
    """

    def __init__(
        self, path: Path, progress: ReadProgress | None = None, most: int = MOST_BYTES
    ) -> None:
        """Open a file of which `most` unpacked bytes are read.

        Raises:
            DatasetError: it cannot be opened.
        """
        self.path = path
        self.position = 0
        self._progress = progress
        self._told = 0
        try:
            self._raw: IO[bytes] = open_regular(path)
            self.packed_size = os.fstat(self._raw.fileno()).st_size
        except OSError as error:
            raise unreadable(path, error) from error
        try:
            self._stream = self._opened()
        except _BROKEN as error:
            self._raw.close()
            raise self._broken(error) from error
        packed = self._stream is not self._raw
        self.limit = (
            most_unpacked(self.packed_size, most) if packed else min(self.packed_size, most)
        )

    @classmethod
    def of_bytes(cls, path: Path, content: bytes) -> "SafeStream":
        """Return a stream of bytes that were read from a part of a file."""
        made = cls.__new__(cls)
        made.path, made.position = path, 0
        made._progress, made._told = None, 0
        made.packed_size = made.limit = len(content)
        made._raw = made._stream = io.BytesIO(content)
        return made

    def _opened(self) -> IO[bytes]:
        start = self._raw.read(4)
        self._raw.seek(0)
        if start[:2] == _GZIP_MAGIC:
            return cast(IO[bytes], gzip.open(self._raw, "rb"))
        if start != _ZIP_MAGIC:
            return self._raw
        archive = zipfile.ZipFile(self._raw)
        # Macs add a folder of notes of their own.
        inside = [name for name in archive.namelist() if not name.startswith("__MACOSX")]
        if len(inside) != 1:
            raise zipfile.BadZipFile("not one file")
        return archive.open(inside[0])

    def __enter__(self) -> "SafeStream":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stream.close()
        self._raw.close()

    def require(self, count: int) -> None:
        """Refuse if `count` more bytes cannot be there.

        Raises:
            DatasetError: before any memory was asked for.
        """
        if not 0 <= count <= self.limit - self.position:
            raise too_large(self.path, f"{count:,} bytes")

    def read(self, count: int = -1) -> bytes:
        """Return `count` bytes, or fewer at the end; all that is left for -1."""
        most = self.limit - self.position + 1  # one more: too many are an error
        wanted = most if count < 0 else min(count, most)
        found = bytearray()
        while len(found) < wanted:
            part = self._take(min(_SLICE, wanted - len(found)))
            if not part:
                break
            found += part
        return bytes(found)

    def readline(self, longest: int = _LONGEST_LINE) -> bytes:
        """Return up to the next end of line, which is included."""
        try:
            line = self._stream.readline(longest)
        except _BROKEN as error:
            raise self._broken(error) from error
        self._count(len(line))
        return line

    def fill(self, values: memoryview) -> None:
        """Fill all of a buffer of bytes.

        Raises:
            DatasetError: the file ends before.
        """
        done = 0
        while done < len(values):
            part = self._take(min(_SLICE, len(values) - done))
            if not part:
                raise DatasetError(
                    self.path, f"{self.path.name} is incomplete: it breaks off early.", AGAIN
                )
            values[done : done + len(part)] = part
            done += len(part)

    def _take(self, count: int) -> bytes:
        try:
            part = self._stream.read(count)
        except _BROKEN as error:
            raise self._broken(error) from error
        self._count(len(part))
        return part

    def _count(self, more: int) -> None:
        self.position += more
        if self.position > self.limit:
            raise too_large(self.path)
        if self._progress is not None and self.position - self._told >= _SLICE:
            self._told = self.position
            self._progress(min(1.0, self._raw.tell() / max(1, self.packed_size)))

    def _broken(self, error: Exception) -> DatasetError:
        if isinstance(error, EOFError):
            return DatasetError(
                self.path, f"{self.path.name} is incomplete: it breaks off early.", AGAIN
            )
        if isinstance(error, OSError) and error.errno is not None:
            return unreadable(self.path, error)
        return damaged(self.path, "it is compressed, but cannot be unpacked")
