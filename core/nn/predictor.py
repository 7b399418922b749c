"""Reading images with a trained network, in arrays of its own.

A predictor copies the weights it is given, so it can be used in one thread while
another one goes on training.
"""

import numpy as np

from core.base.arrays import ByteArray, FloatArray
from core.base.errors import ShapeError
from core.nn.loss import Loss
from core.nn.network import Network, Workspace
from core.nn.scaling_folded import Folded

_SLICE = 384  # images carried through at a time: they and their activations fit the cache
_MOST_SIZES = 8  # workspaces kept: one image, a grid of them, whole slices, remainders


class Predictor:
    """A network with weights of its own, ready to answer.

    Attributes:
        network: the architecture.
        loss: brings the output function that turns logits into an answer.
        params: (P,) the weights in use; replace them with `set_params`.
    """

    def __init__(self, network: Network, loss: Loss, params: FloatArray) -> None:
        self.network, self.loss = network, loss
        self.params = params.copy()
        self._folded = Folded(network, params)
        self._spaces: dict[int, Workspace] = {}

    def set_params(self, params: FloatArray) -> None:
        """Use other weights (P,) from now on. They are copied."""
        np.copyto(self.params, params)
        self._folded.update(params)

    def logits(self, images: ByteArray) -> FloatArray:
        """Return the logits (N, K) float32 for uint8 images (N, H, W) or (N, D).

        Raises:
            ShapeError: the images do not have the network's number of pixels.
        """
        count = len(images)
        rows = images.reshape(count, -1)
        if rows.shape[1] != self.network.input_size:
            raise ShapeError(
                f"The network reads images of {self.network.input_size} pixels,"
                f" these have {rows.shape[1]}.",
                "Train a network on images of this size.",
            )
        if count <= _SLICE:
            return self._read(rows).copy()
        found = np.empty((count, self.network.class_count), self.params.dtype)
        for start in range(0, count, _SLICE):
            found[start : start + _SLICE] = self._read(rows[start : start + _SLICE])
        return found

    def probabilities(self, images: ByteArray) -> FloatArray:
        """Return the answer (N, K) for uint8 images; each row sums to 1."""
        return self.loss.probabilities(self.logits(images))

    def _read(self, rows: ByteArray) -> FloatArray:
        space = self._spaces.get(len(rows))
        if space is None:
            if len(self._spaces) > _MOST_SIZES:
                self._spaces.clear()
            space = Workspace(self._folded.network, self._folded.params, len(rows))
            self._spaces[len(rows)] = space
        np.copyto(space.x, rows)
        return space.forward()
