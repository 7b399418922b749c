"""Telling ink from paper in a picture of one digit.

The picture is flattened (`ground`) and freed of ruled lines (`paper_lines`), once
for dark ink and once for light. In a small copy of each, the digit is looked for among the
pieces of ink; the better find (`polarity`) is cut out and brought to one size, so that
all that follows has to do with one scale only.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from core.base.arrays import FloatArray, Shape
from core.imaging.photos.gray_levels import ink_level, otsu, resized
from core.imaging.photos.ground import NARROW, WIDE, darkness, evened, lightness
from core.imaging.photos.masks import Mask, box_of, contact, rim_of, widened
from core.imaging.photos.paper_lines import without_lines
from core.imaging.photos.pieces import number_pieces
from core.imaging.photos.polarity import dark_is_right, edge_shares
from core.imaging.photos.sheet import find_sheet

DIGIT = 160  # pixels, the longer side of a digit in the cut-out: eight to one of its frame
_PAGE = 1024  # pixels, the longer side of the flattened picture
_COARSE = 320  # pixels, the longer side of the small copy
_LEAST_CONTRAST = 0.06  # of the light on the paper; less is an empty page
_LEAST_SIGNAL = 8.0  # times the usual step between neighbouring pixels; less is noise
_SPECK = 0.02  # of the largest piece of ink; smaller ones are dirt
_NEAR = 0.5  # of the digit's longer side; strokes farther off are not part of it
_SURROUNDINGS = 0.2  # of the digit's longer side, cut out with it
_SOFT = 0.35  # of a piece's outline; with fewer edges it is a shadow
_CLEAR, _CLEARER = 0.8, 0.1  # of the outline; less may be paper, not ink; a real gain
_FEW_LINES = 2  # so few may be strokes of the digit


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """A flattened picture.

    Attributes:
        ink: (H, W) float32, strength of the ink, 0 on paper.
        gray: (H, W) float32, the picture in even light.
        dark: True if the ink is darker than the paper.
        noise: the usual step of `ink` between neighbouring pixels.
        lines: number of ruled lines that were removed.
    """

    ink: FloatArray
    gray: FloatArray
    dark: bool
    noise: float
    lines: int


@dataclass(frozen=True, slots=True, eq=False)
class Find:
    """Where the digit is on a page.

    Attributes:
        mask: (h, w) bool, in a small copy.
        strength: of its ink, mean over the whole picture.
        edges: the share of its outline at which the picture has an edge.
        origin: row and column of the picture at which the page begins.
        scale: pixels of the page to one of the picture.
    """

    page: Page
    mask: Mask
    strength: float
    edges: float
    origin: tuple[int, int] = (0, 0)
    scale: float = 1.0

    @property
    def lines(self) -> int:
        """Number of ruled lines on the page."""
        return self.page.lines


def find_ink(gray: FloatArray) -> FloatArray | None:
    """Return the ink of the one digit in a picture.

    Uneven light, shadows, ruled lines, noise, specks, and page ends or tables along the
    edges are left out.

    Args:
        gray: (H, W) float32, 0 black to 1 white.

    Returns:
        (h, w) float32, 0 paper to 1 ink, the digit's longer side about 160 pixels; None
        if nothing stands out.
    """
    found = find_page(gray)
    return None if found is None else cut_out(found.page.ink, found.mask)


def find_page(gray: FloatArray) -> Find | None:
    """Flatten a picture (H, W), on its paper if that can be told, and find its main digit."""
    sheet = find_sheet(gray)
    if sheet is not None:
        top, left, bottom, right = box_of(sheet)
        part = gray[top:bottom, left:right]
        found = _best(part, sheet[top:bottom, left:right], (top, left))
        if found is not None:
            return found
    return _best(gray, None, (0, 0))


def _best(gray: FloatArray, where: Mask | None, origin: tuple[int, int]) -> Find | None:
    """Find the digit, dark or light, in a picture or in the part of it that is paper."""
    scale = min(1.0, _PAGE / max(gray.shape))
    gray = resized(gray, scale)
    if where is not None and where.shape != gray.shape:
        where = resized(where.astype(np.float32), scale) > 0.99
    gray = evened(gray, where)
    found = _either(gray, where, WIDE)
    if found is not None and found.edges < _CLEAR:
        other = _either(gray, where, NARROW)
        if other is not None and other.edges > found.edges + _CLEARER:
            found = other
    return None if found is None else replace(found, origin=origin, scale=scale)


def _either(gray: FloatArray, where: Mask | None, window: float) -> Find | None:
    """Find the digit in a picture in even light, dark or light."""
    dark = _find(gray, where, window, dark=True)
    light = _find(gray, where, window, dark=False)
    if dark is None or light is None:
        return dark or light
    return dark if dark_is_right(dark, light, gray, where) else light


def _find(gray: FloatArray, where: Mask | None, window: float, *, dark: bool) -> Find | None:
    """Find the digit in ink of one kind. A few lines may be the digit itself."""
    ink = (darkness if dark else lightness)(gray, where, window)
    noise = float(np.median(np.abs(np.diff(ink, axis=1)))) if ink.shape[1] > 1 else 0.0
    clean, lines = without_lines(ink)
    found = _locate(Page(clean.clip(0, None), gray, dark, noise, lines))
    if 0 < lines <= _FEW_LINES and (found is None or contact(found.mask)):
        return _locate(Page(ink.clip(0, None), gray, dark, noise, 0)) or found
    return found


def _locate(page: Page) -> Find | None:
    """Find the digit in a small copy of the page."""
    scale = min(1.0, _COARSE / max(page.ink.shape))
    small, gray = resized(page.ink, scale), resized(page.gray, scale)
    free = np.ones(small.shape, bool)
    least = max(_LEAST_CONTRAST, _LEAST_SIGNAL * page.noise)
    for _ in range(4):
        values = small * free
        strongest = ink_level(values)
        if strongest < least:
            return None
        pieces = number_pieces(values > otsu(values / strongest) * strongest)
        edges = edge_shares(pieces, small, gray, dark=page.dark)
        # A soft piece goes if there is one with edges to take instead.
        stray = strays(pieces) | ((edges < _SOFT) & bool((edges[1:] >= 2 * _SOFT).any()))
        stray[0] = False
        if not stray.any():
            break
        free &= ~widened(stray[pieces])
    digit, main = _of_digit(pieces, small)
    return Find(page, digit, float(small[digit].sum()) / small.size, float(edges[main]))


def strays(pieces: NDArray[np.intp]) -> Mask:
    """Tell which pieces, by number, are shadows, tables and other things at the edge."""
    sizes = np.bincount(pieces.ravel())
    sizes[0] = 0
    contacts = np.bincount(rim_of(pieces), minlength=len(sizes))
    contacts[0] = 0
    inside = int(sizes[contacts == 0].max(initial=0))
    # What touches the edge goes if it is small beside something that does not, or if it
    # runs along the edge as shadows and tables do. A digit cut out tightly stays.
    stray: Mask = (contacts > 0) & (inside >= 0.25 * sizes)
    stray |= (contacts > 0.8 * min(pieces.shape)) & (inside >= 0.02 * sizes)
    return stray


def _of_digit(pieces: NDArray[np.intp], ink: FloatArray) -> tuple[Mask, int]:
    """Keep the strongest piece and what belongs to it: no specks, nothing far away.

    Returns the mask, and the number of the strongest piece.
    """
    weights = np.bincount(pieces.ravel(), ink.ravel())
    weights[0] = 0
    sizes = np.bincount(pieces.ravel())
    main = int(weights.argmax())
    box = box_of(pieces == main)
    reach = round(_NEAR * max(box[2] - box[0], box[3] - box[1])) + 1
    rows = slice(max(0, box[0] - reach), box[2] + reach)
    columns = slice(max(0, box[1] - reach), box[3] + reach)
    near = np.zeros(len(sizes), bool)
    near[np.unique(pieces[rows, columns])] = True
    keep = near & (sizes >= _SPECK * sizes[main])
    keep[0] = False
    return keep[pieces], main


def cut_out(strength: FloatArray, mask: Mask, others: Mask | None = None) -> FloatArray:
    """Cut a digit out of a page (H, W).

    Args:
        strength: of the ink on the page.
        mask: (h, w), a small copy of the page, True on the digit.
        others: (h, w), True on other digits, of which nothing is wanted.

    Returns:
        Ink 0..1, float32, the digit's longer side about 160 pixels.
    """
    window, side = _window(mask, strength.shape)
    cut = resized(strength[window], DIGIT / side)
    near = _near(widened(mask), window, strength.shape, cut.shape)
    if others is not None:
        near &= ~_near(others, window, strength.shape, cut.shape)
    values = cut * near
    strongest = ink_level(values)
    threshold = otsu(values / strongest)
    # Soft edges are half the threshold wide on either side.
    ink: FloatArray = ((cut / strongest - threshold * 0.5) / threshold).clip(0, 1)
    return ink * near


def _window(mask: Mask, shape: Shape) -> tuple[tuple[slice, slice], float]:
    """Return the digit's surroundings on a page of `shape`, and its longer side there."""
    scale = max(shape) / max(mask.shape)
    top, left, bottom, right = box_of(mask)
    side = max(bottom - top, right - left)
    margin = _SURROUNDINGS * side + 2
    rows, columns = (
        slice(int(max(0.0, start - margin) * scale), min(int((stop + margin) * scale) + 1, length))
        for (start, stop), length in zip(((top, bottom), (left, right)), shape, strict=True)
    )
    return (rows, columns), float(side * scale)


def _near(mask: Mask, window: tuple[slice, slice], shape: Shape, size: Shape) -> Mask:
    """Cut `window` of a page of `shape` out of its small mask. Returns bool of shape `size`."""
    rows, columns = window
    down, across = mask.shape[0] / shape[0], mask.shape[1] / shape[1]
    box = (columns.start * across, rows.start * down, columns.stop * across, rows.stop * down)
    small = Image.fromarray((mask * 255).astype(np.uint8))
    return np.asarray(small.resize((size[1], size[0]), Image.Resampling.NEAREST, box)) > 0
