"""An exponential moving average that goes on where it stopped."""

from itertools import accumulate

import numpy as np

from core.arrays import FloatArray

_FIRST_CAPACITY = 4096


class Smoothed:
    """The moving average of a growing series, corrected for its start.

    s_t = factor * s_{t-1} + (1 - factor) * x_t, shown as s_t / (1 - factor^t): without the
    division the first values would hang at 0.

    Source: the bias correction of Kingma and Ba 2015, arXiv:1412.6980, section 3.
    """

    def __init__(self, factor: float) -> None:
        self._factor = factor
        self._values = np.empty(_FIRST_CAPACITY, np.float32)
        self._count = 0
        self._last = 0.0

    def follow(self, series: FloatArray) -> FloatArray:
        """Take the values added to `series` (n,) since last time; return the average (n,)."""
        if len(series) < self._count:
            self._count, self._last = 0, 0.0
        if len(series) > self._count:
            self._extend(series[self._count :])
        return self._values[: self._count]

    def _extend(self, new: FloatArray) -> None:
        factor, rest = self._factor, 1 - self._factor
        # A plain loop over floats: 0.1 us a value, and only the new ones each frame.
        sums = list(
            accumulate(new.tolist(), lambda s, x: factor * s + rest * x, initial=self._last)
        )[1:]
        end = self._count + len(new)
        if end > len(self._values):
            grown = np.empty(max(end, 2 * len(self._values)), np.float32)
            grown[: self._count] = self._values[: self._count]
            self._values = grown
        steps = np.arange(self._count + 1, end + 1)
        self._values[self._count : end] = np.array(sums) / (1 - factor**steps)
        self._count, self._last = end, sums[-1]
