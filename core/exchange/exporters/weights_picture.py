"""Pictures of the first layer's weights, one tile a unit: SVG for papers, PNG for all else."""

import base64
import io
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from core.base.arrays import ByteArray
from core.exchange.exporter import REPORTS
from core.exchange.formats.colour_map import diverging, diverging_table
from core.imaging.png import png_bytes
from core.nn.layers.dense import Dense
from core.nn.weight_images import weight_images
from core.training.run import Run

_TILE = 84  # pixels, the longer side of a tile: three to a pixel of 28
_GAP = 12
_CAPTION = 18  # pixels of height under each tile
_MARGIN = 24
_HEAD = 56  # pixels above the tiles, for the title
_FOOT = 44  # pixels below them, for the scale
_TEXT, _MUTED = "#1b1f27", "#596273"
_FONT = "system-ui, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif"
_UNPRINTABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, eq=False)
class _Sheet:
    """What is shown, and where.

    Attributes:
        tiles: (U, H, W, 3) uint8, the weights in colours.
        captions: (U), a unit's number or its class.
        title, note: above the tiles.
        limit: the size of weight that has full colour.
    """

    tiles: NDArray[np.uint8]
    captions: tuple[str, ...]
    title: str
    note: str
    limit: float

    @property
    def columns(self) -> int:
        return min(len(self.tiles), max(5, math.ceil(math.sqrt(1.5 * len(self.tiles)))))

    @property
    def tile_size(self) -> tuple[int, int]:
        """Width and height of a tile in pixels of the sheet."""
        height, width = self.tiles.shape[1:3]
        scale = max(1, _TILE // max(height, width))
        return width * scale, height * scale

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the sheet."""
        width, height = self.tile_size
        rows = math.ceil(len(self.tiles) / self.columns)
        across = self.columns * (width + _GAP) - _GAP
        down = rows * (height + _CAPTION + _GAP) - _GAP
        return max(across, 420) + 2 * _MARGIN, _HEAD + down + _FOOT + _MARGIN

    def place(self, tile: int) -> tuple[int, int]:
        """Return left and top of a tile."""
        width, height = self.tile_size
        row, column = divmod(tile, self.columns)
        return _MARGIN + column * (width + _GAP), _HEAD + row * (height + _CAPTION + _GAP)


def _sheet(run: Run) -> _Sheet:
    images = weight_images(run.network, run.params, run.image_shape)
    limit = float(np.abs(images).max(initial=0.0))
    dense = [layer for layer in run.network.layers if isinstance(layer, Dense)]
    classes = len(dense) == 1
    names = run.class_names if classes else [str(k + 1) for k in range(len(images))]
    kind = "class" if classes else "unit of the first layer"
    return _Sheet(
        diverging(images, limit, theme_is_dark=False),
        tuple(_short(name) for name in names),
        f"What each {kind} looks for",
        f"{_short(run.recipe.label, 40)} · {_short(run.data['name'], 40)} · iteration {run.step:,}",
        limit,
    )


def _short(text: str, most: int = 12) -> str:
    """Return text on one line, cut to so many letters."""
    line = " ".join(_UNPRINTABLE.sub("\ufffd", str(text)).split())
    return line if len(line) <= most else f"{line[: most - 1]}…"


def _scale_image(height: int) -> ByteArray:
    """Return the colours from the most negative to the most positive weight, (height, 257, 3)."""
    return np.repeat(diverging_table(False)[None], height, axis=0)


def _limits(limit: float) -> tuple[str, str]:
    return f"-{limit:.3g}", f"+{limit:.3g}"


# SVG ----------------------------------------------------------------------------------------


class WeightsSvg:
    """Tiles as small pictures in the file itself, words as words."""

    label: ClassVar[str] = "Weight images (SVG)"
    help: ClassVar[str] = "What each unit of the first layer looks for, sharp at any size."
    suffix: ClassVar[str] = ".svg"

    def encode(self, run: Run) -> bytes:
        """Return the drawing."""
        sheet = _sheet(run)
        width, height = sheet.size
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
            f' viewBox="0 0 {width} {height}" font-family="{_FONT}" font-size="12">',
            f"<title>{escape(sheet.title)}</title>",
            '<rect width="100%" height="100%" fill="#ffffff"/>',
            _svg_text(_MARGIN, 26, sheet.title, f'font-size="16" font-weight="600" fill="{_TEXT}"'),
            _svg_text(_MARGIN, 44, sheet.note, f'fill="{_MUTED}"'),
        ]
        across, down = sheet.tile_size
        for tile, caption in enumerate(sheet.captions):
            left, top = sheet.place(tile)
            parts.append(_svg_image(left, top, across, down, sheet.tiles[tile], "tile"))
            middle = f'text-anchor="middle" fill="{_TEXT}"'
            parts.append(_svg_text(left + across // 2, top + down + 14, caption, middle))
        parts += _svg_scale(sheet)
        return "\n".join([*parts, "</svg>", ""]).encode("utf-8", "replace")

    def agrees(self, path: Path, run: Run) -> bool:
        """Tell whether the tiles in the file have the colours of the weights."""
        found = re.findall(r'class="tile"[^>]*base64,([^"]+)"', path.read_text("utf-8"))
        tiles = _sheet(run).tiles
        return len(found) == len(tiles) and all(
            np.array_equal(_decoded(base64.b64decode(text)), tile)
            for text, tile in zip(found, tiles, strict=True)
        )


def _svg_text(x: int, y: int, text: str, style: str) -> str:
    return f'<text x="{x}" y="{y}" {style}>{escape(text)}</text>'


def _svg_image(x: int, y: int, width: int, height: int, image: ByteArray, kind: str) -> str:
    content = base64.b64encode(png_bytes(image)).decode("ascii")
    return (
        f'<image class="{kind}" x="{x}" y="{y}" width="{width}" height="{height}"'
        ' preserveAspectRatio="none" style="image-rendering:pixelated"'
        f' href="data:image/png;base64,{content}"/>\n'
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="none" stroke="#d9dde4"/>'
    )


def _svg_scale(sheet: _Sheet) -> list[str]:
    top = sheet.size[1] - _MARGIN - 18
    low, high = _limits(sheet.limit)
    return [
        _svg_text(_MARGIN, top + 11, low, f'fill="{_MUTED}"'),
        _svg_image(_MARGIN + 64, top, 257, 14, _scale_image(1), "scale"),
        _svg_text(_MARGIN + 64 + 257 + 8, top + 11, high, f'fill="{_MUTED}"'),
    ]


# PNG ----------------------------------------------------------------------------------------


class WeightsPng:
    """The same sheet as pixels."""

    label: ClassVar[str] = "Weight images (PNG)"
    help: ClassVar[str] = "What each unit of the first layer looks for, as one picture."
    suffix: ClassVar[str] = ".png"

    def encode(self, run: Run) -> bytes:
        """Return the picture."""
        sheet = _sheet(run)
        page = Image.new("RGB", sheet.size, "#ffffff")
        pen, font = ImageDraw.Draw(page), ImageFont.load_default(12)
        pen.text((_MARGIN, 26), sheet.title, _TEXT, ImageFont.load_default(16), "ls")
        pen.text((_MARGIN, 44), _latin(sheet.note), _MUTED, font, "ls")
        across, down = sheet.tile_size
        for tile, caption in enumerate(sheet.captions):
            # Pillow's own font has no other letters; a box in their place would say nothing.
            known = caption if caption.isascii() else f"class {tile}"
            left, top = sheet.place(tile)
            enlarged = Image.fromarray(sheet.tiles[tile]).resize((across, down), 0)
            pen.rectangle((left - 1, top - 1, left + across, top + down), outline="#d9dde4")
            page.paste(enlarged, (left, top))
            pen.text((left + across // 2, top + down + 14), known, _TEXT, font, "ms")
        self._draw_scale(page, pen, sheet)
        return png_bytes(np.asarray(page))

    def agrees(self, path: Path, run: Run) -> bool:
        """Tell whether the pixels of the file have the colours of the weights."""
        sheet, page = _sheet(run), _decoded(path.read_bytes())
        height, width = sheet.tiles.shape[1:3]
        across, down = sheet.tile_size
        for tile, wanted in enumerate(sheet.tiles):
            left, top = sheet.place(tile)
            step = across // width
            cut = page[top : top + down : down // height, left : left + across : step]
            if not np.array_equal(cut, wanted):
                return False
        return True

    def _draw_scale(self, page: Image.Image, pen: ImageDraw.ImageDraw, sheet: _Sheet) -> None:
        top = sheet.size[1] - _MARGIN - 18
        font, (low, high) = ImageFont.load_default(12), _limits(sheet.limit)
        pen.text((_MARGIN, top + 11), low, _MUTED, font, "ls")
        page.paste(Image.fromarray(_scale_image(14)), (_MARGIN + 64, top))
        pen.text((_MARGIN + 64 + 257 + 8, top + 11), high, _MUTED, font, "ls")


def _latin(text: str) -> str:
    return text.encode("latin-1", "replace").decode("latin-1")


def _decoded(content: bytes) -> ByteArray:
    with Image.open(io.BytesIO(content), formats=("PNG",)) as picture:
        return np.asarray(picture.convert("RGB"))


REPORTS.add("weights-svg", WeightsSvg())
REPORTS.add("weights-png", WeightsPng())
