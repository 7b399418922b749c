"""NumPy's files: under any usual names, in one file or two, and never unpacked blindly."""

import io
import struct
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.base.errors import DatasetError
from core.data.readers import open_dataset, read_raw
from tests.support.bombs import zip_zeros
from tests.support.digit_files import damage, digits, read_or_refuse, refused, same

_IMAGES, _LABELS = digits()


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return tmp_path_factory.mktemp("npz") / "some.npz"


def packed(**arrays):
    content = io.BytesIO()
    np.savez_compressed(content, **arrays)
    return content.getvalue()


_SOME = packed(x_train=_IMAGES, y_train=_LABELS, x_test=_IMAGES[:5], y_test=_LABELS[:5])


def test_kerass_four_arrays_are_two_parts(tmp_path):
    (tmp_path / "mnist.npz").write_bytes(_SOME)
    dataset = open_dataset(tmp_path / "mnist.npz")
    same(dataset.train, _IMAGES, _LABELS)
    same(dataset.test, _IMAGES[:5], _LABELS[:5])
    assert dataset.key == "npz"


@pytest.mark.parametrize(
    ("images", "labels"),
    [
        ("images", "labels"),
        ("X", "y"),
        ("data", "target"),
        ("x_data", "y_data"),
        ("trainX", "trainY"),
        ("train_img", "train_label"),
        ("train_images", "train_labels"),
        ("this", "that"),
    ],
)
def test_usual_names_and_the_only_pair_are_found(tmp_path, images, labels):
    np.savez(tmp_path / "some.npz", **{images: _IMAGES, labels: _LABELS})
    same(open_dataset(tmp_path / "some.npz").train, _IMAGES, _LABELS)


@pytest.mark.parametrize(
    "stored",
    [
        _IMAGES.reshape(24, 36),
        _IMAGES[..., None],
        _IMAGES[:, None],
        np.asfortranarray(_IMAGES),
        _IMAGES.astype(np.int64),
        _IMAGES.astype(">f8"),
        np.repeat(_IMAGES[..., None], 3, axis=-1),
        np.moveaxis(_IMAGES, 0, -1),
    ],
    ids=["flat", "channel last", "channel first", "columns", "int64", "float", "rgb", "N last"],
)
def test_images_may_be_stored_in_any_way(tmp_path, stored):
    np.savez(tmp_path / "some.npz", images=stored, labels=_LABELS)
    part = read_raw(tmp_path / "some.npz").train
    same(part, _IMAGES, _LABELS)
    assert part.images.dtype == np.uint8


@pytest.mark.parametrize(
    "stored", [_LABELS[:, None], np.eye(10)[_LABELS], _LABELS.astype(float), _LABELS.astype("U")]
)
def test_labels_may_be_a_column_one_hot_floats_or_text(tmp_path, stored):
    np.savez(tmp_path / "some.npz", images=_IMAGES, labels=stored)
    same(open_dataset(tmp_path / "some.npz").train, _IMAGES, _LABELS)


def test_words_become_classes_in_order_of_number_and_name(tmp_path):
    words = np.array(["ten", "two", "b10", "b9"])
    np.savez(tmp_path / "some.npz", images=_IMAGES[:4], labels=words)
    dataset = open_dataset(tmp_path / "some.npz")
    assert dataset.class_names == ("two", "b9", "b10", "ten")
    assert dataset.train.labels.tolist() == [3, 0, 2, 1]


def test_the_other_array_is_found_beside_a_file_and_in_its_folder(tmp_path):
    np.save(tmp_path / "x_train.npy", _IMAGES)
    np.save(tmp_path / "y_train.npy", _LABELS)
    np.save(tmp_path / "x_test.npy", _IMAGES[:5])
    np.save(tmp_path / "y_test.npy", _LABELS[:5])
    same(open_dataset(tmp_path / "y_test.npy").train, _IMAGES[:5], _LABELS[:5])
    dataset = open_dataset(tmp_path)
    same(dataset.train, _IMAGES, _LABELS)
    same(dataset.test, _IMAGES[:5], _LABELS[:5])


def test_kuzushiji_is_read_from_its_two_files_with_the_names_of_its_classes(tmp_path):
    names = ("kmnist-test-imgs.npz", "kmnist-test-labels.npz")
    for name, array in zip(names, (_IMAGES, _LABELS), strict=True):
        np.savez(tmp_path / name, array)  # as they are published: one array, arr_0
    for name in names:
        dataset = open_dataset(tmp_path / name)
        same(dataset.train, _IMAGES, _LABELS)
        assert dataset.class_names[:3] == ("o", "ki", "su")


def test_a_fashion_file_has_class_names(tmp_path):
    (tmp_path / "fashion_mnist.npz").write_bytes(_SOME)
    assert open_dataset(tmp_path / "fashion_mnist.npz").class_names[9] == "Ankle boot"


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"images": _IMAGES}, "no images with labels"),
        ({"images": _IMAGES, "labels": _LABELS[:-1]}, "no images with labels"),
        ({"images": _IMAGES[:, :, :5], "labels": np.full(24, 0.5)}, "no whole numbers"),
        ({"images": _IMAGES, "labels": np.ones((24, 3))}, "one 1 among 0s"),
        ({"images": _IMAGES.astype("S3"), "labels": _LABELS}, "other things than numbers"),
        ({"images": _IMAGES + 0j, "labels": _LABELS}, "no images with labels"),
        ({"images": np.full((24, 6, 6), np.nan), "labels": _LABELS}, "no numbers"),
    ],
)
def test_what_cannot_be_used_is_explained(tmp_path, arrays, words):
    np.savez(tmp_path / "some.npz", **arrays)
    assert words in refused(tmp_path / "some.npz")


def test_pickled_objects_are_never_read(tmp_path):
    class Harm:
        def __reduce__(self):
            return (tmp_path.joinpath("harm").touch, ())

    objects = np.array([Harm(), Harm()], object)
    np.savez(tmp_path / "some.npz", images=_IMAGES, labels=objects, more=objects)
    assert "no images with labels" in refused(tmp_path / "some.npz")
    np.save(tmp_path / "labels.npy", objects)
    refused(tmp_path / "labels.npy")
    assert not (tmp_path / "harm").exists()


def test_a_bomb_is_refused_before_memory_is_asked_for(tmp_path):
    path = tmp_path / "bomb.npz"
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "|u1", "fortran_order": False, "shape": (1 << 20, 32, 32)}
    )
    path.write_bytes(zip_zeros("images.npy", 1 << 30, header.getvalue()))
    assert path.stat().st_size < 1.1e6
    tracemalloc.start()
    try:
        with pytest.raises(DatasetError, match="claims to hold more"):
            read_raw(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 << 20


def test_a_false_size_in_the_archive_is_found_out(tmp_path):
    content = bytearray(packed(images=_IMAGES, labels=_LABELS))
    place = content.find(b"PK\x01\x02")
    struct.pack_into("<I", content, place + 24, 1 << 30)  # what the member is said to hold
    (tmp_path / "some.npz").write_bytes(content)
    assert "damaged" in refused(tmp_path / "some.npz")


@given(content=damage(_SOME))
def test_a_damaged_archive_is_refused_or_holds_valid_data(file, content):
    file.write_bytes(content)
    raw = read_or_refuse("npz", file)
    if raw is not None and raw.test is not None:
        same(raw.train, _IMAGES, _LABELS)  # each member has a check sum


@given(content=damage(_IMAGES.tobytes()), head=st.binary(max_size=30))
def test_junk_with_the_mark_of_a_file_is_refused(file, content, head):
    for mark in (b"PK\x03\x04", b"\x93NUMPY\x01\x00", b""):
        file.write_bytes(mark + head + content)
        assert read_or_refuse("npz", file) is None


@given(content=damage(np.lib.format.magic(1, 0) + packed(a=_LABELS)[:200]))
def test_a_damaged_array_file_is_refused(file, content):
    path = file.with_suffix(".npy")
    path.write_bytes(content)
    assert read_or_refuse("npz", path) is None


def test_progress_rises_to_one(tmp_path):
    np.savez(tmp_path / "some.npz", images=np.zeros((20_000, 28, 28), np.uint8),
             labels=np.zeros(20_000))  # fmt: skip
    shares: list[float] = []
    read_raw(tmp_path / "some.npz", shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert len(shares) > 2
