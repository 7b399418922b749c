"""A small picture of a network, kept in its file: what the units of the first layer look for."""

import math
import struct
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.base.arrays import ByteArray
from core.exchange.formats.colour_map import diverging
from core.modelfile.content import ModelContentError
from core.nn.weight_images import weight_images
from core.training.run import Run

SIDE = 64  # pixels
MOST_BYTES = 64 << 10
_LARGEST = 256  # pixels along an edge that are read
_MOST_TILES = 16
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_TRUE_COLOUR = 2


def thumbnail_of(run: Run) -> NDArray[np.uint8]:
    """Return a PNG file of 64 x 64 pixels, uint8 (n,)."""
    units = weight_images(run.network, run.params, run.image_shape, _MOST_TILES)
    units = np.nan_to_num(units, posinf=0.0, neginf=0.0)
    across = math.isqrt(len(units) - 1) + 1
    edges = np.linspace(0, SIDE, across + 1).astype(int)
    limits = np.abs(units).max(axis=(1, 2))
    page = np.full((SIDE, SIDE, 3), 255, np.uint8)
    for index, tile in enumerate(diverging(units, limits, theme_is_dark=False)):
        row, column = divmod(index, across)
        top, bottom, left, right = (*edges[row : row + 2], *edges[column : column + 2])
        page[top : bottom - 1, left : right - 1] = _shrunk(tile, bottom - top - 1, right - left - 1)
    return np.frombuffer(encode_png(page), np.uint8)


def _shrunk(tile: ByteArray, height: int, width: int) -> ByteArray:
    """Return the nearest pixels of (H, W, 3)."""
    rows = (np.arange(height) + 0.5) * tile.shape[0] / height
    columns = (np.arange(width) + 0.5) * tile.shape[1] / width
    shrunk: ByteArray = tile[rows.astype(int)][:, columns.astype(int)]
    return shrunk


def encode_png(image: ByteArray) -> bytes:
    """Return (H, W, 3) uint8 as a PNG file; the same image gives the same bytes.

    Pillow cannot write this: it filters the rows of all coloured pictures, and `decode_png`,
    that of older versions of Inkling, too, refuses filters, and with them the model file.
    """
    height, width, _ = image.shape
    rows = np.zeros((height, 1 + 3 * width), np.uint8)  # each begins with its filter: none
    rows[:, 1:] = image.reshape(height, -1)
    header = struct.pack(">IIBBBBB", width, height, 8, _TRUE_COLOUR, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes(), 9)), (b"IEND", b""))
    return _SIGNATURE + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def decode_png(array: NDArray[Any]) -> ByteArray:
    """Return the image (H, W, 3) uint8 of a PNG file that `encode_png` made.

    No picture library is asked: nothing but this one simple form is read, and nothing is
    unpacked further than the size that the header declares.

    Raises:
        ModelContentError: too large, damaged, or another kind of picture.
    """
    if array.dtype != np.uint8 or array.ndim != 1 or array.size > MOST_BYTES:
        raise ModelContentError("its thumbnail is no small picture")
    content = array.tobytes()
    if content[: len(_SIGNATURE)] != _SIGNATURE:
        raise ModelContentError("its thumbnail is no picture")
    header, rest = _chunk(content[len(_SIGNATURE) :], b"IHDR")
    packed, rest = _chunk(rest, b"IDAT")
    _, rest = _chunk(rest, b"IEND")
    width, height, *form = struct.unpack(">IIBBBBB", header) if len(header) == 13 else (0, 0)
    sides_fit = min(width, height) >= 1 and max(width, height) <= _LARGEST
    if rest or not sides_fit or form != [8, _TRUE_COLOUR, 0, 0, 0]:
        raise ModelContentError("its thumbnail is no small picture")
    rows = _unpacked(packed, height * (1 + 3 * width)).reshape(height, 1 + 3 * width)
    if rows[:, 0].any():  # filters that `encode_png` does not use
        raise ModelContentError("its thumbnail is no picture of Inkling's")
    return rows[:, 1:].reshape(height, width, 3)


def _chunk(content: bytes, kind: bytes) -> tuple[bytes, bytes]:
    """Return the data of the chunk that `content` begins with, and what follows it."""
    length = int.from_bytes(content[:4], "big")
    data, end = content[8 : 8 + length], 12 + length
    if content[4:8] != kind or content[end - 4 : end] != struct.pack(">I", zlib.crc32(kind + data)):
        raise ModelContentError("its thumbnail is damaged")
    return data, content[end:]


def _unpacked(packed: bytes, size: int) -> ByteArray:
    try:
        rows = zlib.decompressobj().decompress(packed, size + 1)
    except zlib.error as error:
        raise ModelContentError("its thumbnail is damaged") from error
    if len(rows) != size:
        raise ModelContentError("its thumbnail is damaged")
    return np.frombuffer(rows, np.uint8)
