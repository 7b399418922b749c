"""Digits that touch each other are cut apart where little ink is in the way."""

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from core.base.arrays import ByteArray, FloatArray
from core.imaging.framing import SHAPE
from core.imaging.photos.preprocessing import framed_ink
from core.imaging.photos.segmentation import cut_out

Judge: TypeAlias = Callable[[ByteArray], FloatArray]

_WIDE, _RATHER_WIDE = 1.3, 0.95  # widths to one height: cut without a judge; ask the judge
_NARROWEST = 0.22  # heights; less is not a digit's width, nor a distance between cuts
_USUAL = 0.75  # heights, of a digit and the space beside it
_BRIDGE = 0.3  # of the height: ink in a cut that only joins two digits
_MOST_CUTS = 6  # that are tried at once
_MOST_DIGITS = 5  # that one piece is cut into by a judge
_LOWEST = 0.55  # of the height of the whole piece
_BETTER = 0.15  # by which parts must be read more surely than the whole

Mask = NDArray[np.bool_]


def split(ink: FloatArray, mask: Mask, height: float, judge: Judge | None) -> list[Mask]:
    """Cut a piece of ink into digits, if it is too wide for one.

    Args:
        ink: (h, w) float32, strength of the ink.
        mask: (h, w) bool, where the piece is.
        height: the usual height of a digit, in pixels.
        judge: reads images; see `core.imaging.photos.digit_row.find_digits`.

    Returns:
        bool (h, w) for each digit, from left to right; one if there is no need to cut.
    """
    width = mask.shape[1]
    size = max(height, 0.6 * mask.shape[0])
    if width < (_WIDE if judge is None else _RATHER_WIDE) * size:
        return [mask]
    places = _places(mask, size)
    if not places:
        return [mask]
    if judge is None:
        return _apart(mask, _evenly(mask, places, size))
    return _apart(mask, _judged(ink, mask, places, judge))


def _places(mask: Mask, size: float) -> list[int]:
    """Return columns where a cut goes through little ink, the best first."""
    profile = mask.sum(axis=0).astype(np.float64)
    margin = max(1, round(_NARROWEST * size))
    found: list[int] = []
    for column in np.argsort(profile[margin:-margin], kind="stable") + margin:
        if profile[column] > _BRIDGE * size or len(found) == _MOST_CUTS:
            break
        if all(abs(column - other) >= margin for other in found):
            found.append(_middle_of_valley(profile, int(column)))
    return found


def _middle_of_valley(profile: FloatArray, column: int) -> int:
    first = last = column
    while first > 0 and profile[first - 1] == profile[column]:
        first -= 1
    while last + 1 < len(profile) and profile[last + 1] == profile[column]:
        last += 1
    return (first + last) // 2


def _evenly(mask: Mask, places: Sequence[int], size: float) -> list[int]:
    """Choose the cuts that come next to where digits of usual width would end."""
    width = mask.shape[1]
    count = max(2, round(width / (_USUAL * size)))
    chosen = []
    for number in range(1, count):
        ideal = number * width / count
        near = min(places, key=lambda place: abs(place - ideal))
        if abs(near - ideal) <= 0.5 * width / count:
            chosen.append(near)
    return sorted(set(chosen))


def _judged(ink: FloatArray, mask: Mask, places: Sequence[int], judge: Judge) -> list[int]:
    """Choose the cuts whose parts are read most surely; none if the whole is."""
    ways: list[tuple[int, ...]] = [
        tuple(sorted(cuts))
        for count in range(min(len(places), _MOST_DIGITS - 1) + 1)
        for cuts in combinations(places, count)
    ]
    spans = sorted({span for cuts in ways for span in _spans(cuts, mask.shape[1])})
    images = np.stack([_image(ink, mask, *span) for span in spans])
    sure = dict(zip(spans, judge(images).max(axis=1).tolist(), strict=True))
    for start, stop in spans:
        if np.count_nonzero(mask[:, start:stop].any(axis=1)) < _LOWEST * len(mask):
            sure[start, stop] = 0.0  # a dash, as of a 5, is no digit
    worth = {
        cuts: float(np.mean([sure[span] for span in _spans(cuts, mask.shape[1])]))
        - (_BETTER if cuts else 0.0)
        for cuts in ways
    }
    if mask.shape[1] >= _WIDE * mask.shape[0]:  # one digit is hardly as wide as that
        worth[()] -= 2 * _BETTER
    return list(max(worth.items(), key=lambda way: (way[1], -len(way[0])))[0])


def _spans(cuts: Sequence[int], width: int) -> list[tuple[int, int]]:
    ends = [0, *cuts, width]
    return list(zip(ends[:-1], ends[1:], strict=True))


def _image(ink: FloatArray, mask: Mask, start: int, stop: int) -> ByteArray:
    part = mask.copy()
    part[:, :start] = part[:, stop:] = False
    if not part.any():
        return np.zeros(SHAPE, np.uint8)
    return framed_ink(cut_out(ink * part, part))


def _apart(mask: Mask, cuts: Sequence[int]) -> list[Mask]:
    parts = []
    for start, stop in _spans(cuts, mask.shape[1]):
        part = mask.copy()
        part[:, :start] = part[:, stop:] = False
        if part.any():
            parts.append(part)
    return parts
