"""Which parts a zip has, asked of its own table, which lies at its end.

DataSplit may stand in any order, so what a zip begins with says little. The table is bounded
before it is read; of a zip that was cut off, the first part's name is left.

Source: PKWARE's APPNOTE.TXT, 4.3.12 to 4.3.16.
"""

import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from core.base.regular_file import open_regular
from core.untrusted.parsing.safe_read import first_bytes

_PART, _ROW, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_WIDE_END, _WIDE_PLACE = b"PK\x06\x06", b"PK\x06\x07"  # of zips beyond 4 GiB
_LOOKED_AT = 1024  # bytes of the beginning
_NAME_AT = 30  # where the first part's name begins
_LAST = 22 + 65_535 + 20  # bytes in which the end is found, whatever comment it has
_LONGEST_TABLE = 4 << 20  # bytes
_NARROW = 0xFFFF_FFFF  # says that the wide end has the number


def zip_names(path: Path) -> tuple[str, ...]:
    """Return the names of a zip's parts; () for other files. Never raises."""
    start = first_bytes(path, _LOOKED_AT)
    if not start.startswith(_PART) or len(start) < _NAME_AT:
        return ()
    try:
        with open_regular(path) as stream:
            names = tuple(_rows(_table(stream)))
    except (OSError, ValueError, struct.error):
        names = ()
    (length,) = struct.unpack_from("<H", start, 26)
    return names or (start[_NAME_AT : _NAME_AT + length].decode("utf-8", "replace"),)


def _table(stream: BinaryIO) -> bytes:
    """Return the table of parts; b"" if there is none, or one of no honest size."""
    size = os.fstat(stream.fileno()).st_size
    stream.seek(max(0, size - _LAST))
    last = stream.read(_LAST)
    end = last.rfind(_END)
    if end < 0:
        return b""
    length, place = struct.unpack_from("<II", last, end + 12)
    if _NARROW in (length, place) and last[max(0, end - 20) : end].startswith(_WIDE_PLACE):
        (wide_at,) = struct.unpack_from("<Q", last, end - 12)
        stream.seek(wide_at)
        wide = stream.read(56)
        if not wide.startswith(_WIDE_END):
            return b""
        length, place = struct.unpack_from("<QQ", wide, 40)
    if length > _LONGEST_TABLE or place + length > size:
        return b""
    stream.seek(place)
    return stream.read(length)


def _rows(table: bytes) -> Iterator[str]:
    place = 0
    while table.startswith(_ROW, place):
        name, extra, comment = struct.unpack_from("<HHH", table, place + 28)
        yield table[place + 46 : place + 46 + name].decode("utf-8", "replace")
        place += 46 + name + extra + comment
