"""Opening: whatever is there, the right reader finds it, in bounded memory."""

import gzip
import pickle
import struct
import subprocess
import sys

import h5py
import numpy as np
import pytest

from core.data.readers import open_dataset
from tests.support.digit_files import digits, refused, same

_IMAGES, _LABELS = digits()
_KILOBYTES = {"linux": 1024, "darwin": 1}.get(sys.platform, 0)  # bytes to a unit of ru_maxrss


def test_the_only_data_set_in_a_folder_is_opened_and_of_two_one_must_be_chosen(tmp_path):
    (tmp_path / "read me.txt").write_text("digits")
    with gzip.open(tmp_path / "mnist.pkl.gz", "wb") as stream:
        pickle.dump({"x": _IMAGES, "y": _LABELS}, stream)
    same(open_dataset(tmp_path).train, _IMAGES, _LABELS)
    with h5py.File(tmp_path / "digits.h5", "w") as file:
        file["images"], file["labels"] = _IMAGES, _LABELS
    message = refused(tmp_path)
    assert "digits.h5, mnist.pkl.gz" in message


@pytest.mark.parametrize("name", ["digits.csv", "digits", "mnist.npz", "a.idx", "digits.mat.txt"])
def test_files_are_known_by_content_whatever_they_are_called(tmp_path, name):
    path = tmp_path / name
    np.savez(tmp_path / "some.npz", images=_IMAGES, labels=_LABELS)
    (tmp_path / "some.npz").rename(path)
    assert open_dataset(path).key == "npz"
    with h5py.File(path, "w") as file:
        file["images"], file["labels"] = _IMAGES, _LABELS
    assert open_dataset(path).key == "hdf5"
    path.write_bytes(pickle.dumps({"x": _IMAGES, "y": _LABELS}))
    assert open_dataset(path).key == "pickle"
    np.savetxt(path, np.column_stack([_LABELS, _IMAGES.reshape(24, 36)]), "%d", ",")
    assert open_dataset(path).key == "csv"


def _write(kind, folder, count):
    images = np.tile(digits(1000, 28)[0], (count // 1000, 1, 1))
    labels = (np.arange(count) % 10).astype(np.uint8)
    path = folder / f"digits.{kind}"
    if kind == "npz":
        np.savez(path, images=images, labels=labels)
    elif kind == "h5":
        with h5py.File(path, "w") as file:
            file.create_dataset("images", data=images, chunks=(1000, 28, 28), compression=1)
            file["labels"] = labels
    elif kind == "csv":
        rows = [
            ",".join(map(str, [label, *row]))
            for row, label in zip(images[:1000].reshape(-1, 784).tolist(), labels, strict=False)
        ]
        path.write_text("\n".join(rows * (count // 1000)))
    else:
        path = folder / "images-ubyte"
        path.write_bytes(bytes((0, 0, 8, 3)) + struct.pack(">3I", *images.shape) + images.tobytes())
        (folder / "labels-ubyte").write_bytes(
            bytes((0, 0, 8, 1)) + struct.pack(">I", count) + labels.tobytes()
        )
    return path


_MEASURE = """
import resource, sys
from core.data.readers import open_dataset
from tests.support.peak_memory import peak_bytes
before = peak_bytes()
dataset = open_dataset(sys.argv[1])
assert dataset.train.images.dtype == "uint8"
child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(len(dataset.train), peak_bytes() - before, child)
"""


@pytest.mark.slow
@pytest.mark.skipif(not _KILOBYTES, reason="this system does not tell the memory used")
@pytest.mark.parametrize("kind", ["idx", "npz", "h5", "csv"])
def test_memory_is_little_more_than_the_images(tmp_path, kind):
    count = 100_000
    path = _write(kind, tmp_path, count)
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, str(path)], capture_output=True, text=True, check=True
    )
    found, grown, child = map(int, done.stdout.split())
    assert found == count
    # A million take ten times the images' share of it: 1.3 GB at most.
    assert grown < count * 784 * 1.35 + (90 << 20)
    assert child * _KILOBYTES < 250 << 20
