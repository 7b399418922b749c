"""Folders of pictures: labelled by sub-folder or by a list, of one size or of many."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.data.correction import inspect
from core.data.reader import READERS
from core.data.readers import open_dataset, read_raw
from tests.support.digit_files import digits, read_or_refuse, refused, same
from tests.support.examples import examples

_IMAGES, _LABELS = digits()


def save(path, image):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(image).save(path)
    return path


def save_all(root, images=_IMAGES, labels=_LABELS, suffix=".png"):
    for place, (image, label) in enumerate(zip(images, labels, strict=True)):
        save(root / str(label) / f"{place:03}{suffix}", image)


def by_class(images, labels):
    """Return images and labels in the order of classes, as folders have them."""
    order = np.argsort(labels, kind="stable")
    return images[order], labels[order]


def stroke(side, place):
    """Return a picture of a bar, dark on light."""
    picture = np.full((side, side), 240, np.uint8)
    picture[side // 5 : -side // 5, place : place + side // 8] = 10
    return picture


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".gif", ".tif", ".PNG"])
def test_pictures_in_a_folder_for_each_class_are_taken_as_they_are(tmp_path, suffix):
    save_all(tmp_path, suffix=suffix)
    raw = read_raw(tmp_path)
    same(raw.train, *by_class(_IMAGES, _LABELS))
    assert raw.train.images.dtype == np.uint8
    assert raw.key == "folder"


@pytest.mark.parametrize("names", [("training", "testing"), ("train", "test")])
@pytest.mark.parametrize("around", ["", "mnist_png"])
def test_train_and_test_folders_are_two_parts(tmp_path, names, around):
    for name, count in zip(names, (24, 5), strict=True):
        save_all(tmp_path / around / name, _IMAGES[:count], _LABELS[:count])
    dataset = open_dataset(tmp_path)
    assert (len(dataset.train), len(dataset.test)) == (24, 5)


def test_words_are_classes_and_numbers_are_ordered_by_value(tmp_path):
    for name in ("seven", "two", "c10", "c9"):
        save(tmp_path / name / "a.png", _IMAGES[1])
    assert open_dataset(tmp_path).class_names == ("two", "seven", "c9", "c10")


def test_photographs_lose_their_colours_only(tmp_path):
    save(tmp_path / "0" / "a.jpg", np.full((8, 8, 3), 200, np.uint8))
    save(tmp_path / "1" / "a.jpg", np.full((8, 8, 3), 20, np.uint8))
    assert read_raw(tmp_path).train.images[:, 0, 0].tolist() == [200, 20]


def test_pictures_of_many_sizes_are_framed_as_one_digit_each(tmp_path):
    for place, side in enumerate((60, 90, 200)):
        save(tmp_path / str(place) / "a.png", stroke(side, side // 3))
    raw = read_raw(tmp_path)
    assert raw.train.images.shape == (3, 28, 28)
    assert (raw.train.images[:, 0] == 0).all()
    assert (raw.train.images.max(axis=(1, 2)) > 200).all()
    assert any("framed" in doubt for doubt in inspect(raw).doubts)


@pytest.mark.parametrize(
    ("name", "header", "line"),
    [
        ("labels.csv", "name,label\n", "{}.png,{}\n"),
        ("labels.txt", "", "{}.png {}\n"),
        ("labels.tsv", "label\tname\n", "{1}\t{0}.png\n"),
        ("train.csv", "id,split,label\n", "{},x,{}\n"),
    ],
)
@pytest.mark.parametrize("inner", ["", "images", "train"])
def test_a_list_says_what_pictures_show(tmp_path, name, header, line, inner):
    text = header
    for place, (image, label) in enumerate(zip(_IMAGES, _LABELS, strict=True)):
        save(tmp_path / inner / f"p{place}.png", image)
        text += line.format(f"p{place}", label)
    (tmp_path / name).write_text(text)
    same(read_raw(tmp_path).train, _IMAGES, _LABELS)


def test_a_list_cannot_name_pictures_of_other_folders(tmp_path):
    outside = save(tmp_path / "secret.png", _IMAGES[0])
    save(tmp_path / "set" / "a.png", _IMAGES[0])
    lines = [f"{outside},1", "../secret.png,1", "a.png,1"]
    (tmp_path / "set" / "labels.csv").write_text("name,label\n" + "\n".join(reversed(lines)))
    assert len(read_raw(tmp_path / "set").train) == 1


def test_a_few_unreadable_pictures_are_passed_over_and_told(tmp_path):
    save_all(tmp_path)
    (tmp_path / "3" / "damaged.png").write_bytes(b"\x89PNG junk")
    raw = read_raw(tmp_path)
    assert len(raw.train) == 24
    assert any("1 picture was passed over: “damaged.png”" in note for note in raw.notes)
    (tmp_path / "3" / "too.png").write_bytes(b"junk")
    (tmp_path / "3" / "many.png").write_bytes(b"junk")
    assert "Too many pictures" in refused(tmp_path)


def test_folders_without_labelled_pictures_are_refused(tmp_path):
    assert "holds no digits" in refused(tmp_path)
    (tmp_path / "0").mkdir()
    (tmp_path / "0" / "a.txt").write_text("x")
    assert "holds no digits" in refused(tmp_path)
    save(tmp_path / "a.png", _IMAGES[0])
    assert "holds no digits" in refused(tmp_path)
    (tmp_path / "labels.csv").write_text("name,label\nb.png,1\n")
    assert "whose class is known" in refused(tmp_path)


def test_pictures_too_large_to_be_kept_as_they_are_are_framed(tmp_path):
    for place in range(2):
        save(tmp_path / str(place) / "a.png", stroke(1500, 500))
    assert read_raw(tmp_path).train.images.shape == (2, 28, 28)


def test_progress_rises_to_one_and_may_give_up(tmp_path):
    save_all(tmp_path, np.tile(_IMAGES, (4, 1, 1)), np.tile(_LABELS, 4))
    shares: list[float] = []
    read_raw(tmp_path, shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1

    def give_up(share):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_raw(tmp_path, give_up)


@examples(0.4)
@given(data=st.data())
def test_a_damaged_picture_or_list_is_refused_or_passed_over(tmp_path_factory, data):
    root = tmp_path_factory.getbasetemp() / "damaged"
    save_all(root, _IMAGES[:2], _LABELS[:2])
    picture = save(root / "0" / "other.png", _IMAGES[3])
    whole = bytearray(picture.read_bytes())
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= data.draw(st.integers(1, 255))
    picture.write_bytes(whole[: data.draw(st.integers(0, len(whole)))])
    (root / "labels.csv").write_bytes(data.draw(st.binary(max_size=30)) + b",\n0/000.png,0")
    assert READERS["folder"].recognises(root)
    read_or_refuse("folder", root)
