"""One IDX file: whatever is in it, an array or a DatasetError."""

import contextlib
import gzip
import struct
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from core.base.errors import DatasetError
from core.untrusted.parsing.idxfile import (
    LONGEST_SIDE,
    MOST_VALUES,
    looks_like_idx,
    read_header,
    read_values,
)
from tests.support.bombs import gzip_zeros

_SHAPES = st.one_of(
    st.tuples(st.integers(1, 30)),
    st.tuples(st.integers(1, 5), st.integers(2, 5), st.integers(2, 5)),
)  # labels, images
_PACK = pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])


def idx_bytes(array, kind=0x08):
    header = bytes((0, 0, kind, array.ndim)) + struct.pack(f">{array.ndim}I", *array.shape)
    return header + array.tobytes()


def read(path):
    return read_values(path, read_header(path))


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """One place for the many files of a property test."""
    return tmp_path_factory.mktemp("idx") / "some-images-idx3-ubyte"


@_PACK
@given(array=_SHAPES.flatmap(lambda shape: hnp.arrays(np.uint8, shape)))
def test_what_is_written_is_read(pack, file, array):
    file.write_bytes(pack(idx_bytes(array)))
    np.testing.assert_array_equal(read(file), array)
    assert looks_like_idx(file)


@_PACK
@given(data=st.data())
def test_any_truncation_is_a_dataset_error(pack, file, data):
    whole = pack(idx_bytes(np.arange(32, dtype=np.uint8).reshape(2, 4, 4)))
    file.write_bytes(whole[: data.draw(st.integers(0, len(whole) - 1))])
    with pytest.raises(DatasetError) as caught:
        read(file)
    assert caught.value.hint


@_PACK
@given(junk=st.binary(max_size=64))
def test_junk_never_raises_anything_else(pack, file, junk):
    file.write_bytes(pack(junk))
    with contextlib.suppress(DatasetError):
        assert read(file).size < 64


@given(data=st.data())
def test_a_flipped_byte_in_a_packed_file_never_raises_anything_else(file, data):
    whole = bytearray(gzip.compress(idx_bytes(np.zeros((3, 4, 4), np.uint8))))
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
    file.write_bytes(whole)
    try:
        values = read(file)
    except DatasetError:
        return
    # Only bytes that say nothing about the content (time, system) may change freely.
    assert not values.any()


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ((0xFFFFFFFF, 0xFFFF, 0xFFFF), "more than this program reads"),
        ((MOST_VALUES + 1,), "more than this program reads"),
        ((1, LONGEST_SIDE + 1, 1), "more than this program reads"),
        ((900_000, 28, 28), "damaged"),
        ((0, 28, 28), "holds no images or labels"),
    ],
)
@_PACK
def test_a_false_header_is_refused_before_memory_is_asked_for(tmp_path, pack, shape, words):
    path = tmp_path / "huge"
    header = bytes((0, 0, 8, len(shape))) + struct.pack(f">{len(shape)}I", *shape)
    path.write_bytes(pack(header + bytes(100)))
    tracemalloc.start()
    try:
        with pytest.raises(DatasetError, match=words):
            read(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1 << 20


@_PACK
def test_a_byte_too_many_is_an_error(tmp_path, pack):
    path = tmp_path / "long"
    path.write_bytes(pack(idx_bytes(np.zeros(5, np.uint8)) + b"x"))
    with pytest.raises(DatasetError, match="should hold 5 values"):
        read(path)


@pytest.mark.parametrize("shape", [(9, 784), (9, 28, 28, 1), (9, 1, 28, 28), (9, 784, 1)])
def test_flat_images_and_those_with_one_channel_are_images(tmp_path, shape):
    values = np.arange(9 * 784, dtype=np.uint8)
    path = tmp_path / "images"
    path.write_bytes(idx_bytes(values.reshape(shape)))
    assert read_header(path).holds_images
    np.testing.assert_array_equal(read(path), values.reshape(9, 28, 28))


@_PACK
@pytest.mark.parametrize("shape", [(700, 28, 28, 3), (700, 3, 28, 28), (700, 28, 28, 4)])
def test_colours_become_gray(tmp_path, pack, shape):
    path = tmp_path / "images"
    path.write_bytes(pack(idx_bytes(np.full(shape, 90, np.uint8))))
    images = read(path)
    assert images.shape == (700, 28, 28)
    assert (images == 90).all()
    path.write_bytes(pack(idx_bytes(np.full(shape, 90, np.uint8))[:-1]))
    with pytest.raises(DatasetError):
        read(path)


def test_labels_may_be_a_column(tmp_path):
    path = tmp_path / "labels"
    path.write_bytes(idx_bytes(np.array([[1], [2], [3]], np.uint8)))
    assert not read_header(path).holds_images
    assert read(path).tolist() == [1, 2, 3]


def test_a_bomb_of_a_megabyte_that_holds_a_gigabyte_is_refused_unread(tmp_path):
    path = tmp_path / "bomb.gz"
    head = bytes((0, 0, 8, 3)) + struct.pack(">3I", 1 << 20, 32, 32)
    path.write_bytes(gzip_zeros(1 << 30, head))
    tracemalloc.start()
    try:
        with pytest.raises(DatasetError, match="damaged"):
            read(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1 << 20


@pytest.mark.parametrize("shape", [(2, 3), (1, 2, 2, 5), (1, 2, 2, 3, 1)])
def test_other_shapes_are_refused(tmp_path, shape):
    path = tmp_path / "axes"
    path.write_bytes(idx_bytes(np.zeros(shape, np.uint8)))
    with pytest.raises(DatasetError, match="neither images nor labels"):
        read_header(path)


def test_other_types_of_values_are_refused(tmp_path):
    path = tmp_path / "floats"
    path.write_bytes(idx_bytes(np.zeros((2, 2, 2), np.float32), kind=0x0D))
    with pytest.raises(DatasetError, match="0x0d"):
        read_header(path)


def test_an_empty_file_is_called_empty(tmp_path):
    (tmp_path / "none").touch()
    with pytest.raises(DatasetError, match="is empty"):
        read_header(tmp_path / "none")


def test_a_missing_file_is_a_dataset_error(tmp_path):
    with pytest.raises(DatasetError, match="does not exist"):
        read_header(tmp_path / "none")


def test_a_download_that_broke_off_is_called_incomplete(mnist_small, tmp_path):
    path = tmp_path / "broken.gz"
    path.write_bytes((mnist_small / "train-images-idx3-ubyte.gz").read_bytes()[:100_000])
    with pytest.raises(DatasetError, match="breaks off early"):
        read(path)


def test_reading_tells_its_progress(tmp_path):
    path = tmp_path / "some"
    path.write_bytes(idx_bytes(np.zeros(3_000_000, np.uint8)))
    shares: list[float] = []
    read_values(path, read_header(path), shares.append)
    assert len(shares) == 3
    assert shares == sorted(shares)
    assert shares[-1] == 1
