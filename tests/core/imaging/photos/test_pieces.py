"""Connected pieces, against a search that is slow and plain."""

import numpy as np
from hypothesis import given
from hypothesis.extra import numpy as hnp

from core.imaging.photos.pieces import number_pieces

_MASKS = hnp.arrays(bool, hnp.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=12))


def flood(mask):
    """Number the pieces one pixel at a time."""
    numbers = np.zeros(mask.shape, int)
    for seed in zip(*np.nonzero(mask), strict=True):
        if numbers[seed]:
            continue
        number, waiting = numbers.max() + 1, [seed]
        while waiting:
            row, column = waiting.pop()
            numbers[row, column] = number
            for r in range(max(0, row - 1), min(mask.shape[0], row + 2)):
                for c in range(max(0, column - 1), min(mask.shape[1], column + 2)):
                    if mask[r, c] and not numbers[r, c]:
                        waiting.append((r, c))
                        numbers[r, c] = number
    return numbers


@given(mask=_MASKS)
def test_pieces_are_those_a_flood_finds(mask):
    np.testing.assert_array_equal(number_pieces(mask), flood(mask))


def test_a_spiral_is_one_piece():
    mask = np.zeros((9, 9), bool)
    mask[0], mask[:, 8], mask[8], mask[2:, 0], mask[2, :7], mask[2:7, 6], mask[6, 2:7] = (True,) * 7
    numbers = number_pieces(mask)
    assert numbers.max() == 1
    assert ((numbers == 1) == mask).all()
