import numpy as np
import pytest

from core.certainty.scribbles import pieced, resized, scribbles


def test_the_same_seed_draws_the_same():
    one, other = (scribbles(np.random.default_rng(4), 80, (28, 28)) for _ in range(2))
    np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("shape", [(28, 28), (20, 20), (8, 8), (40, 30), (1, 5)])
def test_drawings_have_the_shape_and_ink(shape):
    made = scribbles(np.random.default_rng(0), 60, shape)
    assert made.shape == (60, *shape)
    assert made.dtype == np.uint8
    assert (made.reshape(60, -1).max(axis=1) > 0).mean() > 0.9


@pytest.mark.parametrize("count", [0, 1, 3])
def test_few_drawings_are_as_many_as_asked_for(count):
    assert len(scribbles(np.random.default_rng(1), count, (28, 28))) == count


def test_pieced_pictures_hold_both_images():
    images = np.zeros((2, 6, 6), np.uint8)
    images[0], images[1] = 100, 200
    made = pieced(np.random.default_rng(0), images, np.array([0, 1], np.uint8), 60)
    assert 0 < len(made) < 60  # pairs of one class are left out
    kinds = {tuple(np.unique(picture)) for picture in made}
    assert kinds == {(200,), (100, 200)}
    np.testing.assert_array_equal(np.unique(images), [100, 200])  # nothing was written to


def test_resizing_keeps_the_square_in_the_middle():
    made = resized(np.full((1, 28, 28), 90, np.uint8), (10, 14))
    assert (made[0, :, 2:12] == 90).all()
    assert not made[0, :, :2].any()
    assert not made[0, :, 12:].any()


def test_resizing_keeps_the_mean():
    images = np.random.default_rng(0).integers(0, 256, (3, 28, 28), np.uint8)
    small = resized(images, (14, 14))
    np.testing.assert_allclose(small.mean(axis=(1, 2)), images.mean(axis=(1, 2)), atol=3)
