"""A file is put in place whole or not at all."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from core.base.atomic_write import check_target, write_bytes_whole, write_whole
from core.base.errors import SaveError
from tests.support.command_line import device


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


class _Disk:
    """Notes in which order files reach the disk, and what was in them by then."""

    def __init__(self, monkeypatch):
        self.events = []
        sync, replace = os.fsync, os.replace

        def note_sync(handle):
            path = Path(f"/proc/self/fd/{handle}").readlink()
            self.events.append(("flush", path, path.read_bytes() if path.is_file() else b""))
            sync(handle)

        def note_replace(source, target):
            self.events.append(("move", Path(source), Path(target)))
            replace(source, target)

        monkeypatch.setattr(os, "fsync", note_sync)
        monkeypatch.setattr(os, "replace", note_replace)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere open files cannot be named")
def test_the_content_is_on_the_disk_before_it_is_moved_and_then_the_move_is(tmp_path, monkeypatch):
    disk, path, written = _Disk(monkeypatch), tmp_path / "model.h5", []

    def write(place):
        place.write_bytes(b"new")
        written.append(place)

    write_whole(path, write)
    assert disk.events == [
        ("flush", written[0], b"new"),
        ("move", written[0], path),
        ("flush", tmp_path, b""),
    ]


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


def _make_pipe(path):
    os.mkfifo(path)


def _make_socket(path):
    with socket.socket(socket.AF_UNIX) as one:
        one.bind(str(path))


def _make_link_to_pipe(path):
    os.mkfifo(path.with_name("pipe"))
    path.symlink_to("pipe")


_SPECIAL = [_make_pipe, _make_socket, _make_link_to_pipe]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such files")
@pytest.mark.parametrize("make", _SPECIAL)
def test_what_is_no_file_is_not_replaced(make, tmp_path):
    path = tmp_path / "model.h5"
    make(path)
    before = {one.name: one.lstat() for one in tmp_path.iterdir()}
    for attempt in (lambda: check_target(path), lambda: write_whole(path, Path.touch)):
        with pytest.raises(SaveError, match=r"it is a (pipe|socket), not a file"):
            attempt()
    assert {one.name: one.lstat().st_ino for one in tmp_path.iterdir()} == {
        name: status.st_ino for name, status in before.items()
    }


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such files")
@pytest.mark.parametrize("make", _SPECIAL[:2])
def test_what_is_put_there_while_it_is_written_is_not_replaced(make, tmp_path):
    path = tmp_path / "model.h5"

    def write(place):
        place.write_bytes(b"new")
        make(path)

    with pytest.raises(SaveError, match="not a file") as caught:
        write_whole(path, write)
    assert "choose another name" in caught.value.hint
    assert not path.is_file()
    assert _names(tmp_path) == ["model.h5"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such files")
def test_a_device_is_not_replaced(tmp_path):
    path = device(tmp_path)
    for attempt in (check_target, lambda path: write_whole(path, Path.touch)):
        with pytest.raises(SaveError, match="it is a (device|pipe), not a file"):
            attempt(path)
    assert not path.is_file()


def test_whether_a_file_can_be_written_is_found_out_without_a_trace(tmp_path):
    path = tmp_path / "model.h5"
    check_target(path)
    assert _names(tmp_path) == []
    path.write_bytes(b"old")
    check_target(path)
    assert path.read_bytes() == b"old"
    for impossible in (tmp_path, tmp_path / "no" / "model.h5", path / "x", tmp_path / ("n" * 300)):
        with pytest.raises(SaveError, match="cannot be written") as caught:
            check_target(impossible)
        assert "nothing was done yet" in caught.value.hint


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


def test_half_files_of_killed_programs_are_swept_away_but_not_those_in_use(tmp_path):
    old, fresh = tmp_path / ".model.h5.aaaa.part", tmp_path / ".model.h5.bbbb.part"
    others = tmp_path / ".other.h5.cccc.part"
    for path in (old, fresh, others):
        path.write_bytes(b"half")
    for path in (old, others):
        os.utime(path, (1, 1))
    write_whole(tmp_path / "model.h5", lambda place: place.write_bytes(b"new"))
    assert _names(tmp_path) == [fresh.name, others.name, "model.h5"]


class _Held:
    """Stands for os.replace where another program holds the target for some tries."""

    def __init__(self, tries):
        self.tries_left = tries

    def __call__(self, source, target):
        if self.tries_left:
            self.tries_left -= 1
            raise PermissionError(13, "The process cannot access the file")
        Path(source).rename(target)


@pytest.fixture
def hold(monkeypatch):
    """Let the target be held for so many tries; the pauses between them are short."""
    monkeypatch.setattr("core.base.atomic_write._RETRY_S", 0.001)

    def begin(tries):
        monkeypatch.setattr(os, "replace", _Held(tries))

    return begin


def test_a_target_that_is_held_for_a_moment_is_tried_again(tmp_path, hold):
    hold(10)
    path = tmp_path / "model.h5"
    path.write_bytes(b"old")
    write_whole(path, lambda place: place.write_bytes(b"new"))
    assert path.read_bytes() == b"new"
    assert _names(tmp_path) == ["model.h5"]


def test_a_target_that_stays_held_leaves_the_new_version_in_sight(tmp_path, hold):
    hold(1000)
    path = tmp_path / "model.h5"
    path.write_bytes(b"old")
    for content, name in ((b"new", "model (new).h5"), (b"newer", "model (new 2).h5")):
        with pytest.raises(SaveError, match="another program has it open") as caught:
            write_whole(path, lambda place, content=content: place.write_bytes(content))
        assert f"“{name}”" in caught.value.message
        assert (tmp_path / name).read_bytes() == content
    assert path.read_bytes() == b"old"


def test_of_the_programs_own_files_no_version_is_left_beside(tmp_path, hold):
    hold(1000)
    path = tmp_path / "set.zip"
    path.write_bytes(b"old")
    with pytest.raises(SaveError, match="permission"):
        write_whole(path, lambda place: place.write_bytes(b"new"), keep_copy=False)
    assert path.read_bytes() == b"old"
    assert _names(tmp_path) == ["set.zip"]


def test_copies_in_sight_do_not_pile_up(tmp_path, hold):
    hold(1000)
    path = tmp_path / "model.h5"
    for _ in range(12):
        with pytest.raises(SaveError) as caught:
            write_whole(path, lambda place: place.write_bytes(b"new"))
    assert len(_names(tmp_path)) == 9
    assert "choose another name" in caught.value.hint


def test_a_folder_that_is_gone_is_named_and_what_to_do(tmp_path):
    with pytest.raises(SaveError, match="the folder does not exist") as caught:
        write_whole(tmp_path / "usb" / "model.h5", lambda place: place.write_bytes(b"new"))
    assert "bring the drive back or choose another folder" in caught.value.hint


def test_a_drive_that_vanishes_amid_the_write_is_told_of(tmp_path):
    folder = tmp_path / "usb"
    folder.mkdir()

    def write(place):
        place.unlink()
        folder.rmdir()
        place.write_bytes(b"new")

    with pytest.raises(SaveError, match="the folder does not exist"):
        write_whole(folder / "model.h5", write)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such limits")
def test_a_file_that_outgrows_the_disk_leaves_the_old_one(tmp_path):
    # A limit on the size of files stands for a full disk: Python ignores its signal.
    path = tmp_path / "model.h5"
    path.write_bytes(b"old")
    program = (
        "import resource, sys; from pathlib import Path;"
        "from core.base.atomic_write import write_whole;"
        "from core.base.errors import SaveError;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000));\n"
        "try: write_whole(Path(sys.argv[1]), lambda place: place.write_bytes(bytes(200_000)))\n"
        "except SaveError as error: print(error.sentence)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True
    )
    assert "larger than this disk allows" in done.stdout
    assert "free some space" in done.stdout
    assert path.read_bytes() == b"old"
    assert _names(tmp_path) == ["model.h5"]


@pytest.mark.skipif(
    sys.platform == "win32" or not hasattr(os, "geteuid") or os.geteuid() == 0,
    reason="needs a system with file modes, and a user who is not allowed everything",
)
def test_a_read_only_folder_is_named(tmp_path):
    (tmp_path / "model.h5").write_bytes(b"old")
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(SaveError, match="no permission") as caught:
            write_whole(tmp_path / "model.h5", lambda place: place.write_bytes(b"new"))
    finally:
        tmp_path.chmod(0o700)
    assert "choose another folder" in caught.value.hint
    assert (tmp_path / "model.h5").read_bytes() == b"old"


def test_a_drive_without_file_modes_can_be_saved_to(tmp_path, monkeypatch):
    def refuse(self, mode):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "chmod", refuse)
    write_whole(tmp_path / "model.h5", lambda place: place.write_bytes(b"new"))
    assert (tmp_path / "model.h5").read_bytes() == b"new"


@pytest.mark.parametrize("content", [b"new", memoryview(b"new")])
def test_content_in_memory_takes_the_place_of_the_old(tmp_path, content):
    path = tmp_path / "card.json"
    path.write_bytes(b"old and longer")
    write_bytes_whole(path, content)
    assert path.read_bytes() == b"new"
    assert _names(tmp_path) == ["card.json"]


def test_of_the_programs_own_content_in_memory_no_version_is_left_beside(tmp_path, hold):
    hold(1000)
    path = tmp_path / "card.json"
    path.write_bytes(b"old")
    with pytest.raises(SaveError, match="permission"):
        write_bytes_whole(path, b"new", keep_copy=False)
    assert path.read_bytes() == b"old"
    assert _names(tmp_path) == ["card.json"]
