"""How far an axis reaches: it grows in steps, so that most frames leave it alone."""

import math

import numpy as np

from core.base.arrays import FloatArray

FIRST_STEPS = 50  # iterations shown at first
LOG_FLOOR = 1e-6  # smaller values, 0 among them, are drawn as this on a logarithmic axis
_GROWTH = 1.5
_ROOM = 0.02  # of a decade, above the highest and below the lowest value
_SIZES = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)


def x_end(count: int, total: int) -> float:
    """Return the last iteration to show when `count` of `total` have been done."""
    wanted = max(FIRST_STEPS, count * _GROWTH)
    return float(min(wanted, total) if total >= count > 0 else wanted)


def round_up(value: float) -> float:
    """Return the next of 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8 times a power of ten; 1 for none."""
    if not math.isfinite(value) or value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return next((size * power for size in _SIZES if value <= size * power), 10 * power)


def linear_span(values: FloatArray) -> tuple[float, float]:
    """Return floor and top of a plain axis that shows `values`, which are not negative."""
    finite = values[np.isfinite(values)]
    return 0.0, round_up(float(finite.max())) if len(finite) else 1.0


def log_span(values: FloatArray) -> tuple[float, float]:
    """Return floor and top, whole powers of ten, for `values` already as log10.

    What lies on the floor of all (a loss of 0) does not count: it would take the height
    that the curve needs.
    """
    shown = values[np.isfinite(values) & (values > math.log10(LOG_FLOOR))]
    if not len(shown):
        return -1.0, 0.0
    low, high = float(shown.min()), float(shown.max())
    return float(math.floor(low - _ROOM)), float(math.ceil(high + _ROOM))


def as_log(values: FloatArray) -> FloatArray:
    """Return log10 of `values`, not below that of the floor; NaN stays NaN."""
    logs: FloatArray = np.log10(np.maximum(values, LOG_FLOOR))
    return logs
