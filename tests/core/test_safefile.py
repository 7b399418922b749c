"""A file is put in place whole or not at all."""

import os
import sys

import pytest

from core.errors import SaveError
from core.safefile import write_whole


def _names(folder):
    return sorted(item.name for item in folder.iterdir())


def test_the_new_content_takes_the_place_of_the_old(tmp_path):
    path = tmp_path / "model.h5"
    path.write_bytes(b"old")
    write_whole(path, lambda place: place.write_bytes(b"new"))
    assert path.read_bytes() == b"new"
    assert _names(tmp_path) == ["model.h5"]


def test_while_it_is_written_the_old_file_is_still_there(tmp_path):
    path = tmp_path / "model.h5"
    path.write_bytes(b"old")
    seen = []

    def write(place):
        seen.append((place.parent, path.read_bytes()))
        place.write_bytes(b"new")

    write_whole(path, write)
    assert seen == [(tmp_path, b"old")]  # the same folder: moving it there is one step


@pytest.mark.parametrize(
    ("error", "raised"), [(OSError(28, "no space"), SaveError), (ValueError("a bug"), ValueError)]
)
def test_a_write_that_fails_half_way_leaves_no_trace(tmp_path, error, raised):
    path = tmp_path / "model.h5"
    path.write_bytes(b"old")

    def write(place):
        place.write_bytes(b"half of the ne")
        raise error

    with pytest.raises(raised):
        write_whole(path, write)
    assert path.read_bytes() == b"old"
    assert _names(tmp_path) == ["model.h5"]


def test_a_full_disk_is_named_and_what_to_do(tmp_path):
    def write(place):
        raise OSError(28, "No space left on device")

    with pytest.raises(SaveError) as caught:
        write_whole(tmp_path / "model.h5", write)
    assert "the disk is full" in caught.value.sentence
    assert "free some space" in caught.value.sentence
    assert caught.value.path == tmp_path / "model.h5"


def test_a_folder_in_its_place_is_left_alone(tmp_path):
    (tmp_path / "model.h5").mkdir()
    with pytest.raises(SaveError, match="folder"):
        write_whole(tmp_path / "model.h5", lambda place: place.write_bytes(b"new"))
    assert _names(tmp_path) == ["model.h5"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such file modes")
def test_others_may_read_it_as_any_file_and_an_old_mode_is_kept(tmp_path):
    path = tmp_path / "model.h5"
    mask = os.umask(0o022)
    try:
        write_whole(path, lambda place: place.write_bytes(b"new"))
    finally:
        os.umask(mask)
    assert path.stat().st_mode & 0o777 == 0o644
    path.chmod(0o600)
    write_whole(path, lambda place: place.write_bytes(b"newer"))
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_longest_name_a_folder_takes_can_be_saved(tmp_path):
    path = tmp_path / ("n" * 252 + ".h5")
    write_whole(path, lambda place: place.write_bytes(b"new"))
    assert path.read_bytes() == b"new"
