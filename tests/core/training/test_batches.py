"""Every feed brings each batch's images, whatever the sizes."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.nn.layers.dense import Dense
from core.nn.layers.relu import Relu
from core.nn.layers.scaling import Scaling
from core.nn.network import Network, Workspace
from core.training.batches import PackedFeed, PlainFeed, StoredPixels, UprightFeed
from core.training.packing import PackedImages, Packing, padded

_PIXELS = 40


def _images(count=90):
    """Images of which each lights another number of pixels."""
    rng = np.random.default_rng(0)
    images = rng.integers(1, 256, (count, _PIXELS), np.uint8)
    images[np.arange(_PIXELS) > rng.integers(0, _PIXELS, count)[:, None]] = 0
    return images


class _Brighter:
    """Pixels that are made for each epoch: no source of ours, and it says how it was asked."""

    def __init__(self, images):
        self._images, self.asked = images, []

    def take(self, epoch, start, rows):
        self.asked.append((epoch, start, len(rows)))
        return self._images[rows] // 2 + 9

    def close(self):
        pass


def _space(packing, size):
    return Workspace(packing.network, np.zeros(packing.network.param_count, np.float32), size)


def _batches(count, size):
    rows = np.random.default_rng(1).permutation(90)[:count]
    return rows, [rows[at : at + size] for at in range(0, count, size)]


@settings(max_examples=20)
@given(count=st.integers(1, 90), size=st.integers(1, 40))
@example(count=90, size=1)  # of every width
@pytest.mark.parametrize("made", [False, True])
@pytest.mark.parametrize("upright", [False, True])
def test_packed_batches_hold_their_images_as_far_as_they_are_lit(made, upright, count, size):
    images = _images()
    pixels = _Brighter(images) if made else None
    packed = PackedImages(images, keep_dark=made)
    plain = Network((Scaling(), Dense(3), Relu(), Dense(2)), _PIXELS)
    packing = Packing(plain, packed.order, 10 if upright else 10**6)
    feed = (UprightFeed if upright else PackedFeed)(packed, pixels)
    rows, batches = _batches(count, size)
    feed.load(4, 30, rows, size)
    if pixels:
        assert pixels.asked == [(4, 30, count)]
    for index, batch in enumerate(batches):
        space = _space(packing, len(batch))
        width = feed.put(index, space)
        x = space.layers[0].x
        seen = images[batch] // 2 + 9 if made else images[batch]
        wanted = np.zeros((len(batch), packed.width))
        wanted[:, 0] = 255
        wanted[:, 1 : 1 + len(packed.order)] = seen[:, packed.order]
        lit = np.flatnonzero(wanted.any(axis=0)).max() + 1
        assert width == (packed.width if upright else padded(lit))
        assert x.shape == (len(batch), width)
        np.testing.assert_array_equal(x, wanted[:, :width])


@settings(max_examples=20)
@given(count=st.integers(1, 90), size=st.integers(1, 40))
def test_plain_batches_are_the_images(count, size):
    images = _images()
    feed = PlainFeed(StoredPixels(images))
    rows, batches = _batches(count, size)
    feed.load(0, 0, rows, size)
    network = Network((Dense(2),), _PIXELS)
    for index, batch in enumerate(batches):
        space = Workspace(network, np.zeros(network.param_count, np.float32), len(batch))
        assert feed.put(index, space) == _PIXELS
        np.testing.assert_array_equal(space.x, images[batch])


def test_stored_pixels_serve_any_number_of_rows_in_turn():
    images = _images()
    pixels = StoredPixels(images)
    for rows in ([3, 1, 4], [5], [9, 2, 6, 5, 3], [8, 9]):
        np.testing.assert_array_equal(pixels.take(0, 0, np.array(rows)), images[rows])


def test_an_input_that_is_kept_stays_when_others_come():
    images = _images()
    packed = PackedImages(images)
    packing = Packing(Network((Scaling(), Dense(3), Dense(2)), _PIXELS), packed.order, 10**6)
    feed = PackedFeed(packed, None)
    feed.load(0, 0, np.arange(20), 10)
    spaces = [_space(packing, 10) for _ in range(2)]
    feed.put(0, spaces[0])
    feed.keep(spaces[0])
    before = spaces[0].layers[0].x.copy()
    feed.put(1, spaces[1])
    np.testing.assert_array_equal(spaces[0].layers[0].x, before)
