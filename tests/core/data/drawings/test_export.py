import numpy as np
import pytest
from PIL import Image

from core.base.errors import SaveError
from core.data.drawings.export import class_names, export_idx, export_pngs, folder_name
from core.data.readers.opening import open_dataset
from tests.support.own_drawings import drawing

DRAWINGS = [drawing(label, seed=label) for label in (3, 1, 4, 1, 5)]


def test_idx_files_are_read_back_as_the_same_images(tmp_path):
    files = export_idx(DRAWINGS, tmp_path)
    assert len(files) == 2
    found = open_dataset(tmp_path).train
    np.testing.assert_array_equal(found.images, np.stack([one.image for one in DRAWINGS]))
    assert found.labels.tolist() == [3, 1, 4, 1, 5]


def test_classes_that_are_no_digits_bring_their_names(tmp_path):
    drawings = [drawing(1, name="B"), drawing(0, name="A")]
    *_, names = export_idx(drawings, tmp_path)
    assert names.read_text() == "A\nB\n"


def test_digits_keep_their_numbers():
    assert class_names([drawing(7)]) == tuple("0123456789")


def test_a_second_export_replaces_the_first(tmp_path):
    export_idx(DRAWINGS, tmp_path)
    export_idx(DRAWINGS[:2], tmp_path)
    assert len(open_dataset(tmp_path).train) == 2


def test_pngs_lie_in_a_folder_for_each_class(tmp_path):
    shares = []
    assert export_pngs(DRAWINGS, tmp_path, shares.append) == 5
    assert sorted(each.name for each in tmp_path.iterdir()) == ["1", "3", "4", "5"]
    assert len(list((tmp_path / "1").iterdir())) == 2
    (three,) = (tmp_path / "3").iterdir()
    np.testing.assert_array_equal(np.asarray(Image.open(three)), DRAWINGS[0].image)
    assert shares[-1] == 1.0


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("7", "7"), ("T-shirt/top", "T-shirt_top"), ("..", "_"), ("", "_"), ("CON", "_CON"),
        ("a:b", "a_b"), ("x" * 99, "x" * 60), ("nul.txt", "_nul.txt"),
    ],
)  # fmt: skip
def test_any_class_name_makes_a_folder_any_system_accepts(name, folder):
    assert folder_name(name) == folder


def test_a_folder_that_cannot_be_written_is_said_in_words(tmp_path):
    gone = tmp_path / "gone"
    with pytest.raises(SaveError):
        export_pngs(DRAWINGS, gone)
    with pytest.raises(SaveError):
        export_idx(DRAWINGS, gone)
