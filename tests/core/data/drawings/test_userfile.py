import h5py
import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from core.base.errors import DatasetError
from core.data.drawings.userfile import DamagedFileError, is_userset, read_userset, write_userset
from tests.support.examples import examples
from tests.support.own_drawings import drawing, same

DRAWINGS = [drawing(label, seed=label) for label in range(5)]
_NO_FIXTURE_CHECK = [HealthCheck.function_scoped_fixture]


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "my-digits.h5"
    write_userset(path, DRAWINGS)
    return path


def test_everything_comes_back_as_it_was(saved):
    back = read_userset(saved)
    assert len(back) == 5
    assert all(same(one, other) for one, other in zip(back, DRAWINGS, strict=True))


@pytest.mark.parametrize("drawings", [
    [],
    [drawing(image=np.ones((28, 28), np.uint8), answer="")],
    [drawing(name="ß → 字", answer="T-shirt/top")],
    [DRAWINGS[0], drawing(1, name="é"), DRAWINGS[1]],
])  # fmt: skip
def test_unusual_sets_come_back_too(tmp_path, drawings):
    path = tmp_path / "set.h5"
    write_userset(path, drawings)
    back = read_userset(path)
    assert all(same(one, other) for one, other in zip(back, drawings, strict=True))


def test_a_drawing_without_strokes_may_stand_anywhere(tmp_path):
    from core.data.drawings.drawings import new_drawing

    bare = new_drawing([], 1.0, 3, "3", image=np.ones((28, 28), np.uint8))
    for drawings in ([bare], [bare, DRAWINGS[0]], [DRAWINGS[0], bare], [bare, bare]):
        path = tmp_path / "set.h5"
        write_userset(path, drawings)
        assert [len(one.strokes) for one in read_userset(path)] == [
            len(one.strokes) for one in drawings
        ]


def test_the_file_is_known_by_its_content(saved, tmp_path):
    assert is_userset(saved)
    other = tmp_path / "other.h5"
    with h5py.File(other, "w") as file:
        file["x"] = 1
    text = tmp_path / "my-digits-2.h5"
    text.write_text("not HDF5")
    for path in (other, text, tmp_path / "missing.h5", tmp_path):
        assert not is_userset(path)


def test_a_missing_file_is_not_called_damaged(tmp_path):
    with pytest.raises(DatasetError, match="does not exist") as caught:
        read_userset(tmp_path / "missing.h5")
    assert not isinstance(caught.value, DamagedFileError)


def test_a_file_of_a_newer_inkling_is_not_called_damaged(saved):
    with h5py.File(saved, "r+") as file:
        file.attrs["schema_version"] = 99
    with pytest.raises(DatasetError, match="newer Inkling") as caught:
        read_userset(saved)
    assert not isinstance(caught.value, DamagedFileError)


@examples(0.6, suppress_health_check=_NO_FIXTURE_CHECK)
@given(share=st.floats(0, 1, exclude_max=True))
def test_any_truncation_is_refused_in_words(saved, share):
    whole = saved.read_bytes()
    path = saved.with_name("cut.h5")
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(DamagedFileError, match=r"cut\.h5"):
        read_userset(path)


@examples(2, suppress_health_check=_NO_FIXTURE_CHECK)
@given(places=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(1, 255)),
                       min_size=1, max_size=3))  # fmt: skip
def test_any_changed_byte_is_refused_or_harmless(saved, places):
    whole = bytearray(saved.read_bytes())
    for share, flip in places:
        whole[int(share * len(whole))] ^= flip
    path = saved.with_name("flipped.h5")
    path.write_bytes(whole)
    is_userset(path)
    try:
        back = read_userset(path)
    except DatasetError:
        return
    assert all(same(one, other) for one, other in zip(back, DRAWINGS, strict=True))


def _soft(file):
    del file["images"]
    file["images"] = h5py.SoftLink("/points")


def _external(file):
    del file["images"]
    file["images"] = h5py.ExternalLink("/etc/hostname", "/")


def _huge(file):
    del file["points"]
    file.create_dataset("points", (1 << 38, 3), "f4", chunks=(1 << 16, 3))


def _huge_and_plain(file):
    del file["points"]
    space = h5py.h5s.create_simple((1 << 38, 3))
    h5py.h5d.create(file.id, b"points", h5py.h5t.IEEE_F32LE, space)


def _packed(file):
    points = file["points"][()]
    del file["points"]
    file.create_dataset("points", data=points, compression="gzip")


def _wide(file):
    points = file["points"][()]
    del file["points"]
    file["points"] = points.astype(np.float64)


def _text(file):
    del file["names"]
    file["names"] = ["0", "1"]


def _group(file):
    del file["images"]
    file.create_group("images")


def _nothing(file):
    del file["labels"]


@pytest.mark.parametrize(
    "change",
    [_soft, _external, _huge, _huge_and_plain, _packed, _wide, _text, _group, _nothing],
)
def test_what_no_inkling_writes_is_refused_before_it_is_read(saved, change):
    with h5py.File(saved, "r+") as file:
        change(file)
    with pytest.raises(DamagedFileError):
        read_userset(saved)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("name_of", 99), ("name_of", -1), ("answer_of", 99), ("stroke_ends", -4),
        ("stroke_ends", 10**12), ("drawing_ends", 10**12), ("drawing_ends", -1),
        ("points", np.nan), ("pen_radius", np.inf), ("names", ord("{")),
        ("points", 1e30), ("pen_radius", 1e30), ("pen_radius", -1), ("confidence", 7),
        ("times", 10**17), ("times", -1),
    ],
)  # fmt: skip
def test_numbers_that_make_no_sense_are_refused_though_the_check_sum_fits(saved, name, value):
    from core.data.drawings.userfile import _KINDS, _digest

    with h5py.File(saved, "r+") as file:
        array = file[name][()]
        array[0] = value
        file[name][...] = array
        arrays = {each: file[each][()] for each in _KINDS}
        file.attrs["content_sha256"] = np.bytes_(_digest(arrays))
    with pytest.raises(DamagedFileError):
        read_userset(saved)
