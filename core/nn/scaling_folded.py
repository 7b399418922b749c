"""A trained network without its input scaling, which goes into the first weights.

    ((x - offset) * factor) @ W + b  =  x @ (factor * W) + (b - (offset * factor) @ W)

So a network that reads takes bytes as they are, with one sweep over the image less.
"""

import numpy as np

from core.base.arrays import FloatArray, aligned
from core.nn.layers.dense import Dense
from core.nn.layers.scaling import BYTE, Scaling
from core.nn.network import Network


class Folded:
    """The folded form of a network, with weights of its own.

    Attributes:
        network: computes what the original does, in one layer less.
        params: its flat vector; changed only by `update`.
    """

    def __init__(self, network: Network, params: FloatArray) -> None:
        self._original = network
        first = network.layers[:2]
        self._folds = (
            len(first) == 2 and isinstance(first[0], Scaling) and isinstance(first[1], Dense)
        )
        layers = network.layers[1:] if self._folds else network.layers
        self.network = Network(layers, network.input_size)
        self.params: FloatArray = aligned((self.network.param_count,), params.dtype)
        self.update(params)

    def update(self, params: FloatArray) -> None:
        """Take over the original network's weights (P,)."""
        trained = self._original.trained_count
        left_out = self._original.param_count - self.network.param_count  # the scaling's state
        self.params[:trained] = params[:trained]
        self.params[trained:] = params[trained + left_out :]
        if self._folds:
            self._fold(self._original.views(params, 0))

    def _fold(self, scaling: dict[str, FloatArray]) -> None:
        dense = self.network.views(self.params, 0)
        weights, biases = dense["weights"], dense["biases"]
        if not scaling:
            np.multiply(weights, weights.dtype.type(1 / BYTE), out=weights)
            return
        weights *= scaling["factor"].reshape(-1, 1)
        biases -= scaling["offset"].dot(weights)
