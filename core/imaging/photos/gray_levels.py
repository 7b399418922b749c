"""Small sums over gray values that all parts of reading a picture share."""

import numpy as np
from PIL import Image

from core.base.arrays import FloatArray

_DARKEST = 12  # pixels whose least dark says how dark ink is; fewer may be dirt


def ink_level(strength: FloatArray) -> float:
    """Return how strong ink is: a value that only some of its strongest pixels exceed."""
    rank = min(_DARKEST, strength.size)
    return max(float(np.partition(strength, -rank, axis=None)[-rank]), 1e-6)


def resized(gray: FloatArray, scale: float) -> FloatArray:
    """Return (H, W) float32 in another size: means of areas, or smoothly enlarged."""
    height, width = (max(1, round(side * scale)) for side in gray.shape)
    if (height, width) == gray.shape:
        return gray
    how = Image.Resampling.BOX if scale < 1 else Image.Resampling.BICUBIC
    return np.asarray(Image.fromarray(gray.astype(np.float32)).resize((width, height), how))


def otsu(values: FloatArray) -> float:
    """Return the threshold that parts values (0..1) best in two, but none extreme.

    Source: Otsu 1979, IEEE Transactions on Systems, Man, and Cybernetics 9:62.
    """
    counts, edges = np.histogram(values.clip(0, 1), bins=128, range=(0, 1))
    middles = (edges[1:] + edges[:-1]) / 2
    below = np.cumsum(counts)[:-1]
    above = values.size - below
    sums = np.cumsum(counts * middles)
    valid = (below > 0) & (above > 0)
    below, above, partial = below[valid], above[valid], sums[:-1][valid]
    if not below.size:
        return 0.5
    spread = below * above * (partial / below - (sums[-1] - partial) / above) ** 2
    best = float(middles[:-1][valid][int(spread.argmax())])
    return min(max(best, 0.15), 0.7)
