"""Looking inside a network: arrays in, arrays out."""

import math

from core.base.arrays import FloatArray
from core.nn.network import Network


def weight_images(
    network: Network, params: FloatArray, image_shape: tuple[int, int], limit: int | None = None
) -> FloatArray:
    """Return what each unit of the first dense layer looks for, as images.

    Args:
        network: the architecture.
        params: (P,) its weights.
        image_shape: (height, width) of the network's input.
        limit: at most so many units, the first ones; None for all.

    Returns:
        (units, height, width) array of the parameters' dtype, a copy.

    Raises:
        ValueError: the image shape does not have the network's number of pixels.
    """
    if math.prod(image_shape) != network.input_size:
        raise ValueError(f"{image_shape} does not hold {network.input_size} pixels")
    weights = network.views(params, network.first_layer)["weights"][:, :limit]
    images: FloatArray = weights.T.reshape(-1, *image_shape).copy()
    return images
