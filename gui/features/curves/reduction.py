"""Long series cut down to what a plot can show, without losing a peak."""

import numpy as np

from core.base.arrays import FloatArray, IndexArray

MOST_BUCKETS = 500  # of two points each: more than a plot has pixels to tell apart
_BLOCK = 32  # values; a power of two


def bucket_size(count: int) -> int:
    """Return how many of `count` values are drawn as one bucket, at most 500 buckets.

    A power of two: buckets keep their places while the series grows.
    """
    size = 1
    while count > size * MOST_BUCKETS:
        size *= 2
    return size


class Extremes:
    """Lowest and highest values of a growing series, without looking at all of it each time.

    Every full block of 32 values is looked at once and remembered, so that a frame costs
    the same whether the series has a thousand values or a million. NaN and infinite values
    are left out.
    """

    def __init__(self) -> None:
        self._ends = np.empty((2, 64), np.float32)  # lowest, highest of each block
        self._blocks = 0

    def restart(self) -> None:
        """Forget all: the next series has nothing to do with the last one."""
        self._blocks = 0

    def points(
        self, series: FloatArray, start: int, stop: int, bucket: int
    ) -> tuple[FloatArray, FloatArray]:
        """Return series[start:stop] as one zigzag line, two points a bucket.

        Args:
            series: (n,) the whole series; it may only have grown since the last call.
            start: a multiple of `bucket`.
            stop: at most n.
            bucket: values drawn as one, a power of two.

        Returns:
            x, counted from 1, and y. Where a bucket may hold more than one value, both its
            extremes stand in its middle; they are NaN if none of its values is finite.
        """
        if bucket == 1:
            values = series[start:stop]
            return np.arange(start + 1, stop + 1, dtype=np.float64), _finite_or_nan(values)
        low, high = self._levels(series, start, stop, bucket)
        y = np.stack([low, high], axis=1).reshape(-1)
        edges = np.append(np.arange(start, stop, bucket, dtype=np.float64), stop)
        return np.repeat((edges[:-1] + edges[1:] + 1) / 2, 2), y

    def _levels(
        self, series: FloatArray, start: int, stop: int, bucket: int
    ) -> tuple[FloatArray, FloatArray]:
        if bucket < _BLOCK:
            values = _finite_or_nan(series[start:stop])
            return _reduced(values, values, bucket)
        self._follow(series)
        first, last = start // _BLOCK, min(stop // _BLOCK, self._blocks)
        rest = _finite_or_nan(series[last * _BLOCK : stop])
        low, high = self._ends[:, first:last]
        if len(rest):
            low = np.append(low, np.fmin.reduce(rest))
            high = np.append(high, np.fmax.reduce(rest))
        return _reduced(low, high, bucket // _BLOCK)

    def _follow(self, series: FloatArray) -> None:
        full = len(series) // _BLOCK
        if full < self._blocks:
            self._blocks = 0
        if full > self._ends.shape[1]:
            grown = np.empty((2, 2 * full), np.float32)
            grown[:, : self._blocks] = self._ends[:, : self._blocks]
            self._ends = grown
        if full > self._blocks:
            new = _finite_or_nan(series[self._blocks * _BLOCK : full * _BLOCK])
            rows = new.reshape(-1, _BLOCK)
            self._ends[0, self._blocks : full] = np.fmin.reduce(rows, axis=1)
            self._ends[1, self._blocks : full] = np.fmax.reduce(rows, axis=1)
            self._blocks = full


def extreme_indices(values: FloatArray, most: int) -> IndexArray:
    """Return indices, in order, of at most `most` + 2 values: ends and extremes of buckets.

    Args:
        values: (n,); NaN is never an extreme.
        most: an even number, at least 2.
    """
    count = len(values)
    if count <= most:
        return np.arange(count)
    bucket = -(-2 * count // most)
    padded = np.full(-(-count // bucket) * bucket, np.nan)
    padded[:count] = values
    rows = padded.reshape(-1, bucket)
    base = np.arange(len(rows)) * bucket
    lowest = base + np.where(np.isnan(rows), np.inf, rows).argmin(axis=1)
    highest = base + np.where(np.isnan(rows), -np.inf, rows).argmax(axis=1)
    return np.unique(np.concatenate([lowest, highest, [0, count - 1]]))


def _finite_or_nan(values: FloatArray) -> FloatArray:
    finite = np.isfinite(values)
    return values if finite.all() else np.where(finite, values, np.nan)


def _reduced(low: FloatArray, high: FloatArray, bucket: int) -> tuple[FloatArray, FloatArray]:
    edges = np.arange(0, len(low), bucket)
    return np.fmin.reduceat(low, edges), np.fmax.reduceat(high, edges)
