"""Distorted digits stay digits; what they look like depends on the seed alone."""

import threading
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.base.fields import limits_of
from core.imaging.synthesis.generator import generate
from core.recipe.augmentation import Augmentation, distort
from core.training.augmented import AugmentedRows, Originals, Rewritten
from tests.support.examples import examples


def _digits(count=40):
    images = np.zeros((count, 28, 28), np.uint8)
    rng = np.random.default_rng(3)
    for image in images:
        top, left = rng.integers(6, 10, 2)
        image[top : top + 12, left : left + 4] = 200
        image[top + 8 : top + 12, left : left + 10] = 255
    return images.reshape(count, -1)


DIGITS = _digits()
ALL = Augmentation(shift=1, rotation=10, scale=0.1, shear=8, elastic=0.8, noise=0.05)


def _distorted(augmentation, seed=0, images=DIGITS):
    return distort(images, (28, 28), augmentation, np.random.default_rng(seed))


def test_nothing_asked_nothing_done():
    assert not Augmentation().distorts
    np.testing.assert_array_equal(_distorted(Augmentation()), DIGITS)


@pytest.mark.parametrize(
    "name", [f.name for f in fields(Augmentation) if f.name not in ("smoothness", "images")]
)  # fmt: skip
def test_each_sort_of_distortion_does_something_and_keeps_the_ink_about(name):
    limits = limits_of(Augmentation, name)
    augmentation = Augmentation(**{name: min(limits.high, 0.2 if limits.high <= 1 else 2.0)})
    assert augmentation.distorts
    found = _distorted(augmentation)
    assert found.dtype == np.uint8
    assert found.shape == DIGITS.shape
    assert (found != DIGITS).any(axis=1).mean() > 0.9
    if name != "noise":
        ratio = found.sum(axis=1) / DIGITS.sum(axis=1)
        assert 0.6 < np.median(ratio) < 1.5


def test_a_shift_moves_the_centre_of_mass_no_farther_than_asked():
    rows, columns = np.mgrid[:28, :28].reshape(2, -1)

    def centres(images):
        mass = images.sum(axis=1, dtype=float)
        return np.stack([(images * axis).sum(axis=1) / mass for axis in (rows, columns)])

    off = centres(_distorted(Augmentation(shift=2))) - centres(DIGITS)
    assert np.abs(off).max() < 2.05
    assert np.abs(off).max() > 1
    assert abs(off.mean()) < 0.6


def test_a_turned_image_is_turned_about_its_middle():
    dot = np.zeros((200, 28, 28), np.uint8)
    dot[:, 13:15, 13:15] = 255
    found = _distorted(Augmentation(rotation=45), images=dot.reshape(200, -1))
    assert (found.reshape(200, 28, 28)[:, 12:16, 12:16].sum(axis=(1, 2)) > 900).all()


@examples(0.25)
@given(
    values=st.fixed_dictionaries(
        {
            item.name: st.floats(
                limits_of(Augmentation, item.name).low, limits_of(Augmentation, item.name).high
            )
            for item in fields(Augmentation)
            if item.name != "images"
        }
    ),
    shape=st.tuples(st.integers(1, 40), st.integers(1, 40)),
    count=st.integers(0, 5),
)
def test_any_setting_on_images_of_any_size_gives_images_of_that_size(values, shape, count):
    images = np.random.default_rng(1).integers(0, 256, (count, shape[0] * shape[1]), np.uint8)
    found = distort(images, shape, Augmentation(**values), np.random.default_rng(0))
    assert found.shape == images.shape
    assert found.dtype == np.uint8


def _source(augmentation=ALL, count=2500, seed=5):
    images, _ = generate(count, 0)
    images = images.reshape(count, -1)
    order = {}

    def order_of(epoch):
        order.setdefault(epoch, np.random.default_rng([9, epoch]).permutation(count))
        return order[epoch]

    return AugmentedRows(Originals(images, (28, 28)), augmentation, seed, order_of), order_of


def _take(source, order_of, epoch, start, stop):
    return source.take(epoch, start, order_of(epoch)[start:stop]).copy()


def test_what_an_image_looks_like_does_not_depend_on_how_it_is_asked_for():
    one, order_of = _source()
    whole = np.concatenate([_take(one, order_of, 0, a, a + 500) for a in range(0, 2500, 500)])
    one.close()
    other, order_of = _source()
    pieces = [_take(other, order_of, 0, a, b) for a, b in ((0, 7), (7, 1300), (1300, 2500))]
    np.testing.assert_array_equal(np.concatenate(pieces), whole)
    later = _take(other, order_of, 3, 100, 200)  # another epoch: other distortions
    back = _take(other, order_of, 0, 1000, 1100)
    np.testing.assert_array_equal(back, whole[1000:1100])
    np.testing.assert_array_equal(_take(other, order_of, 3, 100, 200), later)
    other.close()


def test_little_is_made_ahead_and_closing_ends_the_threads():
    before = threading.active_count()
    source, order_of = _source(count=20_000)
    for start in range(0, 20_000, 1000):
        _take(source, order_of, 0, start, start + 1000)
        assert len(source._waiting) <= 6  # blocks of 1024 images
    source.close()
    source.close()  # twice does no harm
    for thread in threading.enumerate():
        if thread.name.startswith("augmentation"):
            thread.join(10)
    assert threading.active_count() <= before


def test_a_fault_in_the_background_comes_out_in_front():
    source = AugmentedRows(Originals(DIGITS, (27, 27)), ALL, 0, lambda epoch: np.arange(40))
    with pytest.raises(ValueError, match="reshape"):
        source.take(0, 0, np.arange(10))
    source.close()


def test_fresh_images_keep_their_labels_and_are_others_in_each_epoch():
    labels = np.arange(3000, dtype=np.uint8) % 10

    def write(some, rng):
        return np.repeat(some, 784).reshape(-1, 28, 28) + rng.integers(0, 200, dtype=np.uint8)

    order = np.random.default_rng(0).permutation(3000)
    source = AugmentedRows(
        Rewritten(labels, (28, 28), write), Augmentation(images="fresh"), 3, lambda epoch: order
    )
    first, later = (_take(source, lambda _: order, epoch, 0, 3000) for epoch in (0, 1))
    source.close()
    assert first.shape == (3000, 784)
    rows = slice(0, 1024)  # of one block: one shade for all
    np.testing.assert_array_equal(
        first[rows, 0] - labels[order][rows], first[0, 0] - labels[order[0]]
    )
    assert (first[:, 0] != later[:, 0]).any()
