"""Where the tiles of an image grid lie. Plain numbers; no widgets."""

import math
from dataclasses import dataclass

from PySide6.QtCore import QRectF


@dataclass(frozen=True, slots=True)
class TileLayout:
    """`count` tiles in rows from the left, as many to a row as fit.

    All lengths are logical pixels and whole multiples of a device pixel.

    Attributes:
        count: number of tiles.
        width: of the whole grid.
        tile_width, tile_height: of one image.
        caption: height of the words under each image; 0 without.
        gap: between tiles, and around the grid.
    """

    count: int
    width: float
    tile_width: float
    tile_height: float
    caption: float
    gap: float

    @property
    def columns(self) -> int:
        """Tiles in a full row; at least 1."""
        return max(1, int((self.width - self.gap) // (self.tile_width + self.gap)))

    @property
    def rows(self) -> int:
        """Number of rows."""
        return math.ceil(self.count / self.columns)

    @property
    def row_height(self) -> float:
        """From the top of one row to the top of the next."""
        return self.tile_height + self.caption + self.gap

    @property
    def height(self) -> float:
        """Of the whole grid."""
        return self.rows * self.row_height + self.gap

    def rect(self, index: int) -> QRectF:
        """Return where the image of tile `index` lies, measured from the grid's top."""
        row, column = divmod(index, self.columns)
        left = self.gap + column * (self.tile_width + self.gap)
        return QRectF(left, self.gap + row * self.row_height, self.tile_width, self.tile_height)

    def at(self, x: float, y: float) -> int:
        """Return the tile at this point, its caption included, or -1."""
        column, row = (x - self.gap) // (self.tile_width + self.gap), (y - self.gap)
        index = int(row // self.row_height * self.columns + column)
        if not (0 <= column < self.columns and row >= 0 and index < self.count):
            return -1
        cell = self.rect(index).adjusted(0, 0, 0, self.caption)
        return index if cell.contains(x, y) else -1

    def between(self, top: float, bottom: float) -> range:
        """Return the tiles that show anything between two heights."""
        first = max(0, int((top - self.gap) // self.row_height))
        last = max(first, math.ceil((bottom - self.gap) / self.row_height))
        return range(min(first * self.columns, self.count), min(last * self.columns, self.count))


def pixel_scale(wanted: float, pixels: int, ratio: float) -> float:
    """Return the logical pixels to give each image pixel so that it stays crisp.

    The largest whole number of device pixels whose image is at most `wanted` logical
    pixels wide; for an image with more pixels than that, an exact fraction.

    Args:
        wanted: greatest width of the image, logical pixels.
        pixels: width of the image in its own pixels.
        ratio: device pixels per logical pixel.
    """
    whole = int(wanted * ratio // pixels)
    return (whole if whole >= 1 else wanted * ratio / pixels) / ratio
