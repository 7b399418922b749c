"""Images of digits become large shapes of ink, as they are or drawn anew with another pen."""

import numpy as np
from PIL import Image
from scipy import ndimage

from core.imaging.photos.preprocessing import frame
from core.imaging.synthesis import generate

_FINE = 196  # pixels, the side of the square in which a digit's shape is made


def shape_of(digit, pen=None):
    """Return a digit (28, 28) uint8 as a large cut-out of smooth ink 0..1, drawn anew."""
    large = Image.fromarray(digit).resize((_FINE, _FINE), Image.Resampling.BICUBIC)
    ink = ndimage.gaussian_filter(np.asarray(large, np.float32) / 255, _FINE / 70)
    if pen is None:
        return _trimmed(((ink - 0.45) / 0.1 + 0.5).clip(0, 1))
    line = middle_line(ink > 0.42)
    far = ndimage.gaussian_filter(ndimage.distance_transform_edt(~line), 1.5)
    side = max(np.ptp(np.nonzero(line), axis=1) + 1)
    radius = pen * side / 2 / max(1 - pen, 0.3)
    return _trimmed((radius - far + 0.5).clip(0, 1).astype(np.float32))


def clear_digits(count):
    """Return generated digits (count, 28, 28) whose faint strokes are not lost in a shape.

    Their strokes hang together, too, so that none is taken for two digits.
    """
    digits, _ = generate(6 * count, 21)
    chosen = [digit for digit in digits if _is_clear(digit)]
    return np.stack(chosen[:count])


def _is_clear(digit):
    shape = shape_of(digit)
    likeness = np.corrcoef(frame(shape).ravel(), digit.ravel())[0, 1]
    return likeness > 0.93 and ndimage.label(shape > 0.3)[1] == 1


def middle_line(mask):
    """Thin a mask to lines one pixel wide. Source: Zhang and Suen 1984, CACM 27:236."""
    mask = np.pad(mask, 1).astype(np.uint8)
    removed = True
    while removed:
        removed = False
        for turn in (0, 1):
            n = [np.roll(mask, (-dy, -dx), (0, 1)) for dy, dx in _AROUND]
            count = sum(n)
            steps = sum((a == 0) & (b == 1) for a, b in zip(n, n[1:] + n[:1], strict=True))
            up, right, down, left = n[0], n[2], n[4], n[6]
            if turn == 0:
                free = (up * right * down == 0) & (right * down * left == 0)
            else:
                free = (up * right * left == 0) & (up * down * left == 0)
            gone = (mask == 1) & (count >= 2) & (count <= 6) & (steps == 1) & free
            removed |= bool(gone.any())
            mask[gone] = 0
    return mask[1:-1, 1:-1] > 0


_AROUND = ((-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1))


def _trimmed(ink):
    rows, columns = np.nonzero(ink > 0.5)
    if not len(rows):
        return ink
    return ink[
        max(rows.min() - 2, 0) : rows.max() + 3, max(columns.min() - 2, 0) : columns.max() + 3
    ]
