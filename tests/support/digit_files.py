"""What the tests of all readers share: a few digits, and what must hold for any file."""

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from hypothesis import strategies as st

from core.base.errors import DatasetError
from core.data.reader import READERS, RawData
from core.data.readers import open_dataset

MOST_MEMORY = 300 << 20  # bytes that reading any file of a few KB may take


def digits(count=24, side=6, seed=0):
    """Return images (N, side, side) of bytes, dark along their edges, and labels 0..9."""
    rng = np.random.default_rng(seed)
    images = np.zeros((count, side, side), np.uint8)
    images[:, 1:-1, 1:-1] = rng.integers(0, 256, (count, side - 2, side - 2))
    images[0, 1, 1] = 255
    return images, (np.arange(count) % 10).astype(np.uint8)


def same(part, images, labels):
    """Check that a part holds exactly these."""
    np.testing.assert_array_equal(part.images, images)
    np.testing.assert_array_equal(part.labels, labels)


def refused(path):
    """Open what cannot be opened; return what is said about it."""
    with pytest.raises(DatasetError) as caught:
        open_dataset(path)
    assert caught.value.message.endswith(".")
    assert caught.value.hint.endswith(".")
    return caught.value.message


@st.composite
def damage(draw, content: bytes):
    """Cut a file off, change a byte of it, or both."""
    changed = bytearray(content)
    if draw(st.booleans()):
        place = draw(st.integers(0, len(changed) - 1))
        changed[place] ^= draw(st.integers(1, 255))
    if draw(st.booleans()):
        del changed[draw(st.integers(0, len(changed) - 1)) :]
    return bytes(changed)


def read_or_refuse(key: str, path: Path) -> RawData | None:
    """Read a file that may be damaged: valid data, or a DatasetError, in little memory."""
    tracemalloc.start()
    refusal = raw = None
    try:
        reader = READERS[key]
        reader.recognises(path)
        raw = reader.read(path)
    except DatasetError as error:
        refusal = error
    finally:
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert peak < MOST_MEMORY
    if refusal is not None:
        assert refusal.message.endswith(".")
        assert refusal.hint
    for part in raw.parts.values() if raw else ():
        assert part.images.ndim == 3
        assert len(part.images) == len(part.labels) >= 1
        assert part.images.shape[1:] == raw.train.images.shape[1:]
        assert part.labels.dtype.kind in "biu"
        assert part.images.dtype in (np.uint8, np.float32)
    return raw
