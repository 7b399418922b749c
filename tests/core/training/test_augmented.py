"""Images made ahead: each the same whoever asks, and nothing left when it is over."""

import threading

import numpy as np
import pytest

from core.recipe.augmentation import Augmentation, distort
from core.training.augmented import AugmentedRows, Originals, Rewritten, waiting_bytes

_NOISY = Augmentation(noise=0.2)


def _order(count):
    return lambda epoch: np.random.default_rng(epoch).permutation(count)


def _made(count=2500, shape=(4, 4), seed=7, augmentation=_NOISY):
    images = np.random.default_rng(0).integers(1, 256, (count, shape[0] * shape[1]), np.uint8)
    return images, AugmentedRows(Originals(images, shape), augmentation, seed, _order(count))


@pytest.mark.parametrize(("cores", "threads"), [(1, 1), (2, 1), (3, 2), (4, 3), (64, 3)])
@pytest.mark.parametrize(
    ("pixels", "block"), [(784, 1024 * 784), (16, 1024 * 16), (7840, 102 * 7840), (10**6, 10**6)]
)
def test_what_waits_is_six_blocks_and_the_one_in_use(monkeypatch, cores, threads, pixels, block):
    monkeypatch.setattr("core.training.augmented.available_cores", lambda: cores)
    for augmentation in (_NOISY, Augmentation(images="fresh")):
        assert waiting_bytes(augmentation, pixels) == 7 * block + threads * 8 * block
    assert waiting_bytes(Augmentation(), pixels) == 0


def test_an_image_follows_from_seed_epoch_and_place_as_in_every_version():
    """A training that goes on from a file of another version sees the same images."""
    images, rows = _made()
    try:
        for epoch in (0, 3):
            order = _order(2500)(epoch)
            seen = rows.take(epoch, 0, order)
            for block, start in enumerate((0, 1024, 2048)):
                rng = np.random.default_rng([7, 5, epoch, block])
                wanted = distort(images[order[start : start + 1024]], (4, 4), _NOISY, rng)
                np.testing.assert_array_equal(seen[start : start + 1024], wanted)
            for start, stop in ((0, 1), (1000, 1030), (1024, 2048), (2040, 2500)):
                again = rows.take(epoch, start, order[start:stop])
                np.testing.assert_array_equal(again, seen[start:stop])
    finally:
        rows.close()


def test_of_large_images_fewer_are_made_together():
    shape = (280, 280)
    images = np.full((30, 280 * 280), 9, np.uint8)
    rows = AugmentedRows(Originals(images, shape), _NOISY, 1, lambda epoch: np.arange(30))
    try:
        seen = rows.take(0, 0, np.arange(30))
        wanted = distort(images[10:20], shape, _NOISY, np.random.default_rng([1, 5, 0, 1]))
        np.testing.assert_array_equal(seen[10:20], wanted)
    finally:
        rows.close()


def test_each_image_is_made_once_however_it_is_asked_for():
    made = []

    class Counting(Originals):
        def take(self, rows, rng):
            made.append(len(rows))
            return super().take(rows, rng)

    images = np.ones((3000, 16), np.uint8)
    rows = AugmentedRows(Counting(images, (4, 4)), _NOISY, 1, lambda epoch: np.arange(3000))
    try:
        for epoch in range(3):
            for start in range(0, 3000, 100):
                rows.take(epoch, start, np.arange(start, start + 100))
        assert len(rows._waiting) == 6  # this block and five after it
        rows.take(2, 2900, np.arange(2900, 3000))
    finally:
        rows.close()
    assert len(made) <= 3 * 3 + 5
    assert not rows._waiting


def test_orders_of_past_epochs_are_not_kept():
    _, rows = _made(count=1500)
    try:
        for epoch in range(6):
            rows.take(epoch, 0, _order(1500)(epoch))
            assert len(rows._orders) <= 2
    finally:
        rows.close()


def test_closing_ends_the_threads_and_drops_what_waits():
    before = set(threading.enumerate())
    _, rows = _made(count=6000)
    rows.take(0, 0, np.arange(10))
    mine = set(threading.enumerate()) - before
    assert mine
    assert all(thread.name.startswith("augmentation") for thread in mine)
    rows.close()
    for thread in mine:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in mine)


def test_rewritten_images_have_the_labels_of_their_rows():
    labels = (np.arange(50) % 10).astype(np.uint8)

    def rewrite(wanted, rng):
        return np.broadcast_to(wanted[:, None, None], (len(wanted), 2, 3)).copy()

    source = Rewritten(labels, (2, 3), rewrite)
    rows = AugmentedRows(source, Augmentation(images="fresh"), 1, lambda epoch: np.arange(50)[::-1])
    try:
        seen = rows.take(0, 5, np.arange(50)[::-1][5:20])
    finally:
        rows.close()
    assert seen.shape == (15, 6)
    np.testing.assert_array_equal(seen, np.repeat(labels[::-1][5:20, None], 6, axis=1))
