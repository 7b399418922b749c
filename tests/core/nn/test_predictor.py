"""Predicting and measuring: sliced or whole, the answers are the network's own."""

import numpy as np
import pytest

from core.base.errors import ShapeError
from core.nn.evaluation import Evaluator
from core.nn.loss import LOSSES
from core.nn.predictor import Predictor
from core.nn.weight_images import weight_images
from tests.support.small_data import images_and_labels, small_recipe


def _predictor(loss="softmax-cross-entropy"):
    recipe = small_recipe(loss=LOSSES[loss]())
    network = recipe.network(64, 10)
    params = network.init_params(recipe.initializer, np.random.default_rng(2))
    return Predictor(network, recipe.loss, params)


@pytest.mark.parametrize("loss", list(LOSSES))
def test_every_answer_sums_to_one_and_is_the_same_each_time(loss):
    predictor = _predictor(loss)
    images, _ = images_and_labels(40)
    answer = predictor.probabilities(images)
    np.testing.assert_allclose(answer.sum(axis=1), 1, rtol=1e-5)
    assert (answer >= 0).all()
    np.testing.assert_array_equal(answer, predictor.probabilities(images))  # dropout rests


@pytest.mark.parametrize("count", [1, 2, 499, 500, 501, 1203])
def test_images_read_together_are_read_as_one_by_one(count):
    predictor = _predictor()
    images, _ = images_and_labels(count)
    together = predictor.logits(images)
    assert together.shape == (count, 10)
    for index in {0, count // 2, count - 1}:
        alone = predictor.logits(images[index : index + 1])[0]
        np.testing.assert_allclose(together[index], alone, rtol=1e-4, atol=1e-5)


def test_many_different_counts_do_not_confuse_it():
    predictor = _predictor()
    images, _ = images_and_labels(40)
    whole = predictor.logits(images)
    for count in [*range(1, 30), 3, 1]:
        np.testing.assert_allclose(predictor.logits(images[:count]), whole[:count], atol=1e-5)


def test_a_predictor_keeps_its_weights_until_it_is_given_others():
    recipe = small_recipe()
    network = recipe.network(64, 10)
    params = network.init_params(recipe.initializer, np.random.default_rng(2))
    predictor = Predictor(network, recipe.loss, params)
    images, _ = images_and_labels(5)
    before = predictor.logits(images)
    params[:] = 0  # training goes on elsewhere
    np.testing.assert_array_equal(predictor.logits(images), before)
    predictor.set_params(params)
    np.testing.assert_array_equal(predictor.logits(images), 0)


def test_images_of_another_size_are_refused_in_words():
    with pytest.raises(ShapeError, match="64 pixels.*784"):
        _predictor().logits(np.zeros((1, 28, 28), np.uint8))


@pytest.mark.parametrize("loss", list(LOSSES))
def test_measuring_in_slices_equals_the_mean_over_single_images(loss):
    predictor = _predictor(loss)
    images, labels = images_and_labels(1203)
    found = Evaluator(predictor.network, predictor.loss, predictor.params).measure(images, labels)
    answers = predictor.logits(images).argmax(axis=1)
    np.testing.assert_array_equal(found.predictions, answers)
    assert found.accuracy == pytest.approx((answers == labels).mean())
    logits = predictor.logits(images)
    single = predictor.loss.values(logits, labels.astype(np.intp))
    assert found.loss == pytest.approx(single.mean(), rel=1e-4)


def test_a_unit_is_seen_as_its_own_column_of_weights():
    predictor = _predictor()
    pictures = weight_images(predictor.network, predictor.params, (8, 8))
    weights = predictor.network.weight_views(predictor.params)[0]
    assert pictures.shape == (12, 8, 8)
    np.testing.assert_array_equal(pictures[5].ravel(), weights[:, 5])
    assert len(weight_images(predictor.network, predictor.params, (8, 8), limit=3)) == 3
    pictures[:] = 0  # a copy: the network keeps its weights
    assert weights.any()


def test_a_picture_shape_that_does_not_fit_is_refused():
    predictor = _predictor()
    with pytest.raises(ValueError, match="64 pixels"):
        weight_images(predictor.network, predictor.params, (28, 28))
