"""What a zip begins with, without opening it as a zip."""

import struct
from pathlib import Path

from core.reading.safe_read import first_bytes

_MAGIC = b"PK\x03\x04"
_LOOKED_AT = 512  # bytes
_NAME_AT = 30  # where the first part's name begins


def first_name(path: Path) -> str:
    """Return the name of a zip's first part; "" for other files. Never raises."""
    start = first_bytes(path, _LOOKED_AT)
    if not start.startswith(_MAGIC) or len(start) < _NAME_AT:
        return ""
    (length,) = struct.unpack_from("<H", start, 26)
    return start[_NAME_AT : _NAME_AT + length].decode("utf-8", "replace")
