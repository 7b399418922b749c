"""What a file's numbers mean: found out, overruled by the user, carried out in place."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from core.base.errors import ConfigError, DatasetError
from core.base.fields import from_plain, to_plain
from core.data.correction import Correction, corrected, correction_from, inspect, sample
from core.data.reader import RawData, RawPart
from tests.support.digit_files import digits

_IMAGES, _LABELS = digits()


def raw(images=_IMAGES, labels=_LABELS, **more):
    return RawData("some", "some digits", "/a/file", RawPart(images.copy(), labels.copy()), **more)


def made(data, **settings):
    return corrected(data, inspect(data, Correction(**settings)))


# Finding out --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("images", "scale"),
    [
        (_IMAGES, "255"),
        (_IMAGES // 16, "16"),
        (_IMAGES // 128, "1"),
        (_IMAGES.astype(np.float32) / 255, "1"),
        (_IMAGES.astype(np.float32) / 128, "range"),
        (_IMAGES.astype(np.float32) / 128 - 1, "range"),
        (_IMAGES.astype(np.float32) * 257, "range"),
        (np.zeros_like(_IMAGES), "1"),
    ],
)
def test_the_scale_is_found_out(images, scale):
    findings = inspect(raw(images))
    assert findings.correction.scale == scale
    assert (findings.low, findings.high) == (images.min(), images.max())


def test_polarity_is_told_by_the_edges_of_the_images():
    assert inspect(raw()).correction.polarity == "high"
    assert inspect(raw(255 - _IMAGES)).correction.polarity == "low"


def test_every_setting_is_decided_and_a_formats_suggestion_counts_below_the_users_word():
    data = raw(suggestion={"transpose": "yes", "labels": "auto", "scale": "16"})
    found = inspect(data).correction
    assert found == Correction("16", "high", "yes", "as-is", "as-is")
    assert inspect(data, Correction(transpose="no")).correction.transpose == "no"


def test_counts_names_and_shape_are_told():
    test = RawPart(_IMAGES[:5], _LABELS[:5])
    findings = inspect(raw(test=test))
    assert findings.shape == (6, 6)
    assert findings.counts["train"].tolist() == [3, 3, 3, 3, 2, 2, 2, 2, 2, 2]
    assert findings.counts["test"].tolist() == [1] * 5 + [0] * 5
    assert findings.class_names == tuple("0123456789")
    assert inspect(raw(labels=_LABELS % 3)).class_names == tuple("0123456789")
    assert inspect(raw(labels=_LABELS % 2, class_names=("a", "b"))).class_names == ("a", "b")
    assert inspect(raw(class_names=("a", "b"))).class_names == tuple("0123456789")
    assert len(inspect(raw(labels=_LABELS * 20)).class_names) == 181


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (raw(labels=_LABELS + 1), "If labels count from 1 here"),
        (raw(labels=np.where(_LABELS == 4, 5, _LABELS)), "no training image of 4"),
        (raw(), "very few images"),
        (raw(_IMAGES[:9], _LABELS[:9]), "too few to set some aside"),
        (raw(notes=("Two pictures were passed over.",)), "Two pictures were passed over."),
    ],
)
def test_what_looks_wrong_is_said(data, words):
    assert any(words in doubt for doubt in inspect(data).doubts)


def test_nothing_is_said_of_data_without_fault():
    images, labels = digits(200)
    assert inspect(raw(images, labels)).doubts == ()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (raw(np.full((24, 6, 6), np.nan)), "no numbers"),
        (raw(np.full((24, 6, 6), np.inf)), "no numbers"),
        (raw(labels=_LABELS.astype(int) - 1), "holds the label -1"),
        (raw(labels=_LABELS.astype(int) + 250), "holds the label 259"),
        (raw(suggestion={"labels": "minus-one"}), "holds the label -1"),
    ],
)
def test_what_cannot_be_is_refused(data, words):
    with pytest.raises(DatasetError, match=words) as caught:
        inspect(data)
    assert caught.value.hint
    assert str(caught.value.path) == "/a/file"


# Carrying out -------------------------------------------------------------------------


def test_bytes_that_are_right_already_are_not_touched_or_copied():
    data = raw()
    dataset = made(data)
    assert dataset.train.images is data.train.images
    np.testing.assert_array_equal(dataset.train.images, _IMAGES)
    assert dataset.correction == to_plain(Correction("255", "high", "no", "as-is", "as-is"))


@pytest.mark.parametrize("settings", [{"polarity": "low"}, {"transpose": "yes"}, {"scale": "16"}])
def test_bytes_are_changed_in_place(settings):
    data = raw()
    assert made(data, **settings).train.images is data.train.images


def test_images_that_may_not_be_written_are_copied():
    data = raw()
    data.train.images.flags.writeable = False
    dataset = made(data, polarity="low")
    np.testing.assert_array_equal(dataset.train.images, 255 - _IMAGES)
    np.testing.assert_array_equal(data.train.images, _IMAGES)


@pytest.mark.parametrize(
    ("images", "settings", "wanted"),
    [
        (_IMAGES, {"polarity": "low"}, 255 - _IMAGES),
        (_IMAGES, {"transpose": "yes"}, _IMAGES.swapaxes(1, 2)),
        (_IMAGES[:, :4], {"transpose": "yes"}, _IMAGES[:, :4].swapaxes(1, 2)),
        (_IMAGES.astype(np.float32) / 255, {}, _IMAGES),
        (_IMAGES.astype(np.float64) * 3 - 7, {}, _IMAGES),
        (1 - _IMAGES.astype(np.float32) / 255, {}, _IMAGES),
        (np.array([[[0, 8], [16, 99]]] * 24), {"scale": "16"}, [[[0, 128], [255, 255]]] * 24),
        (np.array([[[0, 1], [0, 1]]] * 24), {"scale": "1"}, [[[0, 255], [0, 255]]] * 24),
        (np.array([[[5, 7], [9, 5]]] * 24), {"scale": "range"}, [[[0, 128], [255, 0]]] * 24),
        (np.full((24, 2, 2), 7), {"scale": "range", "polarity": "high"}, np.zeros((24, 2, 2))),
        (
            np.array([[[-3e38, 3e38], [0, -3e38]]] * 24, np.float32),
            {"polarity": "high"},
            [[[0, 255], [128, 0]]] * 24,
        ),
    ],
)
def test_each_setting_does_what_it_says(images, settings, wanted):
    data = raw(images)
    findings = inspect(data, Correction(**settings))
    rows = np.array([3, 0, 5])
    shown = sample(data, findings, rows)
    dataset = corrected(data, findings)
    np.testing.assert_array_equal(dataset.train.images, wanted)
    np.testing.assert_array_equal(shown, np.asarray(wanted)[rows])
    assert dataset.train.images.dtype == shown.dtype == np.uint8
    assert dataset.train.images.flags.c_contiguous


@pytest.mark.parametrize(
    ("setting", "stored", "wanted"),
    [("as-is", [0, 9], [0, 9]), ("minus-one", [1, 10], [0, 9]), ("ten-is-zero", [10, 1], [0, 1])],
)
def test_labels_are_shifted(setting, stored, wanted):
    data = raw(_IMAGES[:2], np.array(stored))
    dataset = made(data, labels=setting)
    assert dataset.train.labels.tolist() == wanted
    assert dataset.train.labels.dtype == np.uint8
    assert dataset.counts()[wanted].tolist() == [1, 1]


@pytest.mark.parametrize("size", ["28x28", "framed"])
def test_images_are_resampled_to_what_networks_read(size):
    images = np.zeros((200, 10, 14), np.uint8)
    images[:, 1:4, 2:5] = 255
    data = raw(images, np.arange(200) % 10)
    shares: list[float] = []
    findings = inspect(data, Correction(size=size))
    dataset = corrected(data, findings, shares.append)
    assert dataset.train.images.shape == (200, 28, 28)
    assert dataset.train.images.max() > 200
    assert dataset.image_shape == (28, 28)
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert len(shares) > 2
    if size == "framed":  # a square of ink fills the box of 20 pixels
        lit = dataset.train.images[0] > 100
        assert (lit.any(axis=0).sum(), lit.any(axis=1).sum()) == (20, 20)


def test_every_part_is_corrected():
    other = RawPart(255 - _IMAGES[:5], _LABELS[:5])
    data = replace(
        raw(255 - _IMAGES), validation=other, test=replace(other, images=other.images.copy())
    )
    dataset = made(data)
    for part in (dataset.validation, dataset.test):
        np.testing.assert_array_equal(part.images, _IMAGES[:5])


_KINDS = st.sampled_from([np.uint8, np.int16, np.int64, np.float32]).flatmap(
    lambda kind: hnp.arrays(
        kind,
        st.tuples(st.integers(1, 4), st.integers(2, 5), st.integers(2, 5)),
        elements=None
        if np.dtype(kind).kind in "ui"
        else st.floats(width=32, allow_nan=False, allow_infinity=False),
    )
)


@given(
    images=_KINDS,
    settings=st.fixed_dictionaries(
        {
            "scale": st.sampled_from(["auto", "255", "16", "1", "range"]),
            "polarity": st.sampled_from(["auto", "high", "low"]),
            "transpose": st.sampled_from(["auto", "no", "yes"]),
        }
    ),
)
def test_any_numbers_become_bytes_without_a_warning(images, settings):
    data = raw(images, np.zeros(len(images), int))
    dataset = made(data, **settings)
    assert dataset.train.images.dtype == np.uint8
    assert len(dataset.train) == len(images)


# Keeping ------------------------------------------------------------------------------


def test_what_was_decided_is_kept_and_found_again():
    findings = inspect(raw(), Correction(size="framed"))
    assert from_plain(Correction, to_plain(findings.correction)) == findings.correction
    assert correction_from(to_plain(findings.correction)) == findings.correction


def test_what_cannot_be_used_is_left_out():
    plain = {"scale": "16", "polarity": "sideways", "labels": 3, "unknown": "x"}
    assert correction_from(plain) == Correction(scale="16")
    for junk in (None, [], "text", 5, {1: 2}):
        assert correction_from(junk) == Correction()


def test_a_setting_that_does_not_exist_is_refused():
    with pytest.raises(ConfigError, match="no 'half'"):
        Correction(scale="half")
