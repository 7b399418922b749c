"""An exponential moving average that goes on where it stopped."""

import math

import numpy as np

from core.base.arrays import FloatArray

_FIRST_CAPACITY = 4096
_LONGEST_BLOCK = 512
_LARGEST_EXPONENT = 200.0  # factor**-block stays below e^200, far from float64's e^709


class Smoothed:
    """The moving average of a growing series, corrected for its start.

    The t-th value is the weighted mean of the first t, with weights factor^(t-i). That is
    s_t / (1 - factor^t) with s_t = factor * s_{t-1} + (1 - factor) * x_t. Values that are
    not finite have no weight: the average holds until the next one that is.

    Source: the bias correction of Kingma and Ba 2015, arXiv:1412.6980, section 3.
    """

    def __init__(self, factor: float) -> None:
        self._factor = factor
        self._values = np.empty(_FIRST_CAPACITY, np.float32)
        self.restart()

    def restart(self) -> None:
        """Forget all: the next series has nothing to do with the last one."""
        self._count = 0
        self._sums: FloatArray = np.zeros(2)  # of weighted values, and of the weights alone

    def follow(self, series: FloatArray) -> FloatArray:
        """Take the values added to `series` (n,) since last time; return the average (n,).

        NaN stands where no finite value has come yet.
        """
        if len(series) < self._count:
            self.restart()
        if len(series) > self._count:
            self._extend(series[self._count :].astype(np.float64))
        return self._values[: self._count]

    def _extend(self, new: FloatArray) -> None:
        counted = np.isfinite(new)
        terms = np.stack([np.where(counted, new, 0.0), counted])
        sums = _decayed_sums(terms, self._factor, self._sums)
        end = self._count + len(new)
        if end > len(self._values):
            grown = np.empty(max(end, 2 * len(self._values)), np.float32)
            grown[: self._count] = self._values[: self._count]
            self._values = grown
        mean = np.full(len(new), np.nan)
        np.divide(sums[0], sums[1], out=mean, where=sums[1] > 0)
        self._values[self._count : end] = mean
        self._count, self._sums = end, sums[:, -1].copy()


def _decayed_sums(terms: FloatArray, factor: float, start: FloatArray) -> FloatArray:
    """Return s (k, n) with s_t = factor * s_{t-1} + terms_t and s_0 = start (k,).

    A loop in Python would take 0.1 s for a million values. Within a block the recurrence
    is a plain running sum of terms_t * factor^-t, so the loop runs over blocks only.
    """
    if factor == 0.0:
        return terms
    kinds, count = terms.shape
    block = min(_LONGEST_BLOCK, int(_LARGEST_EXPONENT / -math.log(factor)), count)
    block = max(block, 1)
    rows = -(-count // block)
    padded = np.zeros((kinds, rows * block))
    padded[:, :count] = terms
    decay = factor ** np.arange(block, dtype=np.float64)
    sums = padded.reshape(kinds, rows, block)
    sums /= decay
    np.cumsum(sums, axis=2, out=sums)
    sums *= decay
    carried = np.empty((kinds, rows))
    carry, whole = start, factor**block
    for row in range(rows):
        carried[:, row] = carry
        carry = carry * whole + sums[:, row, -1]
    sums += carried[:, :, None] * (decay * factor)
    return sums.reshape(kinds, -1)[:, :count]
