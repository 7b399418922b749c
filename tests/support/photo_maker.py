"""Photographs of digits, made up: for tests, and for tuning how pictures are read.

A `Scene` says what is in the photograph; everything not said there is drawn at random.
The ink comes from `tests.support.digit_shapes`.
"""

import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw
from scipy import ndimage


@dataclass(frozen=True)
class Scene:
    """What a photograph shows.

    Attributes:
        width, height: of the photograph in pixels.
        share: the digit's longer side, of the picture's shorter one.
        pen: width of line of the digit's longer side; None as it was written.
        dark: dark ink on light paper, or light on dark.
        ink, paper: colours 0..1 in red, green and blue; None is a shade of gray.
        contrast: between them, where they are shades of gray.
        lines: "", "ruled", "squared" or "margin" (ruled, with a line down the side).
        line_colour: 0..1 in red, green and blue.
        line_gap: between the lines, of the digit's longer side.
        shade: how much darker the far corner is than the near one, 0..1.
        shadow: how dark the edge of a shadow across the picture is, 0..1.
        turn: degrees, against the clock.
        perspective: how much the page tapers off, 0..0.3.
        table: True if the edge of the paper and what lies beyond can be seen.
        blur: of the lens, in thousandths of the picture's longer side.
        noise: of the camera, standard deviation of 0..255.
        grain: of the paper, the same.
        moire: amplitude 0..1 of the pattern of a photographed screen.
        jpeg: quality 1..95, or 0 for none.
        centred: the digit is in the middle, not anywhere.
    """

    width: int = 400
    height: int = 300
    share: float = 0.5
    pen: float | None = None
    dark: bool = True
    ink: tuple[float, float, float] | None = None
    paper: tuple[float, float, float] | None = None
    contrast: float = 0.7
    lines: str = ""
    line_colour: tuple[float, float, float] = (0.6, 0.7, 0.9)
    line_gap: float = 0.6
    shade: float = 0.0
    shadow: float = 0.0
    turn: float = 0.0
    perspective: float = 0.0
    table: bool = False
    blur: float = 1.5
    noise: float = 3.0
    grain: float = 2.0
    moire: float = 0.0
    jpeg: int = 85
    centred: bool = False


def photograph(shapes, scene, rng):
    """Return a photograph (H, W, 3) uint8 of shapes of ink (h, w), written in a row."""
    finer = 2 if max(scene.width, scene.height) < 400 else 1
    height, width = scene.height * finer, scene.width * finer
    cover, (top, left, bottom, right) = _written(shapes, scene, (height, width), rng)
    side = scene.share * min(height, width)
    paper, ink = _colours(scene, rng)
    page = np.ones((height, width, 3), np.float32) * paper
    if scene.lines:
        page = _ruled(page, scene, side, rng)
    strength = cover * (1 - 0.25 * rng.random() * _cloud((height, width), rng, side / 4))
    page += strength[..., None] * (ink - page)
    page += scene.grain / 255 * _cloud((height, width), rng, 1.0)[..., None]
    page = _turned(page, scene, (top, left, bottom, right), rng)
    page *= _light((height, width), scene, rng)[..., None]
    page = ndimage.gaussian_filter(page, (scene.blur * max(height, width) / 1000,) * 2 + (0,))
    if finer > 1:
        page = page.reshape(scene.height, finer, scene.width, finer, 3).mean((1, 3))
    page = page * 255 + rng.normal(0, scene.noise, page.shape)
    return compressed(page.clip(0, 255).round().astype(np.uint8), scene.jpeg)


def compressed(pixels, quality):
    """Return pixels as they are after saving them as JPEG; unchanged for quality 0."""
    if not quality:
        return pixels
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=quality)
    return np.asarray(Image.open(file).convert("RGB"))


def _written(shapes, scene, size, rng):
    """Put the shapes side by side somewhere on an empty page; return it and their box."""
    height, width = size
    side = scene.share * min(size)
    scaled = []
    for shape in shapes:
        scale = side / max(shape.shape)
        target = (max(1, round(shape.shape[1] * scale)), max(1, round(shape.shape[0] * scale)))
        scaled.append(np.asarray(Image.fromarray(shape).resize(target, Image.Resampling.BOX)))
    gap = round(0.25 * side)
    row = np.zeros((max(s.shape[0] for s in scaled), sum(s.shape[1] + gap for s in scaled) - gap))
    x = 0
    for each in scaled:
        drop = (row.shape[0] - each.shape[0]) // 2
        row[drop : drop + each.shape[0], x : x + each.shape[1]] = each
        x += each.shape[1] + gap
    row = row[:height, :width].clip(0, 1)
    free = height - row.shape[0], width - row.shape[1]
    rim = 0.12 if scene.table else 0.03
    places = [0.5, 0.5] if scene.centred else rng.uniform(rim, 1 - rim, 2)
    top, left = (round(f * p) for f, p in zip(free, places, strict=True))
    page = np.zeros(size, np.float32)
    page[top : top + row.shape[0], left : left + row.shape[1]] = row
    return page, (top, left, top + row.shape[0], left + row.shape[1])


def _colours(scene, rng):
    light = rng.uniform(max(0.72, min(scene.contrast + 0.1, 0.95)), 0.97)
    dark = max(light - scene.contrast, 0.03)
    paper, ink = (light, dark) if scene.dark else (dark, light)
    tint = rng.uniform(0.96, 1.0, 3)
    return (
        np.float32(scene.paper if scene.paper else paper * tint),
        np.float32(scene.ink if scene.ink else ink * tint),
    )


def _ruled(page, scene, side, rng):
    """Draw lines on the page; like print, they darken what they lie on."""
    height, width = page.shape[:2]
    gap = max(6.0, scene.line_gap * side * rng.uniform(0.8, 1.25))
    wide = max(1, round(gap * rng.uniform(0.03, 0.06)))
    cover = Image.new("L", (width, height), 0)
    pen = ImageDraw.Draw(cover)
    start = rng.uniform(0, gap)
    for y in np.arange(start, height, gap):
        pen.line([(0, y), (width, y)], fill=255, width=wide)
    if scene.lines == "squared":
        for x in np.arange(rng.uniform(0, gap), width, gap):
            pen.line([(x, 0), (x, height)], fill=255, width=wide)
    alpha = np.asarray(cover, np.float32)[..., None] / 255
    page += alpha * (np.float32(scene.line_colour) * page.mean() - page)
    if scene.lines == "margin":
        x = round(rng.uniform(0.05, 0.2) * width)
        page[:, x : x + wide] = np.float32((0.85, 0.45, 0.5)) * page.mean()
    return page


def _turned(page, scene, box, rng):
    """Turn and tilt the page; beyond it lies the table."""
    if not (scene.turn or scene.perspective or scene.table):
        return page
    height, width = page.shape[:2]
    inset = rng.uniform(0.03, 0.1, 4) * min(height, width) if scene.table else np.zeros(4)
    room = np.array([box[1], box[0], width - box[3], height - box[2]]) * 0.8
    inset = np.minimum(inset, room)
    wood = rng.uniform(0.1, 0.45, 3) if scene.dark else rng.uniform(0.4, 0.8, 3)
    framed = np.ones_like(page) * np.float32(wood)
    left, top = int(inset[0]), int(inset[1])
    right, bottom = width - int(inset[2]), height - int(inset[3])
    framed[top:bottom, left:right] = page[top:bottom, left:right]
    angle = np.radians(scene.turn)
    y, x = np.mgrid[:height, :width].astype(np.float32)
    middle = (box[1] + box[3]) / 2, (box[0] + box[2]) / 2
    x, y = x - middle[0], y - middle[1]
    taper = 1 + scene.perspective * y / height
    x, y = x * taper, y * taper
    u = np.cos(angle) * x - np.sin(angle) * y + middle[0]
    v = np.sin(angle) * x + np.cos(angle) * y + middle[1]
    mode = "constant" if scene.table else "nearest"
    layers = [
        ndimage.map_coordinates(framed[..., k], (v, u), order=1, mode=mode, cval=float(wood[k]))
        for k in range(3)
    ]
    return np.stack(layers, axis=-1)


def _light(size, scene, rng):
    height, width = size
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    angle = rng.uniform(0, 2 * np.pi)
    along = np.cos(angle) * x + np.sin(angle) * y
    light = 1 - scene.shade * (along / 2.8 + 0.5) - 0.15 * scene.shade * (x * x + y * y)
    if scene.shadow:
        edge = np.sin(angle + 1.2) * x - np.cos(angle + 1.2) * y + rng.uniform(-0.5, 0.5)
        light *= 1 - scene.shadow / (1 + np.exp(-edge * rng.uniform(15, 60)))
    if scene.moire:
        period = rng.uniform(2.5, 9)
        wave = np.sin(2 * np.pi * (x * width + 0.2 * y * height) / 2 / period)
        light *= 1 - scene.moire * (0.5 + 0.5 * wave)
    return light.astype(np.float32)


def _cloud(size, rng, grain):
    """Return smooth random values around 0 with standard deviation near 1."""
    coarse = max(1.0, grain)
    small = rng.standard_normal([max(2, int(side / coarse)) for side in size]).astype(np.float32)
    if coarse == 1:
        return small
    return np.asarray(Image.fromarray(small).resize(size[::-1], Image.Resampling.BICUBIC))
