"""Which pixels of a mask hang together."""

import numpy as np
from numpy.typing import NDArray

from core.base.arrays import IndexArray


def number_pieces(mask: NDArray[np.bool_]) -> IndexArray:
    """Number the connected pieces of a mask; pixels that touch at a corner are connected.

    Args:
        mask: (H, W) bool.

    Returns:
        (H, W): 0 where the mask is False, else the number of the pixel's piece, from 1.
    """
    rows, starts, ends = _runs(mask)
    names = _joined(rows, starts, ends)
    _, ranks = np.unique(names, return_inverse=True)
    numbers = np.zeros(mask.shape, np.intp)
    # Runs are in the order of the mask's pixels, so each pixel takes its run's number.
    numbers[mask] = np.repeat(ranks + 1, ends - starts)
    return numbers


def _runs(mask: NDArray[np.bool_]) -> tuple[IndexArray, IndexArray, IndexArray]:
    """Return row, first column and column after the last of each run of True, in order."""
    padded = np.pad(mask, ((0, 0), (1, 1))).astype(np.int8)
    steps = np.diff(padded, axis=1)
    rows, starts = np.nonzero(steps == 1)
    _, ends = np.nonzero(steps == -1)
    return rows, starts, ends


def _joined(rows: IndexArray, starts: IndexArray, ends: IndexArray) -> list[int]:
    """Return for each run the lowest run it is connected to.

    Runs of neighbouring rows are walked through side by side and joined where they touch
    (union-find, with paths cut short on the way).
    """
    names = list(range(len(rows)))
    row, start, end = rows.tolist(), starts.tolist(), ends.tolist()

    def find(run: int) -> int:
        while names[run] != run:
            names[run] = names[names[run]]
            run = names[run]
        return run

    upper = 0  # may touch `lower` or a later run
    for lower in range(len(names)):
        while row[upper] < row[lower] - 1 or (
            row[upper] == row[lower] - 1 and end[upper] < start[lower]
        ):
            upper += 1
        above = upper
        while row[above] == row[lower] - 1 and start[above] <= end[lower]:
            first, second = sorted((find(above), find(lower)))
            names[second] = first
            above += 1
    return [find(run) for run in range(len(names))]
