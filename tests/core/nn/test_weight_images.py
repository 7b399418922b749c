"""What each unit of the first dense layer looks for, as images."""

import numpy as np
import pytest

from core.nn.layers.dense import Dense
from core.nn.layers.relu import Relu
from core.nn.layers.scaling import Scaling
from core.nn.network import Network
from core.nn.weight_images import weight_images


@pytest.mark.parametrize(("limit", "units"), [(None, 4), (3, 3), (9, 4)])
def test_each_unit_is_an_image_of_its_weights_and_a_copy(limit, units):
    network = Network((Scaling("mean"), Dense(4), Relu(), Dense(2)), 6)
    params = np.arange(float(network.param_count))
    images = weight_images(network, params, (2, 3), limit)
    assert images.shape == (units, 2, 3)
    for unit in range(units):
        np.testing.assert_array_equal(images[unit].ravel(), np.arange(6) * 4 + unit)
    images[...] = -1
    assert params[0] == 0


def test_images_of_another_size_are_refused():
    network = Network((Dense(4),), 6)
    with pytest.raises(ValueError, match="6 pixels"):
        weight_images(network, np.zeros(network.param_count), (2, 4))
