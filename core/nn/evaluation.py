"""How well a network reads a whole set of images."""

from collections.abc import Generator
from dataclasses import dataclass

import numpy as np

from core.base.arrays import ByteArray, FloatArray, LabelArray
from core.base.generators import result_of
from core.nn.loss import Loss
from core.nn.network import Network, Workspace
from core.nn.scaling_folded import Folded

SLICE = 500  # images between two chances to stop: about a millisecond on a small net


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """Loss and accuracy over a set, and the answers.

    Attributes:
        loss: mean over all images, in the loss's unit, without penalties.
        accuracy: share of right answers, 0..1.
        predictions: (N,) uint8, the answer for each image.
    """

    loss: float
    accuracy: float
    predictions: LabelArray


class Evaluator:
    """Arrays for measuring one network."""

    def __init__(self, network: Network, loss: Loss, params: FloatArray) -> None:
        self._loss = loss
        self._folded = Folded(network, params)
        self._spaces: dict[int, Workspace] = {}

    def set_params(self, params: FloatArray) -> None:
        """Measure other weights (P,) from now on."""
        self._folded.update(params)

    def in_slices(self, images: ByteArray, labels: LabelArray) -> Generator[float, None, Measured]:
        """Measure uint8 images (N, D), N at least 1, yielding the share done so far.

        Returns (as the generator's value): what was measured.
        """
        count = len(images)
        predictions = np.empty(count, np.uint8)
        total = 0.0
        for start in range(0, count, SLICE):
            stop = min(start + SLICE, count)
            space = self._workspace(stop - start)
            np.copyto(space.x, images[start:stop])
            logits = space.forward()
            right = labels[start:stop].astype(np.intp)
            total += float(self._loss.values(logits, right).sum(dtype=np.float64))
            predictions[start:stop] = logits.argmax(axis=1)
            yield stop / count
        accuracy = float(np.count_nonzero(predictions == labels)) / count
        return Measured(total / count, accuracy, predictions)

    def measure(self, images: ByteArray, labels: LabelArray) -> Measured:
        """Measure uint8 images (N, H, W) or (N, D) at one go."""
        return result_of(self.in_slices(images.reshape(len(images), -1), labels))

    def _workspace(self, size: int) -> Workspace:
        if size not in self._spaces:
            self._spaces[size] = Workspace(self._folded.network, self._folded.params, size)
        return self._spaces[size]
