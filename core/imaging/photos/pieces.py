"""Which pixels of a mask hang together."""

import numpy as np
from numpy.typing import NDArray

from core.base.arrays import IndexArray

_AROUND = np.ones((3, 3), np.bool_)  # pixels that touch at a corner are connected, too


def number_pieces(mask: NDArray[np.bool_]) -> IndexArray:
    """Number the connected pieces of a mask; pixels that touch at a corner are connected.

    Args:
        mask: (H, W) bool.

    Returns:
        (H, W): 0 where the mask is False, else the number of the pixel's piece, from 1, in
        the order of their first pixels.
    """
    from scipy.ndimage import label  # noqa: PLC0415 - a quarter of a second to import

    numbers = np.empty(mask.shape, np.intp)
    label(mask, _AROUND, output=numbers)
    return numbers
