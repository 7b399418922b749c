"""Where a digit sits in its picture: the frame that MNIST gave its images.

A digit fills a box of 20 x 20 pixels with its longer side; then it is moved by whole
pixels until its centre of mass lies at pixel 14 of 28, in both directions. Generated,
drawn and photographed digits all go through here, so a network sees them alike: the exact
frame is worth 11 points of accuracy.

Source: LeCun, Cortes and Burges, "The MNIST database of handwritten digits"; that the
centre is pixel 14 (not 13.5) was measured on its images.
"""

import numpy as np

from core.base.arrays import ByteArray, FloatArray, IndexArray

SIDE = 28  # pixels along an edge of the picture
SHAPE = (SIDE, SIDE)
BOX = 20  # pixels along the longer side of the ink
CENTRE = 14  # pixel, counted from 0, where the centre of mass comes to lie
MARGIN = (SIDE - BOX) // 2  # pixels; no shift is larger, or ink would leave the picture

# A symmetric digit lies exactly between two shifts; without this, rounding errors chose.
_TIE = np.float32(1e-3)  # pixels
_PIXELS = np.arange(SIDE, dtype=np.float32) - CENTRE


def centred(ink: FloatArray) -> ByteArray:
    """Move each digit so that its centre of mass lies within half a pixel of pixel 14.

    Args:
        ink: (N, 28, 28) float32 from 0 (paper) to 1 (ink), the ink's box in the middle.

    Returns:
        (N, 28, 28) uint8 from 0 (paper) to 255 (ink). A picture without ink stays so.
    """
    rows, columns = _shift(ink.sum(axis=2)), _shift(ink.sum(axis=1))
    page = np.zeros((len(ink), SIDE + 2 * MARGIN, SIDE + 2 * MARGIN), np.uint8)
    page[:, MARGIN : MARGIN + SIDE, MARGIN : MARGIN + SIDE] = ink * np.float32(255)
    windows = np.lib.stride_tricks.sliding_window_view(page, (SIDE, SIDE), axis=(1, 2))
    moved: ByteArray = windows[np.arange(len(ink)), MARGIN + rows, MARGIN + columns]
    return moved


def _shift(profile: FloatArray) -> IndexArray:
    """Return by how many pixels (N,) the centre of mass of `profile` (N, 28) is off."""
    total = np.maximum(profile.sum(axis=1), np.float32(1e-12))
    offset = (profile @ _PIXELS) / total
    shift: IndexArray = np.rint(offset + _TIE).clip(-MARGIN, MARGIN).astype(np.intp)
    return shift
