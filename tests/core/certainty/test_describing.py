import numpy as np
import pytest

from core.certainty.describing import Describer, description_groups, patches, slice_size
from core.nn.losses.softmax_cross_entropy import SoftmaxCrossEntropy
from core.nn.predictor import Predictor
from core.recipe.hidden_layer import HiddenLayer
from tests.support.small_data import small_recipe
from tests.support.trained import sigmoid_outputs, usual

LAYERS = (
    (),
    (HiddenLayer(12, "relu"),),
    (HiddenLayer(600, "relu", normalization="batch"), HiddenLayer(9, "sigmoid", dropout=0.2)),
    tuple(HiddenLayer(5 + index, "tanh") for index in range(5)),
)


def describer(hidden, shape=(8, 8), classes=10):
    network = small_recipe(hidden=hidden).network(shape[0] * shape[1], classes)
    params = network.init_params(small_recipe().initializer, np.random.default_rng(0))
    return network, params, Describer(network, SoftmaxCrossEntropy(), params, shape)


def some_images(count, shape=(8, 8)):
    return np.random.default_rng(1).integers(0, 256, (count, *shape), np.uint8)


@pytest.mark.parametrize("hidden", LAYERS)
def test_every_network_is_described_by_as_many_numbers_as_announced(hidden):
    network, params, made = describer(hidden)
    described, logits = made.describe(some_images(7))
    assert described.shape == (7, made.size)
    assert made.size == description_groups(network)[-1][1]
    assert np.isfinite(described).all()
    expected = Predictor(network, SoftmaxCrossEntropy(), params).logits(some_images(7))
    np.testing.assert_allclose(logits, expected, rtol=1e-5, atol=1e-5)


def test_the_hidden_units_are_in_the_description():
    run, _ = usual()
    images = some_images(3)
    made = Describer(run.network, run.loss, run.params, (8, 8))
    described, logits = made.describe(images)
    start, stop = made.groups[0]
    last = run.network.views(run.params, len(run.network.layers) - 1)
    again = described[:, start:stop] @ last["weights"] + last["biases"]
    np.testing.assert_allclose(again, logits, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("make", [usual, sigmoid_outputs])
def test_one_image_is_described_as_among_many(make):
    run, parts = make()
    images = np.concatenate([parts.held_out.images] * 2)[:300]  # more than a slice
    made = Describer(run.network, run.loss, run.params, (8, 8))
    together = made.describe(images)[0]
    alone = np.concatenate([made.describe(image[None])[0] for image in images[250:260]])
    np.testing.assert_allclose(alone, together[250:260], rtol=1e-4, atol=1e-4)


def test_no_images_are_described_by_no_numbers():
    _, _, made = describer(())
    assert made.describe(some_images(0))[0].shape == (0, made.size)


def test_two_classes_and_odd_shapes_are_described():
    _, _, made = describer((HiddenLayer(4, "relu"),), (1, 3), classes=2)
    assert made.describe(some_images(2, (1, 3)))[0].shape == (2, made.size)


def test_large_images_are_made_smaller_for_the_patches():
    _, _, made = describer((), (130, 60))
    described, _ = made.describe(some_images(2, (130, 60)))
    assert np.isfinite(described).all()
    assert slice_size(28 * 28) == 256
    assert slice_size(1 << 30) == 1


def test_the_patches_never_change():
    """They are not in the model file: another sum would make saved calibrations wrong."""
    masks = patches((28, 28))
    assert masks.shape == (784, 384)
    assert set(np.unique(masks)) == {-1.0, 0.0, 1.0}
    weights = np.arange(masks.size, dtype=np.int64) % 9973
    assert int(masks.astype(np.int64).ravel() @ weights) == 250569
