"""Ruled and squared paper: its lines are found, and taken out from under the ink.

A printed line is straight, thin, and crosses the whole paper; no stroke of a digit is all
that. So the picture is cut into strips across the lines, ridges are looked for in each,
and a line is where nearly all strips have one, along some slope (a Hough transform).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.base.arrays import FloatArray, IndexArray

_LEAST_SIDE = 96  # pixels; in smaller pictures a line is as wide as a stroke
_STRIPS = 48  # that a picture is cut into, across the lines
_REACHES = (64, 24)  # a line is thinner than the picture's side by more than this
_STEEPEST = 0.2  # rows per column
_SLOPE_STEP = 2.0  # pixels that the ends of neighbouring slopes are apart
_ROUGH = 4  # slopes and rows that are looked at together at first
_FAN = 0.1  # by which slopes of lines on one page differ, seen at an angle
_COVERAGE = 0.68  # of the strips that a line is seen in
_INSIDE = 0.6  # of the strips in which a line is within the picture
_LEAST_RIDGE = 0.02  # darkness; fainter lines do no harm
_LEAST_SIGNAL = 3.0  # times the usual size of ridges; others are grain
_FOOT = 0.2  # of a line's darkness, where it is taken to end
_DARKER = 1.6  # times the line's darkness, where it is not the line alone
_LEANS = np.array([0.0, -0.7, 0.7, -1.5, 1.5])  # columns per row of strokes that cross


@dataclass(frozen=True, slots=True, eq=False)
class RuledLine:
    """A line across the picture.

    Attributes:
        path: (W,) float, the row it has in each column; may leave the picture.
        reach: rows on either side that are dark because of it.
        strength: its darkness in the middle.
    """

    path: FloatArray
    reach: int
    strength: float


def without_lines(ink: FloatArray) -> tuple[FloatArray, int]:
    """Take the lines of ruled or squared paper away.

    Strokes that cross a line are joined over the gap.

    Args:
        ink: (H, W) float32, 0 paper, the darker the larger.

    Returns:
        The same without lines, and how many there were.
    """
    if min(ink.shape) < _LEAST_SIDE:
        return ink, 0
    across = find_lines(ink)
    for line in across:
        ink = _erased(ink, line)
    turned = np.ascontiguousarray(ink.T)
    down = find_lines(turned)
    for line in down:
        turned = _erased(turned, line)
    return np.ascontiguousarray(turned.T), len(across) + len(down)


def find_lines(ink: FloatArray) -> list[RuledLine]:
    """Find lines that go from left to right through a picture (H, W), from the top down."""
    for thinner in _REACHES:
        lines = _lines(ink, max(3, min(ink.shape) // thinner))
        if lines:
            return lines
    return []


def _lines(ink: FloatArray, reach: int) -> list[RuledLine]:
    """Find lines that are thinner than `reach` rows."""
    strips = np.linspace(0, ink.shape[1], _STRIPS + 1).astype(np.intp)
    darkness = np.add.reduceat(ink, strips[:-1], axis=1) / np.diff(strips)
    ridges = _ridges(darkness, reach)
    seen = ridges > max(_LEAST_RIDGE, _LEAST_SIGNAL * float(np.median(np.abs(ridges))) / 0.67)
    slopes, scores = _scores(seen, ink.shape[1])
    places = (strips[:-1] + strips[1:] - 1) / 2
    lines = []
    for slope, row in _peaks(slopes, scores, reach):
        path = _path(ridges, places, slope * (places - ink.shape[1] / 2) + row)
        line = _measured(ink, np.polyval(path, np.arange(ink.shape[1])), reach)
        if line is not None:
            lines.append(line)
    return lines


def _ridges(darkness: FloatArray, reach: int) -> FloatArray:
    """Return by how much each row of each strip (H, S) is darker than those `reach` away."""
    page = np.pad(darkness, ((reach, reach), (0, 0)), mode="edge")
    both: FloatArray = np.maximum(page[: -2 * reach], page[2 * reach :])
    return darkness - both


def _scores(seen: NDArray[np.bool_], width: int) -> tuple[FloatArray, FloatArray]:
    """Return slopes (K,) and the share of strips with a ridge along each line (K, H).

    Lines are numbered by the row they have in the picture's middle. A rough search comes
    first; slopes and rows that have no line there are not looked at again.
    """
    half = np.arange(0, _STEEPEST, _SLOPE_STEP / width)
    slopes = np.concatenate([-half[:0:-1], half])
    scores = np.zeros((len(slopes), len(seen)), np.float32)
    rows = np.arange(0, len(seen), _ROUGH)
    rough = slopes[_ROUGH // 2 :: _ROUGH]
    found = _shares(_spread(seen, _ROUGH), width, rough, rows) >= _COVERAGE
    near = _spread(seen, 1)
    for number in np.flatnonzero(found.any(axis=1)):
        some = np.flatnonzero(_spread(np.repeat(found[number], _ROUGH)[:, None], _ROUGH))
        some = some[some < len(seen)]
        first = int(number) * _ROUGH
        for each in range(first, min(first + _ROUGH, len(slopes))):
            scores[each, some] = _shares(near, width, slopes[each : each + 1], some)[0]
    return slopes, scores


def _spread(seen: NDArray[np.bool_], reach: int) -> NDArray[np.bool_]:
    """Return (H, S) True where there is one up to `reach` rows above or below."""
    wide = seen.copy()
    for shift in range(1, reach + 1):
        wide[shift:] |= seen[:-shift]
        wide[:-shift] |= seen[shift:]
    return wide


def _shares(
    seen: NDArray[np.bool_], width: int, slopes: FloatArray, rows: IndexArray
) -> FloatArray:
    """Return the share of strips seen (K, R) along lines of these slopes (K,) and rows (R,)."""
    height, count = seen.shape
    offsets = ((np.arange(count) + 0.5) / count - 0.5) * width
    margin = round(_STEEPEST * width / 2) + 2
    # 1 is no ridge, 2 is one, 0 is beyond the picture.
    page = np.pad(seen.astype(np.uint8) + np.uint8(1), ((margin, margin), (0, 0))).reshape(-1)
    columns = np.arange(count)
    shares = np.empty((len(slopes), len(rows)), np.float32)
    for number, slope in enumerate(slopes):
        steps = (np.rint(slope * offsets).astype(np.intp) + margin) * count + columns
        values = page[(rows * count)[:, None] + steps]
        hits = np.count_nonzero(values == 2, axis=1)
        there = np.count_nonzero(values, axis=1)
        shares[number] = np.where(there >= _INSIDE * count, hits / np.maximum(there, 1), 0)
    return shares


def _peaks(slopes: FloatArray, scores: FloatArray, reach: int) -> list[tuple[float, int]]:
    """Return slope and middle row of the lines: the best of each neighbourhood."""
    strength = (scores - _COVERAGE).clip(0, None).sum(axis=1)
    if not strength.any():
        return []
    main = slopes[int(strength.argmax())]
    chosen = np.flatnonzero(np.abs(slopes - main) <= _FAN)
    best = scores[chosen]
    rows: FloatArray = best.max(axis=0)
    found: list[tuple[float, int]] = []
    while rows.max() >= _COVERAGE:
        row = _middle_of_best(rows)
        found.append((float(slopes[chosen[int(best[:, row].argmax())]]), row))
        rows[max(0, row - reach) : row + reach + 1] = 0
    return sorted(found, key=lambda pair: pair[1])


def _middle_of_best(rows: FloatArray) -> int:
    first = int(rows.argmax())
    last = first
    while last + 1 < len(rows) and rows[last + 1] == rows[first]:
        last += 1
    return (first + last) // 2


def _path(ridges: FloatArray, places: FloatArray, rows: FloatArray) -> FloatArray:
    """Follow a line near `rows` through the strips; return a parabola's coefficients (3,)."""
    height, count = ridges.shape
    window = np.arange(-3, 4)[:, None] + np.rint(rows).astype(np.intp)
    valid = (window >= 0) & (window < height)
    values = np.where(valid, ridges[window.clip(0, height - 1), np.arange(count)], -1)
    values = values.clip(0, np.median(values.max(axis=0)).clip(1e-6))  # strokes count no more
    weights = values.sum(axis=0)
    found = (values * window).sum(axis=0) / np.maximum(weights, 1e-9)
    chosen = weights > 0.5 * np.median(weights)
    coefficients: FloatArray = np.array([0.0, *np.polyfit(places, rows, 1)])
    for _ in range(3):
        if np.count_nonzero(chosen) < 6:
            break
        coefficients = np.polyfit(places[chosen], found[chosen], 2)
        off = np.abs(np.polyval(coefficients, places) - found)
        chosen = (weights > 0) & (off <= max(1.0, 2 * float(np.median(off[chosen]))))
    return coefficients


def _measured(ink: FloatArray, path: FloatArray, reach: int) -> RuledLine | None:
    """Measure how thick a line is; None if nothing is there after all."""
    offsets = np.arange(-2 * reach, 2 * reach + 1)
    values = _sampled(ink, path + offsets[:, None], np.arange(ink.shape[1]))
    profile = np.median(values, axis=1)
    floor = float(min(profile[: reach + 1].min(), profile[-reach - 1 :].min()))
    peak = float(profile[reach : 3 * reach + 1].max())
    if peak - floor < _LEAST_RIDGE / 2:
        return None
    dark = profile > floor + _FOOT * (peak - floor)
    half = 0
    while half < reach and (dark[2 * reach - half - 1] or dark[2 * reach + half + 1]):
        half += 1
    return RuledLine(path, half + 1, peak)


def _sampled(ink: FloatArray, rows: FloatArray, columns: IndexArray | FloatArray) -> FloatArray:
    """Return the ink at the nearest pixels; at the edge beyond it."""
    height, width = ink.shape
    y = np.rint(rows).astype(np.intp).clip(0, height - 1)
    x = np.rint(columns).astype(np.intp).clip(0, width - 1)
    values: FloatArray = ink[y, x]
    return values


def _erased(ink: FloatArray, line: RuledLine) -> FloatArray:
    """Replace a line by what leads over it: ink that goes on on the other side."""
    height, width = ink.shape
    beyond = line.reach + 1
    offsets = np.arange(-line.reach, line.reach + 1)[:, None, None]
    columns = np.arange(width)[:, None]
    path = line.path[:, None]
    above = _sampled(ink, path - beyond, columns - _LEANS * (offsets + beyond))
    below = _sampled(ink, path + beyond, columns + _LEANS * (beyond - offsets))
    bridge = np.minimum(above, below).max(axis=2)
    rows = np.rint(line.path).astype(np.intp) + offsets[:, :, 0]
    there = (rows >= 0) & (rows < height)
    spots = rows[there], np.broadcast_to(np.arange(width), rows.shape)[there]
    clean = ink.copy()
    before, after = clean[spots], bridge[there]
    darker = before > _DARKER * line.strength  # a stroke that runs along the line
    clean[spots] = np.where(darker, before, np.minimum(before, after))
    return clean
