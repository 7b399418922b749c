"""Where the same answer lies together on a map. Plain arrays; no widgets."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Region:
    """Neighbouring cells with the same answer.

    Attributes:
        answer: the class.
        size: number of cells.
        middle: row and column of the cell deepest inside, where a name fits best.
    """

    answer: int
    size: int
    middle: tuple[int, int]


def regions(answers: NDArray[np.intp]) -> list[Region]:
    """Return the regions of a map (R, C), the largest first."""
    left = np.ones(answers.shape, bool)
    found = []
    for start in np.ndindex(*answers.shape):
        if left[start]:
            inside = _spread(answers == answers[start], start)
            left &= ~inside
            found.append(Region(int(answers[start]), int(inside.sum()), _deepest(inside)))
    return sorted(found, key=lambda region: -region.size)


def _spread(allowed: NDArray[np.bool_], start: tuple[int, ...]) -> NDArray[np.bool_]:
    """Return the cells that can be reached from `start` by steps to the side."""
    inside = np.zeros_like(allowed)
    inside[start] = True
    while True:
        wider = _grown(inside) & allowed
        if (wider == inside).all():
            return inside
        inside = wider


def _grown(inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    wider = inside.copy()
    wider[1:] |= inside[:-1]
    wider[:-1] |= inside[1:]
    wider[:, 1:] |= inside[:, :-1]
    wider[:, :-1] |= inside[:, 1:]
    return wider


def _deepest(inside: NDArray[np.bool_]) -> tuple[int, int]:
    """Return the cell farthest from the region's edge, the nearest to its mean of these."""
    core = inside
    while True:
        # The map's own edge is no end of the region: names may lie close to it.
        smaller = core & ~_grown(~core)
        if not smaller.any():
            break
        core = smaller
        if core.all():
            break
    places = np.argwhere(core)
    middle = np.argwhere(inside).mean(axis=0)
    row, column = places[np.abs(places - middle).sum(axis=1).argmin()].tolist()
    return row, column
