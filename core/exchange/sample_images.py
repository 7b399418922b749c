"""Images to try a network on where its own data are not at hand."""

import numpy as np

from core.base.arrays import ByteArray, LabelArray
from core.base.digits import DIGITS
from core.imaging.framing import SHAPE
from core.imaging.synthesis import generate

_COUNT, _SEED = 500, 77  # not a seed of the built-in data


def made_up_images(shape: tuple[int, int], class_count: int) -> tuple[ByteArray, LabelArray]:
    """Return 500 images (N, H, W) uint8 and labels (N,): digits where the network reads some.

    Networks for other sizes or classes get noise, which has no right answer, but shows as
    well whether two of them compute the same.
    """
    if shape == SHAPE and class_count == len(DIGITS):
        return generate(_COUNT, _SEED)
    rng = np.random.default_rng(_SEED)
    images = rng.integers(0, 256, (_COUNT, *shape), np.uint8)
    return images, rng.integers(0, class_count, _COUNT, np.uint8)
