"""MATLAB's files: Coursera's digits, EMNIST's nested ones, and damaged ones."""

import io
import struct

import h5py
import numpy as np
import pytest
import scipy.io
from hypothesis import given
from hypothesis import strategies as st

from core.data.readers import open_dataset, read_raw
from core.untrusted.sandbox.matlab import read_matlab
from core.untrusted.sandbox.sending import ChildRefusal
from tests.support.bombs import zlib_zeros
from tests.support.coursera import coursera_digits
from tests.support.digit_files import damage, digits, read_or_refuse, refused, same
from tests.support.examples import examples

_IMAGES, _LABELS = digits()
_COLUMNS = _IMAGES.swapaxes(1, 2).reshape(24, 36)  # as MATLAB flattens images


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return tmp_path_factory.mktemp("matlab") / "digits.mat"


def matlab_bytes(**arrays):
    content = io.BytesIO()
    scipy.io.savemat(content, arrays, do_compression=True)
    return content.getvalue()


def saved(path, **arrays):
    path.write_bytes(matlab_bytes(**arrays))
    return path


@pytest.fixture(params=["like it", pytest.param("itself", marks=pytest.mark.slow)])
def courseras(request, tmp_path):
    """The digits of the Coursera exercise, and a file of the same form of digits of MNIST."""
    if request.param == "itself":
        return request.getfixturevalue("shared_data")("coursera/ex4data1_8bit.mat")
    return coursera_digits(tmp_path / "digits.mat", request.getfixturevalue("mnist_small"))


def test_courseras_digits_stand_upright_with_ten_as_zero(courseras):
    dataset = open_dataset(courseras)
    assert dataset.train.images.shape[1:] == (20, 20)
    assert len(set(dataset.counts().tolist())) == 1
    assert dataset.train.labels[0] == 0
    assert dataset.correction["transpose"] == "yes"
    assert dataset.correction["labels"] == "ten-is-zero"
    ones = dataset.train.images[dataset.train.labels == 1].astype(float).mean(axis=0)
    ink = ones > 100
    assert np.ptp(np.flatnonzero(ink.any(axis=1))) > np.ptp(np.flatnonzero(ink.any(axis=0)))


def test_weights_are_no_data(tmp_path):
    path = saved(tmp_path / "w.mat", Theta1=np.ones((25, 401)), Theta2=np.ones((10, 26)))
    assert "among Theta1, Theta2" in refused(path)


def test_emnists_nested_struct_is_read(tmp_path):
    part = {"images": _COLUMNS, "labels": _LABELS[:, None].astype(float), "writers": _LABELS}
    path = saved(
        tmp_path / "emnist-digits.mat",
        dataset={"train": part, "test": part, "mapping": np.zeros((10, 2))},
    )
    dataset = open_dataset(path)
    same(dataset.train, _IMAGES, _LABELS)
    same(dataset.test, _IMAGES, _LABELS)


def test_emnists_letters_count_from_a(tmp_path):
    part = {"images": _COLUMNS, "labels": _LABELS[:, None] + 1}
    dataset = open_dataset(saved(tmp_path / "emnist-letters.mat", dataset={"train": part}))
    assert dataset.class_names[:2] == ("A", "B")
    same(dataset.train, _IMAGES, _LABELS)


def test_images_side_by_side_and_an_array_for_each_digit_are_not_turned(tmp_path):
    path = saved(tmp_path / "a.mat", images=np.moveaxis(_IMAGES, 0, -1), labels=_LABELS)
    same(open_dataset(path).train, _IMAGES, _LABELS)
    flat = _IMAGES.reshape(24, 36)
    path = saved(tmp_path / "b.mat", data=flat.T, label=_LABELS.astype(float))
    same(open_dataset(path).train, _IMAGES, _LABELS)
    path = saved(
        tmp_path / "mnist_all.mat",
        **{
            f"{part}{digit}": flat[:12] + digit for part in ("train", "test") for digit in range(10)
        },
    )
    dataset = open_dataset(path)
    assert dataset.counts("test").tolist() == [12] * 10
    np.testing.assert_array_equal(dataset.train.images[-1], _IMAGES[11] + 9)


def test_words_in_cells_are_classes(tmp_path):
    words = np.array(["two", "one"] * 12, object)
    path = saved(tmp_path / "digits.mat", X=_COLUMNS, y=words)
    assert open_dataset(path).class_names == ("one", "two")


def test_files_of_version_7_3_are_hdf5_with_columns_first(tmp_path):
    path = tmp_path / "digits.mat"
    with h5py.File(path, "w", userblock_size=512) as file:
        file["X"] = _COLUMNS.T
        file["y"] = np.where(_LABELS == 0, 10, _LABELS)[None].astype(float)
    with path.open("r+b") as stream:
        stream.write(b"MATLAB 7.3 MAT-file, Platform: GLNXA64".ljust(512, b" "))
    dataset = open_dataset(path)
    same(dataset.train, _IMAGES, _LABELS)
    assert dataset.key == "matlab"


def test_a_bomb_is_refused_before_it_is_unpacked(tmp_path):
    path = tmp_path / "bomb.mat"
    packed = zlib_zeros(1 << 30)
    start = matlab_bytes(y=_LABELS)[:128]
    path.write_bytes(start + struct.pack("<II", 15, len(packed)) + packed)
    assert path.stat().st_size < 1.1e6
    assert "claims to hold more" in refused(path)


@examples(0.1)  # each starts a process
@given(content=damage(matlab_bytes(X=_COLUMNS, y=_LABELS)))
def test_a_damaged_file_is_refused_or_holds_valid_data(file, content):
    file.write_bytes(content)
    read_or_refuse("matlab", file)


@examples(0.05)
@given(junk=st.binary(max_size=100))
def test_junk_is_refused(file, junk):
    file.write_bytes(b"MATLAB 5.0 MAT-file".ljust(124) + b"\x00\x01IM" + junk)
    assert read_or_refuse("matlab", file) is None


def test_arrays_that_do_not_fit_are_refused_by_the_child_itself(tmp_path):
    path = saved(tmp_path / "digits.mat", X=_COLUMNS, y=_LABELS[:-1])
    with pytest.raises(ChildRefusal, match="no images with labels"):
        read_matlab(path, io.BytesIO())
    assert read_raw(saved(path, X=_COLUMNS, y=_LABELS)).train.labels.tolist() == _LABELS.tolist()
