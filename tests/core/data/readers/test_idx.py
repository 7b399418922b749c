"""IDX files: found, paired, and refused in words that help."""

import gzip
import os
import shutil
import struct

import numpy as np
import pytest

from core.base.errors import DatasetError
from core.data.readers import open_dataset


def write_idx(path, array):
    header = bytes((0, 0, 8, array.ndim)) + struct.pack(f">{array.ndim}I", *array.shape)
    content = header + array.astype(np.uint8).tobytes()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def write_pair(folder, images_name, labels_name, count=12, side=4):
    """Write `count` images, all of the value of their label."""
    labels = np.arange(count) % 10
    images = np.broadcast_to(labels[:, None, None], (count, side, side))
    return write_idx(folder / images_name, images), write_idx(folder / labels_name, labels)


def refused(path):
    """Open what cannot be opened; return what is said about it."""
    with pytest.raises(DatasetError) as caught:
        open_dataset(path)
    assert caught.value.message.endswith(".")
    assert caught.value.hint.endswith(".")
    return caught.value.message


# Opening ------------------------------------------------------------------------------

_NAMES = [
    ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    ("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"),
    ("train-images.idx3-ubyte", "train-labels.idx1-ubyte"),
    ("emnist-letters-train-images-idx3-ubyte.gz", "emnist-letters-train-labels-idx1-ubyte"),
    ("my pictures", "what they show.bin"),
]


@pytest.mark.parametrize("names", _NAMES)
def test_a_pair_is_found_from_either_file_and_from_its_folder(tmp_path, names):
    images, labels = write_pair(tmp_path, *names)
    for source in (images, labels, tmp_path, str(tmp_path)):
        dataset = open_dataset(source)
        assert len(dataset.train) == 12
        assert dataset.validation is None
        assert dataset.test is None
        assert dataset.image_shape == (4, 4)
        assert (dataset.train.images[:, 0, 0] == dataset.train.labels).all()
        assert dataset.source == str(source)
        assert dataset.key == "idx"


def test_four_files_are_a_part_to_train_and_one_to_test(tmp_path):
    write_pair(tmp_path, "train-images-idx3-ubyte", "train-labels-idx1-ubyte", 30)
    write_pair(tmp_path, "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", 20)
    dataset = open_dataset(tmp_path)
    assert len(dataset.train) == 30
    assert len(dataset.test) == 20
    assert dataset.name == tmp_path.name


def test_one_of_four_files_is_opened_with_its_partner_only(tmp_path):
    write_pair(tmp_path, "train-images-idx3-ubyte", "train-labels-idx1-ubyte", 30)
    images, _ = write_pair(tmp_path, "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", 20)
    assert len(open_dataset(images).train) == 20


def test_an_unpacked_copy_beside_the_packed_file_is_no_trouble(tmp_path):
    write_pair(tmp_path, "train-images-idx3-ubyte", "train-labels-idx1-ubyte")
    write_pair(tmp_path, "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz")
    assert len(open_dataset(tmp_path).train) == 12


def test_other_files_in_the_folder_are_passed_over(tmp_path):
    write_pair(tmp_path, *_NAMES[0])
    (tmp_path / "read me.txt").write_text("digits")
    (tmp_path / "more").mkdir()
    assert len(open_dataset(tmp_path).train) == 12


def test_a_file_packed_without_saying_so_is_unpacked(tmp_path):
    images, _ = write_pair(tmp_path, "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte")
    images.rename(tmp_path / "train-images-idx3-ubyte")
    assert len(open_dataset(tmp_path).train) == 12


def test_files_whose_names_were_swapped_are_told_apart_by_content(tmp_path):
    write_pair(tmp_path, "train-labels-idx1-ubyte", "train-images-idx3-ubyte")
    assert len(open_dataset(tmp_path).train) == 12


def test_more_than_ten_classes_are_named_by_number(tmp_path):
    images, labels = write_pair(tmp_path, *_NAMES[0])
    write_idx(labels, np.arange(12) * 20)
    assert open_dataset(images).class_names == tuple(str(label) for label in range(221))


def test_a_few_digits_still_have_ten_classes(tmp_path):
    images, _ = write_pair(tmp_path, *_NAMES[0], count=3)
    assert open_dataset(images).class_count == 10


@pytest.mark.parametrize("shape", [(12, 784), (12, 28, 28, 1), (12, 28, 28, 3), (12, 784, 1)])
def test_images_may_be_flat_or_have_channels(tmp_path, shape):
    images, _ = write_pair(tmp_path, *_NAMES[0])
    labels = (np.arange(12) % 10).reshape(12, *[1] * (len(shape) - 1))
    write_idx(images, np.broadcast_to(labels, shape))
    dataset = open_dataset(images)
    assert dataset.image_shape == (28, 28)
    assert (dataset.train.images[:, 0, 0] == dataset.train.labels).all()


@pytest.mark.parametrize(
    ("folder", "first"),
    [("Fashion-MNIST", "T-shirt/top"), ("kmnist", "o"), ("digits", "0"), ("emnist-balanced", "0")],
)
def test_well_known_sets_have_the_names_of_their_classes(tmp_path, folder, first):
    (tmp_path / folder).mkdir()
    write_pair(tmp_path / folder, *_NAMES[0])
    assert open_dataset(tmp_path / folder).class_names[0] == first


def test_emnists_letters_stand_upright_and_count_from_a(tmp_path):
    names = (_NAMES[3][0], _NAMES[3][1])
    images, labels = write_pair(tmp_path, *names)
    write_idx(labels, np.arange(12) + 1)
    write_idx(images, np.arange(12 * 16).reshape(12, 4, 4))
    dataset = open_dataset(images)
    assert dataset.train.labels.tolist() == list(range(12))
    assert dataset.class_names[:2] == ("A", "B")
    assert dataset.train.images[0].tolist() == np.arange(16).reshape(4, 4).T.tolist()


# Refusing -----------------------------------------------------------------------------


def test_a_missing_file_is_said_to_be_missing(tmp_path):
    assert "There is no file or folder" in refused(tmp_path / "none")
    assert "There is no file or folder" in refused("a\0b")
    assert "name is too long" in refused("a" * 5000)


def test_a_folder_without_digits_is_said_to_hold_none(tmp_path):
    (tmp_path / "letter.txt").write_text("Dear Sir")
    assert "holds no digits" in refused(tmp_path)
    assert "holds no digits" in refused(tmp_path / "letter.txt")


def test_labels_without_images_are_not_enough(tmp_path):
    images, labels = write_pair(tmp_path, *_NAMES[0])
    images.unlink()
    assert "There are no images for train-labels-idx1-ubyte" in refused(labels)
    assert "There are no images for train-labels-idx1-ubyte" in refused(tmp_path)


def test_images_without_labels_are_not_enough(tmp_path):
    images, labels = write_pair(tmp_path, *_NAMES[0])
    labels.unlink()
    assert "There are no labels for train-images-idx3-ubyte" in refused(images)


def test_labels_named_as_images_are_found_out(tmp_path):
    images, _ = write_pair(tmp_path, *_NAMES[0])
    write_idx(images, np.zeros(12))
    assert "holds labels, although its name says images" in refused(images)


def test_counts_that_differ_are_named(tmp_path):
    images, labels = write_pair(tmp_path, *_NAMES[0])
    write_idx(labels, np.zeros(11))
    message = refused(images)
    assert "12 images" in message
    assert "11 labels" in message
    assert refused(tmp_path) == message


@pytest.mark.parametrize("broken", [0, 1])
@pytest.mark.parametrize("opened", [0, 1, "folder"])
def test_a_damaged_file_of_a_pair_is_named(tmp_path, broken, opened):
    pair = write_pair(tmp_path, *_NAMES[0])
    pair[broken].write_bytes(pair[broken].read_bytes()[:-1])
    message = refused(tmp_path if opened == "folder" else pair[opened])
    assert message.startswith(f"{pair[broken].name} is damaged")


def test_an_empty_file_named_like_digits_is_said_to_be_empty(tmp_path):
    (tmp_path / _NAMES[0][0]).touch()
    assert "is empty" in refused(tmp_path)


def test_a_test_part_of_another_size_is_refused(tmp_path):
    write_pair(tmp_path, "train-images-idx3-ubyte", "train-labels-idx1-ubyte", side=4)
    write_pair(tmp_path, "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte", side=5)
    assert "another size" in refused(tmp_path)


def test_pairs_that_do_not_say_what_they_are_for_are_refused(tmp_path):
    write_pair(tmp_path, "red-images-idx3-ubyte", "red-labels-idx1-ubyte")
    write_pair(tmp_path, "blue-images-idx3-ubyte", "blue-labels-idx1-ubyte")
    assert "which to train on" in refused(tmp_path)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_a_folder_one_may_not_read_is_a_dataset_error(tmp_path):
    folder = tmp_path / "locked"
    folder.mkdir(0o000)
    try:
        assert "you may not read it" in refused(folder)
    finally:
        folder.chmod(0o700)


# Real files ---------------------------------------------------------------------------


@pytest.mark.slow
def test_mnist_is_known_by_its_content(shared_data, tmp_path):
    folder = tmp_path / "downloads"
    shutil.copytree(shared_data("mnist"), folder)
    dataset = open_dataset(folder)
    assert dataset.name == "MNIST"
    assert (len(dataset.train), len(dataset.test)) == (60_000, 10_000)
    assert dataset.counts()[:3].tolist() == [5923, 6742, 5958]
    assert dataset.counts("test")[:3].tolist() == [980, 1135, 1032]
    assert dataset.counts("validation").tolist() == [0] * 10


def test_a_part_alone_is_read(mnist_small, tmp_path):
    folder = tmp_path / "kmnist"
    folder.mkdir()
    for path in mnist_small.glob("t10k-*"):
        shutil.copy(path, folder)
    dataset = open_dataset(folder)
    assert len(dataset.train) == 500
    assert dataset.test is None
    assert dataset.name == "kmnist"


def test_the_first_digits_of_mnist_are_no_mnist(mnist_small):
    dataset = open_dataset(mnist_small)
    assert dataset.name == "mnist-small"
    assert (len(dataset.train), len(dataset.test)) == (2000, 500)
    assert dataset.train.labels[:5].tolist() == [5, 0, 4, 1, 9]


def test_a_folder_with_a_broken_download_is_refused(mnist_small, tmp_path):
    name = "train-images-idx3-ubyte.gz"
    (tmp_path / name).write_bytes((mnist_small / name).read_bytes()[:200_000])
    assert "breaks off early" in refused(tmp_path)


def test_progress_of_a_folder_rises_to_one(mnist_small):
    shares: list[float] = []
    open_dataset(mnist_small, shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1)
    assert len(set(shares)) >= 4  # some of each file
