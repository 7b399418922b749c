"""Reading images with a trained network, in arrays of its own.

A predictor copies the weights it is given, so it can be used in one thread while
another one goes on training.
"""

import numpy as np

from core.arrays import ByteArray, FloatArray
from core.errors import ShapeError
from core.loss import Loss
from core.network import Network, Workspace

PIXEL_SCALE = np.float32(1 / 255)  # networks see ink as 0..1
_SLICE = 500  # images carried through at a time: the activations stay in the cache


def load_pixels(images: ByteArray, x: FloatArray) -> None:
    """Write uint8 images (N, D), 0..255, into a network's input (N, D), 0..1."""
    np.multiply(images, x.dtype.type(PIXEL_SCALE), out=x)


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
        self._spaces: dict[int, Workspace] = {}

    def set_params(self, params: FloatArray) -> None:
        """Use other weights (P,) from now on. They are copied."""
        np.copyto(self.params, params)

    def logits(self, images: ByteArray) -> FloatArray:
        """Return the logits (N, K) float32 for uint8 images (N, H, W) or (N, D).

        Raises:
            ShapeError: the images do not have the network's number of pixels.
        """
        rows = images.reshape(len(images), -1)
        if rows.shape[1] != self.network.input_size:
            raise ShapeError(
                f"The network reads images of {self.network.input_size} pixels,"
                f" these have {rows.shape[1]}.",
                "Train a network on images of this size.",
            )
        found = np.empty((len(rows), self.network.class_count), self.params.dtype)
        for start in range(0, len(rows), _SLICE):
            part = rows[start : start + _SLICE]
            space = self._workspace(len(part))
            load_pixels(part, space.x)
            found[start : start + len(part)] = space.forward()
        return found

    def probabilities(self, images: ByteArray) -> FloatArray:
        """Return the answer (N, K) for uint8 images; each row sums to 1."""
        return self.loss.probabilities(self.logits(images))

    def _workspace(self, size: int) -> Workspace:
        # Few sizes occur: one image, a grid of them, whole slices and one remainder.
        if size not in self._spaces:
            if len(self._spaces) > 8:
                self._spaces.clear()
            self._spaces[size] = Workspace(self.network, self.params, size)
        return self._spaces[size]
