"""Photographs of digits are read about as well as the digits themselves."""

import numpy as np
import pytest
from PIL import Image

from core.cli.console import main
from core.data.readers import open_dataset
from core.imaging.photos.picture import gray_of
from core.imaging.photos.preprocessing import image_of
from core.modelfile import load_model
from core.nn.predictor import Predictor
from tests.support.digit_shapes import shape_of
from tests.support.photo_maker import Scene, photograph

_COUNT = 40  # of each kind

pytestmark = pytest.mark.slow  # its quick relatives are in test_segmentation and test_digit_row
_SCENES = {
    "plain": Scene(shade=0.3),
    "light on dark": Scene(dark=False, shade=0.3),
    "pencil in a shadow": Scene(width=700, height=520, contrast=0.35, shade=0.2, shadow=0.3),
    "on a table": Scene(width=700, height=520, share=0.35, table=True, turn=4),
    "ruled": Scene(width=600, height=450, lines="ruled", pen=0.08),
    "squared": Scene(width=700, height=520, lines="squared", line_gap=0.4, pen=0.08),
    "tiny": Scene(width=32, height=32, share=0.8, noise=2, jpeg=0),
    "large": Scene(width=1500, height=1100, share=0.3, noise=6),
}


@pytest.fixture(scope="module")
def predictor(tmp_path_factory):
    path = tmp_path_factory.mktemp("photos") / "model.h5"
    assert main(["train", "--recipe", "thorough", "--out", str(path), "--json"]) == 0
    run = load_model(path)
    return Predictor(run.network, run.loss, run.params)


@pytest.fixture(scope="module")
def digits(mnist_small):
    images = open_dataset(mnist_small).train
    return images.images[:_COUNT], images.labels[:_COUNT]


def test_photographs_are_read_nearly_as_well_as_their_digits(predictor, digits):
    images, labels = digits
    directly = np.mean(predictor.probabilities(images).argmax(axis=1) == labels)

    def seen(kind, index):
        scene, rng = _SCENES[kind], np.random.default_rng(index)
        pixels = photograph([shape_of(images[index], scene.pen)], scene, rng)
        image = image_of(gray_of(Image.fromarray(pixels)))
        return np.zeros((28, 28), np.uint8) if image is None else image

    shares = {}
    for kind in _SCENES:
        photos = np.stack([seen(kind, index) for index in range(_COUNT)])
        shares[kind] = np.mean(predictor.probabilities(photos).argmax(axis=1) == labels)
    assert min(shares.values()) >= directly - 0.15, shares
    assert np.mean(list(shares.values())) >= directly - 0.05, shares
