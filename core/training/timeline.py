"""The course of a network's weights: moments along a training, to be looked at again.

A moment holds the weights exactly as they were, and nothing else: the optimizer's memory
would take up to twice their room again, so a network that is trained on from a moment
(`core.training.rewind`) begins with an empty one.

However long a training is, its time line stays within a number of moments and of bytes.
What is taken out first are moments whose neighbours are close in the logarithm of the
iteration, for a network changes most at first; the first of each epoch stay longer.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.base.arrays import FloatArray

MOST_MOMENTS = 200
MOST_BYTES = 64 << 20
MOST_MOMENTS_IN_FILE = 32
MOST_BYTES_IN_FILE = 16 << 20

_MOST_READ = 1_000  # moments of a file, however small
_FEW, _MORE_BYTES = 12, 256 << 20  # large networks: so many moments, if they fit this
# An epoch's first moment stays as if it were so much farther from its neighbours: nearly
# always, as long as such moments are no more than half of all.
_EPOCH_WORTH, _MANY_EPOCHS_WORTH = 1000.0, 4.0
_ZERO = 10  # iterations: log(step + _ZERO), so that the first few do not fill the line


@dataclass(frozen=True, slots=True, eq=False)
class Moment:
    """The weights after `step` iterations. Nobody changes them."""

    step: int
    params: FloatArray  # (P,) float32


class Timeline:
    """Moments in the order of their iterations, thinned so that they stay within bounds.

    Attributes:
        steps_per_epoch: iterations in an epoch, 0 if unknown: epochs are favoured then.
    """

    def __init__(
        self,
        moments: Iterable[Moment] = (),
        steps_per_epoch: int = 0,
        most: int = MOST_MOMENTS,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self.steps_per_epoch = steps_per_epoch
        self._most, self._most_bytes = most, most_bytes
        self._moments: list[Moment] = []
        for moment in moments:
            self.add(moment)

    @property
    def moments(self) -> tuple[Moment, ...]:
        """All moments, the oldest first."""
        return tuple(self._moments)

    @property
    def size(self) -> int:
        """Bytes of all weights."""
        return sum(moment.params.nbytes for moment in self._moments)

    def __len__(self) -> int:
        return len(self._moments)

    def add(self, moment: Moment, pinned: Moment | None = None) -> None:
        """Put a moment at the end; those at or after its iteration are forgotten.

        Args:
            moment: its weights must never change from now on.
            pinned: one that must stay, for somebody is looking at it.
        """
        self.truncate(moment.step - 1)
        self._moments.append(moment)
        self.thin(most_moments(moment.params.nbytes, self._most, self._most_bytes), pinned)

    def truncate(self, step: int) -> None:
        """Forget all moments after iteration `step`."""
        while self._moments and self._moments[-1].step > step:
            self._moments.pop()

    def thin(self, most: int, pinned: Moment | None = None) -> None:
        """Take moments out until at most `most` are left; first and last go at last."""
        while len(self._moments) > max(most, 0):
            del self._moments[self._least(pinned)]

    def nearest(self, step: int) -> Moment | None:
        """Return the moment closest to an iteration; None if there is none at all."""
        return min(self._moments, key=lambda moment: abs(moment.step - step), default=None)

    def _least(self, pinned: Moment | None) -> int:
        """Return the index of the moment that is missed least."""
        if len(self._moments) < 3:
            return 0
        steps = np.array([moment.step for moment in self._moments])
        place = np.log(steps + _ZERO)
        gaps = place[2:] - place[:-2]
        if self.steps_per_epoch:
            epochs = steps // self.steps_per_epoch
            first = epochs[1:-1] != epochs[:-2]
            many = first.sum() > len(steps) / 2
            gaps = gaps * np.where(first, _MANY_EPOCHS_WORTH if many else _EPOCH_WORTH, 1.0)
        if pinned is not None:
            held = [moment is pinned for moment in self._moments[1:-1]]
            gaps = np.where(held, math.inf, gaps)
        return 1 + int(gaps.argmin())


def most_moments(moment_bytes: int, most: int = MOST_MOMENTS, most_bytes: int = MOST_BYTES) -> int:
    """Return how many moments of this size a time line holds.

    Within `most_bytes`; large networks get a few moments beyond it, up to 256 MB.
    """
    size = max(moment_bytes, 1)
    few = min(_FEW, most) if most_bytes >= MOST_BYTES else 0
    return min(most, max(most_bytes // size, min(few, _MORE_BYTES // size)))


# In a file ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class PackedMoments:
    """A time line as two plain arrays.

    Attributes:
        steps: (M,) int64, rising.
        params: (M, P) float32, the weights of each.
    """

    steps: NDArray[np.int64]
    params: FloatArray


def pack(
    moments: Sequence[Moment],
    steps_per_epoch: int = 0,
    most: int = MOST_MOMENTS_IN_FILE,
    most_bytes: int = MOST_BYTES_IN_FILE,
) -> PackedMoments | None:
    """Return moments as arrays within the limits of a file; None if there are none."""
    if not moments:
        return None
    line = Timeline(steps_per_epoch=steps_per_epoch)
    line._moments = list(moments)  # at once: adding one by one would thin them otherwise
    line.thin(most_moments(moments[0].params.nbytes, most, most_bytes))
    if not line.moments:
        return None
    return PackedMoments(
        np.array([moment.step for moment in line.moments], np.int64),
        np.stack([moment.params for moment in line.moments]).astype(np.float32, copy=False),
    )


def unpack(packed: PackedMoments, param_count: int, last_step: int) -> tuple[Moment, ...]:
    """Return the moments that a file holds.

    Args:
        packed: arrays of any shape and content: they may come from a stranger.
        param_count: P of the network.
        last_step: the iteration at which the file's network is.

    Raises:
        ValueError: they are no time line of this network.
    """
    steps, params = packed.steps, packed.params
    if steps.ndim != 1 or params.shape != (len(steps), param_count):
        raise ValueError("a time line of the wrong shape")
    if len(steps) > _MOST_READ:
        raise ValueError("a time line of too many moments")
    if steps.dtype.kind not in "iu" or params.dtype != np.float32:
        raise ValueError("a time line of the wrong kind")
    if len(steps) and (steps[0] < 0 or steps[-1] > last_step or (np.diff(steps) <= 0).any()):
        raise ValueError("a time line out of order")
    if not np.isfinite(params).all():
        raise ValueError("a time line that is not made of finite numbers")
    return tuple(Moment(int(step), row.copy()) for step, row in zip(steps, params, strict=True))
