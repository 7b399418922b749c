"""A run is calibrated on images that it was not trained on, where there are any."""

from dataclasses import replace

import numpy as np
import pytest

from core.data.dataset import ImageSet
from core.training.calibrate import calibrate, images_for
from core.training.run import new_run, split_data
from tests.support.small_data import small_dataset, small_recipe

DATA = small_dataset(60)
RECIPE = small_recipe()
PARTS = split_data(RECIPE, DATA)


def _held_out(count):
    return ImageSet(DATA.test.images[:count], DATA.test.labels[:count])


@pytest.mark.parametrize(("count", "used"), [(0, False), (1, False), (2, True), (30, True)])
def test_held_out_images_are_used_if_there_are_two(count, used):
    parts = replace(PARTS, held_out=_held_out(count))
    images = images_for(parts)
    assert (images is parts.held_out) is used
    if not used:
        np.testing.assert_array_equal(images.images.reshape(len(images), -1), parts.images)
        assert images.images.shape[1:] == parts.image_shape
        np.testing.assert_array_equal(images.labels, parts.labels)


@pytest.mark.parametrize(("count", "found"), [(1, False), (2, True)])
def test_without_them_two_training_images_will_do(count, found):
    parts = replace(PARTS, held_out=None, images=PARTS.images[:count], labels=PARTS.labels[:count])
    assert (images_for(parts) is not None) is found
    run = new_run(RECIPE, DATA, PARTS)
    run.step = 17
    made = calibrate(run, parts)
    assert (made is not None) is found
    if made is not None:
        assert made.step == 17
