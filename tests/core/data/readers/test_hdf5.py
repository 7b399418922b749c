"""HDF5 files: read in a process of their own, and only what lies in them."""

import io
import os
import subprocess
import sys

import h5py
import numpy as np
import pytest
from hypothesis import given

from core.base.errors import DatasetError
from core.data.reader import READERS
from core.data.readers import open_dataset, read_raw
from tests.support.bombs import zlib_zeros
from tests.support.digit_files import damage, digits, read_or_refuse, refused, same
from tests.support.examples import examples

_IMAGES, _LABELS = digits()


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return tmp_path_factory.mktemp("hdf5") / "digits.h5"


def write(path, **content):
    """Write arrays; "__" in a name stands for a group."""
    with h5py.File(path, "w") as file:
        for name, value in content.items():
            file[name.replace("__", "/")] = value
    return path


@pytest.mark.parametrize(
    "names",
    [
        ("images", "labels"),
        ("train__images", "train__labels"),
        ("mnist__x_train", "mnist__y_train"),
        ("data", "target"),
    ],
)
def test_usual_names_are_found(tmp_path, names):
    path = write(tmp_path / "digits.h5", **dict(zip(names, (_IMAGES, _LABELS), strict=True)))
    dataset = open_dataset(path)
    same(dataset.train, _IMAGES, _LABELS)
    assert dataset.key == "hdf5"


def test_parts_forms_and_packings_are_understood(tmp_path):
    path = tmp_path / "digits.h5"
    with h5py.File(path, "w") as file:
        file.create_dataset("train/X", data=_IMAGES.astype(float), compression="gzip", shuffle=True)
        file.create_dataset("train/y", data=np.eye(10)[_LABELS], compression="lzf")
        file.create_dataset("test/X", data=_IMAGES.reshape(24, 36).T, fletcher32=True)
        file.create_dataset("test/y", data=_LABELS[:, None].astype(">i8"))
        file["about"] = "text of variable length is passed over"
    raw = read_raw(path)
    same(raw.train, _IMAGES, _LABELS)
    same(raw.test, _IMAGES, _LABELS)
    assert raw.train.images.dtype == np.uint8


def test_words_of_fixed_length_are_classes(tmp_path):
    words = np.array([b"two", b"one"] * 12)
    dataset = open_dataset(write(tmp_path / "digits.h5", images=_IMAGES, labels=words))
    assert dataset.class_names == ("one", "two")


def test_more_than_a_block_arrives_whole_and_tells_its_progress(tmp_path):
    images, labels = digits(20_000, 28)
    path = write(tmp_path / "digits.h5", images=images, labels=labels)
    shares: list[float] = []
    same(read_raw(path, shares.append).train, images, labels)
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_giving_up_ends_the_child(tmp_path):
    path = write(tmp_path / "digits.h5", images=_IMAGES, labels=_LABELS)

    def give_up(share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_raw(path, give_up)
    if hasattr(os, "waitpid"):
        with pytest.raises(ChildProcessError):  # none is left
            os.waitpid(-1, os.WNOHANG)


def test_models_and_other_files_are_not_taken_for_data(tmp_path):
    path = write(tmp_path / "model.h5", images=_IMAGES, labels=_LABELS)
    with h5py.File(path, "r+") as file:
        file.attrs["format"] = np.bytes_("inkling-model")
    assert not READERS["hdf5"].recognises(path)
    with pytest.raises(DatasetError, match="is a model, not data"):
        READERS["hdf5"].read(path)
    path.write_bytes(b"\x89HDX\r\n\x1a\n")
    assert not READERS["hdf5"].recognises(path)
    assert not READERS["hdf5"].recognises(tmp_path)


def _external_link(file):
    file["images"] = h5py.ExternalLink("other.h5", "images")


def _external_storage(file):
    file.create_dataset("images", (24, 6, 6), "u1", external=[("other.h5", 0, 24 * 36)])


def _virtual(file):
    layout = h5py.VirtualLayout((24, 6, 6), "u1")
    layout[...] = h5py.VirtualSource("other.h5", "images", (24, 6, 6))
    file.create_virtual_dataset("images", layout)


def _soft_link(file):
    file["images"] = h5py.SoftLink("/images")


def _variable(file):
    file.create_dataset("images", (24, 6, 6), h5py.vlen_dtype(np.uint8))


def _huge(file):
    file.create_dataset("images", (1 << 40, 28, 28), "u1", chunks=(1, 28, 28))


def _empty_claim(file):
    file.create_dataset("images", (24, 1000, 1000), "f8")  # declared, and nothing stored


def _loop(file):
    group = file.create_group("a")
    group["a"] = group


_ELSEWHERE = [_external_link, _external_storage, _virtual, _soft_link]
_NOT_THERE = [_variable, _huge, _empty_claim, _loop]


@pytest.mark.parametrize("make", _ELSEWHERE + _NOT_THERE)
def test_nothing_is_read_that_lies_elsewhere_or_is_not_there(tmp_path, make):
    write(tmp_path / "other.h5", images=_IMAGES)
    path = write(tmp_path / "digits.h5", labels=_LABELS)
    with h5py.File(path, "r+") as file:
        make(file)
    assert "holds no images with labels" in refused(path)


_READ_AND_MEASURE = """
import contextlib, pathlib, resource, sys
from core.data.readers import read_raw
from core.base.errors import DatasetError
with contextlib.suppress(DatasetError):  # newer libraries take what fits and drop the rest
    read_raw(pathlib.Path(sys.argv[1]))
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@pytest.mark.slow
def test_a_chunk_that_unpacks_to_gigabytes_ends_the_child_only(tmp_path):
    path = tmp_path / "digits.h5"
    bomb = zlib_zeros(1760 << 20)
    with h5py.File(path, "w") as file:
        file["labels"] = _LABELS
        item = file.create_dataset("images", (24, 6, 6), "u1", chunks=(24, 6, 6), compression=9)
        item.id.write_direct_chunk((0, 0, 0), bomb)
    assert path.stat().st_size < 2 << 20
    pytest.importorskip("resource")
    # In a small process: a child's figure begins with what its parent held.
    done = subprocess.run(
        [sys.executable, "-c", _READ_AND_MEASURE, str(path)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert int(done.stdout) < 1600 << 10


def test_a_gigabyte_of_zeros_in_a_megabyte_is_refused(tmp_path):
    path = tmp_path / "digits.h5"
    with h5py.File(path, "w") as file:
        shape, chunk = (1 << 18, 32, 32), (1 << 14, 32, 32)
        file.create_dataset("images", shape, "u1", chunks=chunk, compression=9)
        for start in range(0, shape[0], chunk[0]):
            file["images"].id.write_direct_chunk((start, 0, 0), zlib_zeros(1 << 24))
        file["labels"] = np.zeros(shape[0], np.uint8)
    assert "claims to hold more" in refused(path)


def _content():
    content = io.BytesIO()
    with h5py.File(content, "w") as file:
        file["images"], file["labels"] = _IMAGES, _LABELS
    return content.getvalue()


@examples(0.12)  # each starts a process
@given(content=damage(_content()))
def test_a_damaged_file_is_refused_or_holds_valid_data(file, content):
    file.write_bytes(content)
    read_or_refuse("hdf5", file)
