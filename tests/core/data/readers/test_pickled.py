"""Pickles: arrays come out of them, and nothing else ever happens."""

import gzip
import os
import pickle
import pickletools
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.base.errors import DatasetError
from core.data.readers import open_dataset, read_raw
from tests.support.bombs import gzip_zeros
from tests.support.digit_files import damage, digits, read_or_refuse, refused, same

_IMAGES, _LABELS = digits()
_BOOK = {  # as the book "Deep Learning from Scratch" keeps MNIST
    "train_img": _IMAGES.reshape(24, 36),
    "train_label": _LABELS,
    "test_img": _IMAGES[:5].reshape(5, 36),
    "test_label": _LABELS[:5],
}
_PROTOCOLS = pytest.mark.parametrize("protocol", range(6))


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    return tmp_path_factory.mktemp("pickle") / "mnist.pkl"


@_PROTOCOLS
def test_a_dict_of_arrays_is_read_in_every_protocol(tmp_path, protocol):
    path = tmp_path / "mnist.pkl"
    path.write_bytes(pickle.dumps(_BOOK, protocol))
    dataset = open_dataset(path)
    same(dataset.train, _IMAGES, _LABELS)
    same(dataset.test, _IMAGES[:5], _LABELS[:5])


@_PROTOCOLS
def test_tuples_of_images_and_labels_are_training_validation_and_test(tmp_path, protocol):
    pairs = tuple(
        (_IMAGES[:count].reshape(count, 36).astype(">f4") / 256, _LABELS[:count].tolist())
        for count in (24, 6, 5)
    )
    path = tmp_path / "mnist.pkl.gz"
    path.write_bytes(gzip.compress(pickle.dumps(pairs, protocol)))
    raw = read_raw(path)
    same(raw.train, _IMAGES / np.float32(256), _LABELS)
    assert (len(raw.validation), len(raw.test)) == (6, 5)
    assert raw.train.images.dtype == np.float32


@_PROTOCOLS
@pytest.mark.parametrize(
    "content",
    [
        ((_IMAGES, _LABELS), (_IMAGES[:5], _LABELS[:5])),
        (np.asfortranarray(_IMAGES), _LABELS.astype("U1")),
        {b"data": _IMAGES.astype(np.int64), b"labels": [str(label) for label in _LABELS]},
        {"x": _IMAGES, "y": _LABELS, "size": np.float64(3), "about": ["words", None, {}]},
    ],
    ids=["Keras", "columns", "bytes as keys", "scalars"],
)
def test_other_usual_forms_are_read(tmp_path, protocol, content):
    path = tmp_path / "mnist.pkl"
    path.write_bytes(pickle.dumps(content, protocol))
    same(open_dataset(path).train, _IMAGES, _LABELS)


@pytest.mark.slow
def test_the_books_file_is_read(shared_data):
    shares: list[float] = []
    raw = read_raw(shared_data("nielsen/mnist.pkl.gz"), shares.append)
    assert [len(part) for part in raw.parts.values()] == [50_000, 10_000, 10_000]
    assert raw.train.images.shape == (50_000, 28, 28)
    assert raw.train.labels[:5].tolist() == [5, 0, 4, 1, 9]
    assert shares == sorted(shares)
    assert len(shares) > 10


# Harm ---------------------------------------------------------------------------------


class Harm:
    """Runs what it was told, when it is unpickled."""

    def __init__(self, function, *arguments):
        self.call = (function, arguments)

    def __reduce__(self):
        return self.call


@_PROTOCOLS
@pytest.mark.parametrize(
    "make",
    [
        lambda mark: Harm(os.system, f"touch {mark}"),
        lambda mark: Harm(eval, f"open({str(mark)!r}, 'w')"),
        lambda mark: Harm(exec, f"open({str(mark)!r}, 'w')"),
        lambda mark: Harm(getattr, "text", "upper"),
        lambda mark: np.array([Harm(os.system, f"touch {mark}")], object),
        lambda mark: Harm(np.load, str(mark)),
        lambda mark: Harm(np.fromfile, str(mark)),
        lambda mark: Harm(bytes, 1 << 40),
        lambda mark: np.ma.array([1, 2]),
        lambda mark: {1, 2},
    ],
    ids=["system", "eval", "exec", "getattr", "objects", "load", "fromfile", "zeros", "ma", "set"],
)
def test_a_harmful_pickle_runs_nothing(tmp_path, protocol, make):
    mark = tmp_path / "mark"
    path = tmp_path / "mnist.pkl"
    path.write_bytes(pickle.dumps({"x": _IMAGES, "y": make(mark)}, protocol))
    said = refused(path)
    assert "was not run" in said or "damaged" in said
    assert not mark.exists()


def test_all_commands_of_python_are_carried_out_or_refused(file):
    for command in pickletools.opcodes:
        file.write_bytes(b"\x80\x02" + command.code.encode("latin-1") + bytes(12) + b"\n.")
        assert read_or_refuse("pickle", file) is None, command.name


@pytest.mark.parametrize(
    "commands",
    [
        b"\x8d" + (1 << 40).to_bytes(8, "little"),  # text of a terabyte
        b"\x8e" + (1 << 29).to_bytes(8, "little"),  # bytes of half a gigabyte
        b"]r\xf0\xff\xff\xff",  # a place far out in the memo
        b"\x8b\xff\xff\xff\x7f",  # a number of 2 GB
        b"\x8b\xff\xff\xff\xff",  # of a negative length
    ],
)
def test_false_claims_are_refused_before_memory_is_asked_for(file, commands):
    file.write_bytes(b"\x80\x04" + commands + b".")
    tracemalloc.start()
    with pytest.raises(DatasetError):
        read_raw(file)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1 << 20


def test_a_bomb_of_a_megabyte_that_holds_a_gigabyte_is_refused(tmp_path):
    path = tmp_path / "mnist.pkl.gz"
    head = b"\x80\x04\x8e" + (1 << 30).to_bytes(8, "little")
    path.write_bytes(gzip_zeros(1 << 30, head) + gzip.compress(b"."))
    tracemalloc.start()
    with pytest.raises(DatasetError, match="claims to hold more"):
        read_raw(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2 << 20


_MANY_COPIES = (
    b"\x80\x02(c_codecs\nencode\nq\x00X" + (1 << 22).to_bytes(4, "little") + b"a" * (1 << 22)
    + b"q\x01X\x06\x00\x00\x00latin1q\x02" + b"h\x00h\x01h\x02\x86R" * 2000 + b"l."
)  # fmt: skip
_LISTS_OF_ITSELF = b"\x80\x02]q\x00(" + b"h\x00" * 1000 + b"e."
_DEEP = b"\x80\x02" + b"]" * 100_000 + b"a" * 99_999 + b"."


@pytest.mark.parametrize("content", [_MANY_COPIES, _LISTS_OF_ITSELF, _DEEP])
def test_small_pickles_cannot_grow_without_end(file, content):
    file.write_bytes(content)
    assert read_or_refuse("pickle", file) is None  # in bounded memory, too


@given(data=st.data(), protocol=st.integers(0, 5))
def test_a_damaged_pickle_is_refused_or_holds_valid_data(file, data, protocol):
    file.write_bytes(data.draw(damage(pickle.dumps(_BOOK, protocol))))
    read_or_refuse("pickle", file)


@given(content=damage(gzip.compress(pickle.dumps(_BOOK))))
def test_a_damaged_packed_pickle_is_refused_or_the_same(file, content):
    path = file.with_suffix(".pkl.gz")
    path.write_bytes(content)
    raw = read_or_refuse("pickle", path)
    if raw is not None:  # gzip has a check sum
        same(raw.train, _IMAGES, _LABELS)


@given(junk=st.binary(max_size=200))
def test_junk_is_refused(file, junk):
    file.write_bytes(b"\x80\x04" + junk)
    assert read_or_refuse("pickle", file) is None
