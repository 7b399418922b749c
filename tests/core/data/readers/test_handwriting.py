"""A handwriting file loads as a data set, like any other."""

import numpy as np
import pytest

from core.base.errors import DatasetError
from core.data.reader import READERS
from core.data.readers import open_dataset, read_raw
from core.imaging.synthesis import Hand, generate
from core.imaging.synthesis.own import OwnTemplate, Style, handwriting_of
from core.imaging.synthesis.style_file import FIRST_LINE, write_style

STYLE = Style(Hand(slant=0.6), (OwnTemplate(1, (((0.0, 4.5), (9.0, 4.5)),)),), "own", 1200, 4)


@pytest.fixture
def path(tmp_path):
    made = tmp_path / "mine.toml"
    write_style(made, STYLE)
    return made


def test_as_many_digits_are_made_as_the_file_says(path):
    data = open_dataset(path)
    assert (data.key, data.name, data.source) == (
        "handwriting",
        "Own handwriting style",
        str(path),
    )
    assert (len(data.train), len(data.validation), data.test) == (1200, 200, None)
    assert data.class_names == tuple("0123456789")


def test_they_are_written_in_this_handwriting(path):
    raw = read_raw(path)
    images, labels = generate(1200, 4, handwriting=handwriting_of(STYLE))
    np.testing.assert_array_equal(raw.train.images, images)
    np.testing.assert_array_equal(raw.train.labels, labels)


def test_validation_digits_are_others_than_the_training_digits(path):
    raw = read_raw(path)
    assert not np.array_equal(raw.validation.images, raw.train.images[:200])


def test_fresh_digits_are_written_in_this_handwriting_too(path):
    ones = read_raw(path).rewrite(np.ones(50, np.uint8), np.random.default_rng(0))
    rows, columns = ((ones.max(axis=axis) > 60).sum(axis=1) for axis in (2, 1))
    assert np.median(columns / rows) > 1.3  # level lines, where a 1 stands upright


def test_progress_rises_to_one(path):
    shares = []
    READERS["handwriting"].read(path, shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == pytest.approx(1)


def test_a_damaged_file_is_recognised_and_refused_in_words(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(f"{FIRST_LINE}\nhandwriting = ", encoding="utf-8")
    with pytest.raises(DatasetError, match="damaged"):
        open_dataset(path)
