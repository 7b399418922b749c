"""The user's own drawings can be trained on as any other data."""

import numpy as np
import pytest

from core.data.drawings.drawings import OwnDrawing
from core.data.drawings.userfile import write_userset
from core.data.reader import READERS
from core.data.readers import open_dataset
from tests.support.digit_files import refused


def drawing(place, name):
    image = np.zeros((28, 28), np.uint8)
    image[4:24, 4 + place] = 255
    return OwnDrawing(f"{place:032x}", image, (), 1.0, 0, name, place)


@pytest.mark.parametrize(
    ("words", "names", "labels"),
    [
        (["7", "2", "7"], tuple("0123456789"), [7, 2, 7]),
        (["ki", "o", "ki"], ("ki", "o"), [0, 1, 0]),
    ],
)
def test_drawings_are_images_labelled_by_what_they_were_named(tmp_path, words, names, labels):
    path = tmp_path / "my-digits.h5"
    drawings = [drawing(place, name) for place, name in enumerate(words)]
    write_userset(path, drawings)
    dataset = open_dataset(path)
    assert dataset.key == "userdata"
    assert dataset.train.labels.tolist() == labels
    assert dataset.class_names == names
    np.testing.assert_array_equal(dataset.train.images, [one.image for one in drawings])


def test_they_are_not_taken_for_other_hdf5_files_and_damage_is_refused(tmp_path):
    path = tmp_path / "my-digits.h5"
    write_userset(path, [drawing(1, "1")])
    recognised = [key for key in READERS if READERS[key].recognises(path)]
    assert recognised[0] == "userdata"
    path.write_bytes(path.read_bytes()[:-100])
    assert "damaged" in refused(path)


def test_a_set_without_drawings_says_so(tmp_path):
    path = tmp_path / "my-digits.h5"
    write_userset(path, [])
    assert "holds no drawings yet" in refused(path)
