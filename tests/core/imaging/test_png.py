"""PNG files hold the very pixels that were given."""

import io

import numpy as np
import pytest
from PIL import Image

from core.imaging.png import png_bytes


@pytest.mark.parametrize("shape", [(28, 28), (1, 3), (64, 48, 3)])
def test_the_pixels_come_back_as_they_were(shape):
    image = np.random.default_rng(1).integers(0, 256, shape, np.uint8)
    with Image.open(io.BytesIO(png_bytes(image)), formats=("PNG",)) as picture:
        np.testing.assert_array_equal(np.asarray(picture), image)
