"""Data sets: made, counted, told apart, split. For those in files see `test_idx`."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.dataset import Dataset, ImageSet, split_validation
from core.data.downloads import CATALOGUE, cache_folder
from core.data.readers import open_dataset
from tests.support.small_data import idx_bytes, images_and_labels, write_idx_folder


def small_set(labels):
    """Return images of one pixel that hold their own number."""
    images = np.arange(len(labels), dtype=np.uint8).reshape(-1, 1, 1)
    return ImageSet(images, np.array(labels, np.uint8))


# The built-in digits ------------------------------------------------------------------


def test_the_builtin_digits_can_be_given_up_half_way():
    def refuse(share: float) -> None:
        if share > 0.01:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        open_dataset("builtin", refuse)


def test_the_builtin_digits_have_a_part_to_train_and_one_to_validate():
    shares: list[float] = []
    dataset = open_dataset("builtin", shares.append)
    assert (dataset.key, dataset.source) == ("builtin", "")
    assert (len(dataset.train), len(dataset.validation)) == (60_000, 10_000)
    assert dataset.test is None
    assert dataset.class_names == tuple("0123456789")
    assert not np.array_equal(dataset.train.images[:100], dataset.validation.images[:100])
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1)


# What a data set knows ----------------------------------------------------------------


def dataset_of(train, test=None):
    return Dataset("idx", "some", "", train, None, test, tuple("0123"))


def test_a_fingerprint_is_of_content_not_of_names():
    one, same = dataset_of(small_set([0, 1])), dataset_of(small_set([0, 1]))
    assert one.fingerprint() == same.renamed("other").fingerprint()
    assert one.renamed("other").name == "other"


def test_any_change_changes_the_fingerprint():
    train = small_set([0, 1, 2])
    pixels = ImageSet(train.images ^ np.uint8(1), train.labels)
    flat = ImageSet(train.images.reshape(1, 3, 1), train.labels)
    labels = ImageSet(train.images, train.labels[::-1])
    others = [dataset_of(part) for part in (pixels, flat, labels)] + [dataset_of(train, train)]
    prints = {other.fingerprint() for other in [dataset_of(train), *others]}
    assert len(prints) == 5
    assert all(len(text) == 64 for text in prints)


def test_classes_without_images_are_counted_as_zero():
    assert dataset_of(small_set([3, 3, 1])).counts().tolist() == [0, 1, 0, 2]


# Splitting ----------------------------------------------------------------------------

_LABELS = st.lists(st.integers(0, 4), min_size=1, max_size=200)


@given(labels=_LABELS, share=st.floats(0, 1), seed=st.integers(0, 99))
def test_a_split_loses_and_doubles_nothing(labels, share, seed):
    train = small_set(labels)
    left, aside = split_validation(train, share, seed)
    numbers = np.concatenate([left.images, aside.images]).ravel()
    assert sorted(numbers.tolist()) == list(range(len(labels)))
    for part in (left, aside):
        assert (train.labels[part.images.ravel()] == part.labels).all()
        assert (np.diff(part.images.ravel().astype(int)) > 0).all()


@given(labels=_LABELS, share=st.floats(0, 1), seed=st.integers(0, 99))
def test_a_split_takes_the_same_share_of_each_class(labels, share, seed):
    _, aside = split_validation(small_set(labels), share, seed)
    for label in set(labels):
        whole, taken = labels.count(label), int((aside.labels == label).sum())
        assert taken < whole
        assert taken == whole - 1 or abs(taken - share * whole) <= 0.5


def test_the_seed_decides_the_split():
    train = small_set([0] * 100)

    def taken(seed):
        return split_validation(train, 0.2, seed)[1].images.ravel().tolist()

    assert taken(1) == taken(1)
    assert taken(1) != taken(2)


def test_a_downloaded_set_has_the_names_its_files_do_not_tell(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = cache_folder(CATALOGUE["fashion-mnist"])
    write_idx_folder(folder, 50, side=28)
    dataset = open_dataset(folder)
    assert dataset.name == "Fashion-MNIST"
    assert dataset.class_names[9] == "Ankle boot"
    elsewhere = write_idx_folder(tmp_path / "fashion-mnist", 50, side=28)
    assert open_dataset(elsewhere).name != "Fashion-MNIST"


def test_downloaded_emnist_is_upright_and_the_makers_files_are_turned(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = cache_folder(CATALOGUE["emnist-digits"])
    images, labels = images_and_labels(40, 1, 28)
    for where in (folder, tmp_path / "as made"):
        where.mkdir(parents=True)
        for kind, array, axes in (("images", images, 3), ("labels", labels, 1)):
            path = where / f"emnist-digits-train-{kind}-idx{axes}-ubyte"
            path.write_bytes(idx_bytes(array))
    np.testing.assert_array_equal(open_dataset(folder).train.images, images)
    turned = open_dataset(tmp_path / "as made").train.images
    np.testing.assert_array_equal(turned, images.swapaxes(1, 2))
