"""Several digits in one picture: where each is, in the order in which they are read.

The pieces of ink of the whole page are sorted into lines and digits: strokes that stand
above each other belong together, and what is too wide for one digit is cut where little ink
is in the way (`digit_split`).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.base.arrays import ByteArray, FloatArray
from core.imaging.photos.digit_split import Judge, split
from core.imaging.photos.gray_levels import ink_level, otsu, resized
from core.imaging.photos.masks import Box, Mask, box_of, fitted, rim_of, widened
from core.imaging.photos.pieces import number_pieces
from core.imaging.photos.preprocessing import framed_ink
from core.imaging.photos.segmentation import Find, cut_out, find_page, strays

MOST_DIGITS = 200
_SMALL = 640  # pixels, the longer side of the copy in which pieces are told apart
_MOST_PIECES = 400  # the largest are looked at
_SPECK = 0.15  # of a digit's height; a piece that is smaller both ways is dirt
_PART = 0.55  # of a digit's height; a lower piece is part of another one, or none at all
_REACH = 0.35  # of a digit's height, from a part to the digit it belongs to
_OVERLAP = 0.5  # of the narrower piece's width; so much above each other is one digit
_SAME_LINE = 0.4  # of the lower piece's height
_ALONG = 0.12  # of the picture's shorter side; digits that are cut off touch it less
_LEAST_INK = 0.25  # of the strongest, to tell ink from paper


@dataclass(frozen=True, slots=True, eq=False)
class FoundDigit:
    """One digit of a picture.

    Attributes:
        box: left, top, right, bottom in pixels of the picture; the last two beyond.
        image: (28, 28) uint8, 0 paper to 255 ink, framed like the training digits.
        line: the line of writing it is in, from 0.
    """

    box: tuple[int, int, int, int]
    image: ByteArray
    line: int = 0


def find_digits(gray: FloatArray, judge: Judge | None = None) -> list[FoundDigit]:
    """Find the digits in a picture, from left to right, line by line.

    Args:
        gray: (H, W), 0 black to 1 white; any size.
        judge: reads images (N, 28, 28) uint8 and returns probabilities (N, K); with it,
            digits that touch are told from wide ones by how well they can be read.

    Returns:
        At most 200 digits; none if nothing stands out.
    """
    found = find_page(np.nan_to_num(np.asarray(gray, np.float32)).clip(0, 1))
    if found is None:
        return []
    small, pieces = _pieces(found)
    groups = _grouped(pieces)
    if not groups:
        return []
    height = _usual_height([_joint_box(group) for group in groups])
    masks = [mask for group in groups for mask in _parted(group, pieces, small, height, judge)]
    boxes = [box_of(mask) for mask in masks]
    everything = np.logical_or.reduce(masks)
    digits = []
    for line, row in enumerate(_lines(boxes)):
        for index in row:
            others = everything & ~masks[index]
            image = framed_ink(cut_out(found.page.ink, masks[index], others))
            digits.append(FoundDigit(_in_picture(boxes[index], found, small), image, line))
    return digits[:MOST_DIGITS]


@dataclass(frozen=True, slots=True)
class _Piece:
    number: int
    box: Box

    @property
    def height(self) -> int:
        return self.box[2] - self.box[0]

    @property
    def width(self) -> int:
        return self.box[3] - self.box[1]


@dataclass(frozen=True, slots=True, eq=False)
class _Pieces:
    numbers: NDArray[np.intp]
    known: list[_Piece]


def _pieces(found: Find) -> tuple[FloatArray, _Pieces]:
    """Return a small copy of the page's ink, and its pieces without dirt and edges."""
    ink = found.page.ink
    small = resized(ink, min(1.0, _SMALL / max(ink.shape)))
    free = np.ones(small.shape, bool)
    strongest = ink_level(small * fitted(found.mask, small.shape))
    for _ in range(3):
        values = (small * free / strongest).clip(0, 1)
        numbers = number_pieces(values > max(otsu(values) * 0.8, _LEAST_INK))
        stray = _along_edges(numbers)[numbers]
        if not stray.any():
            break
        free &= ~widened(stray)
    return small, _Pieces(numbers, _known(numbers))


def _along_edges(numbers: NDArray[np.intp]) -> Mask:
    """Tell which pieces, by number, run along the edges, as no digit does."""
    contact = np.bincount(rim_of(numbers), minlength=int(numbers.max()) + 1)
    far = contact > _ALONG * min(numbers.shape)
    far[0] = False
    along: Mask = far & strays(numbers)
    return along


def _known(numbers: NDArray[np.intp]) -> list[_Piece]:
    """Return the pieces that are no dirt, the largest first."""
    sizes = np.bincount(numbers.ravel())
    sizes[0] = 0
    largest = [int(k) for k in np.argsort(-sizes)[:_MOST_PIECES] if sizes[k]]
    rows, columns = np.nonzero(numbers)
    owners = numbers[rows, columns]
    order = np.argsort(owners, kind="stable")
    rows, columns = rows[order], columns[order]
    ends = np.cumsum(np.bincount(owners, minlength=len(sizes)))
    pieces = []
    for number in largest:
        place = slice(int(ends[number - 1]), int(ends[number]))
        y, x = rows[place], columns[place]
        box = (int(y.min()), int(x.min()), int(y.max()) + 1, int(x.max()) + 1)
        pieces.append(_Piece(number, box))
    height = _usual_height([piece.box for piece in pieces])
    return [piece for piece in pieces if max(piece.height, piece.width) >= _SPECK * height]


def _usual_height(boxes: list[Box]) -> float:
    """Return the height that most of what is tall has: the median above half the largest."""
    heights = np.array([box[2] - box[0] for box in boxes] or [1])
    return float(np.median(heights[heights >= heights.max() / 2]))


def _grouped(pieces: _Pieces) -> list[list[_Piece]]:
    """Put pieces together that are strokes of one digit."""
    height = _usual_height([piece.box for piece in pieces.known])
    tall = [piece for piece in pieces.known if piece.height >= _PART * height]
    groups: list[list[_Piece]] = []
    for piece in sorted(tall, key=lambda piece: piece.box[1]):
        mates = [g for g in groups if _above_each_other(_joint_box(g), piece.box)]
        if mates:
            mates[-1].append(piece)
        else:
            groups.append([piece])
    cores = [_joint_box(group) for group in groups]
    for piece in pieces.known:
        if piece.height >= _PART * height:
            continue
        gaps = [_gap(core, piece.box) for core in cores]
        if gaps and min(gaps)[0] <= _REACH * height:
            groups[gaps.index(min(gaps))].append(piece)
    return groups


def _above_each_other(one: Box, other: Box) -> bool:
    """Tell whether two pieces share columns and, nearly, rows."""
    columns = min(one[3], other[3]) - max(one[1], other[1])
    rows = min(one[2], other[2]) - max(one[0], other[0])
    narrower = min(one[3] - one[1], other[3] - other[1])
    lower = min(one[2] - one[0], other[2] - other[0])
    return columns >= _OVERLAP * narrower and rows >= -0.2 * lower


def _gap(one: Box, other: Box) -> tuple[float, float]:
    """Return the distance of two boxes, and the less the more columns they share."""
    down = max(one[0] - other[2], other[0] - one[2], 0)
    across = max(one[1] - other[3], other[1] - one[3], 0)
    shared = min(one[3], other[3]) - max(one[1], other[1])
    return float(np.hypot(down, across)), -float(shared)


def _joint_box(group: list[_Piece]) -> Box:
    tops, lefts, bottoms, rights = zip(*(piece.box for piece in group), strict=True)
    return min(tops), min(lefts), max(bottoms), max(rights)


def _parted(
    group: list[_Piece], pieces: _Pieces, small: FloatArray, height: float, judge: Judge | None
) -> list[Mask]:
    """Return the masks (h, w) of the digits in a group: one, or more if they touch."""
    mask: Mask = np.isin(pieces.numbers, [piece.number for piece in group])
    top, left, bottom, right = box = box_of(mask)
    part = mask[top:bottom, left:right]
    masks = []
    for each in split(small[top:bottom, left:right], part, height, judge):
        whole = np.zeros_like(mask)
        whole[box[0] : box[2], box[1] : box[3]] = each
        masks.append(whole)
    return masks


def _lines(boxes: list[Box]) -> list[list[int]]:
    """Sort boxes into lines of writing, which may climb; return their numbers in order."""
    lines: list[list[int]] = []
    for index in sorted(range(len(boxes)), key=lambda k: boxes[k][1]):
        fits = [_shared_rows(boxes[line[-1]], boxes[index]) for line in lines]
        if fits and max(fits) >= _SAME_LINE:
            lines[fits.index(max(fits))].append(index)
        else:
            lines.append([index])
    return sorted(lines, key=lambda line: np.mean([boxes[k][0] + boxes[k][2] for k in line]))


def _shared_rows(one: Box, other: Box) -> float:
    rows = min(one[2], other[2]) - max(one[0], other[0])
    return rows / min(one[2] - one[0], other[2] - other[0])


def _in_picture(box: Box, found: Find, small: FloatArray) -> tuple[int, int, int, int]:
    """Return left, top, right, bottom of a small box in the picture."""
    scale = found.page.ink.shape[1] / small.shape[1] / found.scale
    top, left = found.origin
    corners = (left + box[1] * scale, top + box[0] * scale)
    ends = (left + box[3] * scale, top + box[2] * scale)
    return int(corners[0]), int(corners[1]), int(np.ceil(ends[0])), int(np.ceil(ends[1]))
