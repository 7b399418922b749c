"""Files that unpack to far more than they are, made in no time: one packed piece, repeated."""

import struct
import zlib

_PIECE = 1 << 20  # zeros
_ADLER_MODULUS = 65521


def _deflated(before: bytes, count: int) -> bytes:
    """Return `before` and `count` zeros (whole pieces) as a raw deflate stream."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    start = packer.compress(before) + packer.flush(zlib.Z_FULL_FLUSH)
    piece = packer.compress(bytes(_PIECE)) + packer.flush(zlib.Z_FULL_FLUSH)
    return start + piece * (count // _PIECE) + packer.flush()


def _crc(before: bytes, count: int) -> int:
    crc, piece = zlib.crc32(before), bytes(_PIECE)
    for _ in range(count // _PIECE):
        crc = zlib.crc32(piece, crc)
    return crc


def zlib_zeros(count: int) -> bytes:
    """Return `count` zeros, a multiple of 1 MiB, as a zlib stream."""
    check = (count % _ADLER_MODULUS) << 16 | 1
    return b"\x78\xda" + _deflated(b"", count) + struct.pack(">I", check)


def gzip_zeros(count: int, before: bytes = b"") -> bytes:
    """Return `before` and `count` zeros, a multiple of 1 MiB, as a gzip file."""
    head = b"\x1f\x8b\x08" + bytes(5) + b"\x02\xff"
    size = (len(before) + count) & 0xFFFFFFFF
    return head + _deflated(before, count) + struct.pack("<II", _crc(before, count), size)


def zip_zeros(name: str, count: int, before: bytes = b"", **others: bytes) -> bytes:
    """Return a zip with `others`, and a member of `before` and `count` zeros.

    In the names of `others` "__" stands for "/", and "DOT" for ".".
    """
    members = [
        (other.replace("__", "/").replace("DOT", "."), content, 0)
        for other, content in others.items()
    ]
    archive, index = b"", b""
    for each, content, zeros in [*members, (name, before, count)]:
        packed, title = _deflated(content, zeros), each.encode()
        sizes = len(packed), len(content) + zeros, len(title)
        common = struct.pack("<5H3I2H", 20, 0, 8, 0, 0x21, _crc(content, zeros), *sizes, 0)
        index += b"PK\x01\x02\x14\x00" + common + struct.pack("<HHHII", 0, 0, 0, 0, len(archive))
        index += title
        archive += b"PK\x03\x04" + common + title + packed
    count_of = len(members) + 1
    end = struct.pack("<HHHHIIH", 0, 0, count_of, count_of, len(index), len(archive), 0)
    return archive + index + b"PK\x05\x06" + end
