import numpy as np
import pytest

from core.base.errors import ShapeError
from core.certainty.calibration import MOST_IMAGES, Judge, fit
from core.nn.predictor import Predictor
from core.recipe.training_config import TrainingConfig
from core.training.calibrate import calibrate, images_for
from core.training.run import split_data
from tests.support.small_data import small_dataset, small_recipe
from tests.support.trained import sigmoid_outputs, usual


def made(make):
    run, parts = make()
    return run, parts, calibrate(run, parts)


@pytest.mark.parametrize("make", [usual, sigmoid_outputs])
def test_calibrated_certainty_is_nearer_to_the_truth(make):
    run, parts, calibration = made(make)
    assert calibration.after.error <= calibration.before.error + 0.005
    assert calibration.brier[1] <= calibration.brier[0] + 0.005
    assert calibration.images == len(parts.held_out)
    assert calibration.step == run.step


@pytest.mark.parametrize("make", [usual, sigmoid_outputs])
def test_the_judge_answers_as_the_network_does_with_other_certainty(make):
    run, parts, calibration = made(make)
    predictor = Predictor(run.network, run.loss, run.params)
    images = parts.held_out.images[:50]
    judgement = Judge(predictor, calibration).judge(images)
    plain = predictor.probabilities(images)
    np.testing.assert_array_equal(judgement.probabilities.argmax(axis=1), plain.argmax(axis=1))
    np.testing.assert_allclose(judgement.probabilities.sum(axis=1), 1, rtol=1e-5)
    np.testing.assert_array_equal(judgement.strange, judgement.strangeness > 1)
    assert not np.allclose(judgement.probabilities, plain)


def test_it_belongs_to_these_weights_only():
    run, _, calibration = made(usual)
    assert calibration.belongs_to(run.params)
    other = run.params.copy()
    other[3] += 1e-6
    assert not calibration.belongs_to(other)


def test_a_judge_refuses_another_networks_calibration():
    _, _, calibration = made(usual)
    run, _ = sigmoid_outputs()
    with pytest.raises(ShapeError):
        Judge(Predictor(run.network, run.loss, run.params), calibration)


def test_only_so_many_images_are_looked_at():
    run, parts = usual()
    images = np.tile(parts.held_out.images, (50, 1, 1))
    labels = np.tile(parts.held_out.labels, 50)
    assert len(images) > MOST_IMAGES
    assert fit(run.network, run.loss, run.params, images, labels).images == MOST_IMAGES


@pytest.mark.parametrize("count", [0, 1])
def test_too_few_images_are_refused(count):
    run, parts = usual()
    with pytest.raises(ShapeError):
        fit(run.network, run.loss, run.params, parts.held_out.images[:count],
            parts.held_out.labels[:count])  # fmt: skip


def test_two_images_are_enough_for_a_temperature():
    run, parts = usual()
    calibration = fit(
        run.network, run.loss, run.params, parts.held_out.images[:2], parts.held_out.labels[:2]
    )
    assert calibration.temperature > 0


def test_without_held_out_images_the_training_images_are_used():
    recipe = small_recipe(training=TrainingConfig(validation_split=0.0))
    dataset = small_dataset(100)
    parts = split_data(recipe, dataset)
    assert images_for(parts) is dataset.test
    without = type(dataset)(
        dataset.key, dataset.name, "", dataset.train, None, None, dataset.class_names
    )
    found = images_for(split_data(recipe, without))
    assert found.images.shape == (100, 8, 8)
