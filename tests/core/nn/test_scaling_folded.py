"""A network whose scaling is folded into its weights answers as it did."""

import numpy as np
import pytest

from core.nn.initializer import INITIALIZERS
from core.nn.layers.batch_norm import BatchNormalization
from core.nn.layers.dense import Dense
from core.nn.layers.relu import Relu
from core.nn.layers.scaling import Scaling
from core.nn.network import Network, Workspace
from core.nn.scaling_folded import Folded
from core.recipe.recipe import Recipe  # noqa: F401 - fills the registries

_NETWORKS = {
    "unit": (Scaling("unit"), Dense(4), BatchNormalization(), Dense(3)),
    "by pixel": (Scaling("mean"), Dense(4), BatchNormalization(), Dense(3)),
    "one layer": (Scaling("mean"), Dense(3)),
    "no scaling": (Dense(4), BatchNormalization(), Dense(3)),
    "nothing to fold into": (Scaling("mean"), Relu(), Dense(3)),
    "alone": (Dense(3),),
}


def _params(network, seed):
    rng = np.random.default_rng(seed)
    params = network.init_params(INITIALIZERS["normal"](std=0.5, bias_std=0.5), rng, np.float64)
    params[network.trained_count :] = rng.uniform(
        0.1, 2, network.param_count - network.trained_count
    )
    return params


@pytest.mark.parametrize("name", list(_NETWORKS))
def test_it_answers_alike_with_the_first_weights_and_with_others(name):
    network = Network(_NETWORKS[name], 6)
    folded = Folded(network, _params(network, 0))
    folds = name in ("unit", "by pixel", "one layer")
    assert len(folded.network.layers) == len(network.layers) - folds
    images = np.random.default_rng(9).integers(0, 256, (5, 6))
    for seed in (0, 1):
        params = _params(network, seed)
        folded.update(params)
        spaces = [
            Workspace(n, p, 5) for n, p in ((network, params), (folded.network, folded.params))
        ]
        for space in spaces:
            space.x[...] = images
        np.testing.assert_allclose(spaces[1].forward(), spaces[0].forward(), rtol=1e-9, atol=1e-9)
        np.testing.assert_array_equal(params, _params(network, seed))  # its own are not touched
