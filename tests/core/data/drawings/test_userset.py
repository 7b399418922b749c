import random
import signal
import subprocess
import sys
import threading
import time

import pytest

from core.base.errors import DatasetError, SaveError
from core.data.drawings.userset import Edit, UserSet, default_path, read_userset
from tests.support.own_drawings import drawing, same


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "my-digits.h5"


@pytest.fixture
def own(path):
    return UserSet(path)


def keys(drawings):
    return [one.key for one in drawings]


def again(path):
    """Return the set as another program would find it."""
    found = UserSet(path)
    found.load()
    return found


def test_it_lies_in_the_data_folder_of_the_user():
    assert default_path().name == "my-digits.h5"
    assert default_path().parent.name == "Inkling"


def test_what_is_added_is_on_the_disk(own, path):
    one = drawing(7)
    own.add(one)
    assert not own.unsaved
    assert same(read_userset(path)[0], one)


def test_a_label_can_be_changed_and_changed_back(own, path):
    one, other = drawing(7), drawing(1)
    own.add(one, other)
    back = own.relabel([one.key], 1, "1")
    assert [each.name for each in again(path).drawings] == ["1", "1"]
    own.apply(back)
    own.save()
    assert sorted(each.name for each in again(path).drawings) == ["1", "7"]


def test_a_drawing_can_be_deleted_and_brought_back_to_its_place(own, path):
    for label in range(3):
        own.add(drawing(label))
        time.sleep(0.002)
    before = keys(own.drawings)
    back = own.delete([before[1]])
    assert keys(again(path).drawings) == [before[0], before[2]]
    own.apply(back)
    own.save()
    assert keys(again(path).drawings) == before


def test_taking_back_an_addition_deletes_it(own, path):
    back = own.add(drawing())
    own.apply(back)
    own.save()
    assert again(path).drawings == ()


def test_an_edit_shows_before_it_is_written(own, path):
    own.apply(Edit((drawing(),)))
    assert len(own) == 1
    assert own.unsaved
    assert not path.exists()


def test_drawings_made_before_the_file_was_read_join_it(own, path):
    own.add(drawing(1))
    late = UserSet(path)
    late.add(drawing(2))
    assert sorted(one.name for one in again(path).drawings) == ["1", "2"]


def test_two_programs_keep_each_others_edits(path):
    first, second = UserSet(path), UserSet(path)
    one, other = drawing(1), drawing(2)
    first.add(one)
    second.add(other)
    first.relabel([one.key], 5, "5")
    second.delete([other.key])
    first.add(drawing(3))
    assert sorted(each.name for each in again(path).drawings) == ["3", "5"]
    assert second.load()
    assert sorted(each.name for each in second.drawings) == ["3", "5"]
    assert not second.load()


def test_many_threads_and_sets_lose_nothing(path):
    def work(start):
        mine = UserSet(path)
        for seed in range(start, start + 10):
            mine.add(drawing(seed % 10, seed))

    threads = [threading.Thread(target=work, args=(10 * place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(again(path)) == 40


def test_a_damaged_file_is_set_aside_under_another_name(own, path):
    own.add(drawing(1))
    whole = path.read_bytes()
    path.write_bytes(whole[:-500])
    found = again(path)
    assert found.drawings == ()
    assert "my-digits.damaged-1.h5" in found.note
    assert path.with_name("my-digits.damaged-1.h5").read_bytes() == whole[:-500]
    found.add(drawing(2))
    path.write_bytes(b"rubbish")
    assert "my-digits.damaged-2.h5" in again(path).note
    assert path.with_name("my-digits.damaged-1.h5").read_bytes() == whole[:-500]


def test_a_file_that_is_damaged_while_it_is_open_loses_nothing(own, path):
    own.add(drawing(1))
    path.write_bytes(b"rubbish")
    own.add(drawing(2))
    assert own.note
    assert [one.name for one in again(path).drawings] == ["1", "2"]


def test_a_file_that_is_taken_away_while_it_is_open_is_written_anew(own, path):
    own.add(drawing(1))
    path.unlink()
    own.add(drawing(2))
    assert len(again(path)) == 2


def test_a_file_of_a_newer_inkling_is_left_alone(own, path):
    import h5py

    own.add(drawing(1))
    with h5py.File(path, "r+") as file:
        file.attrs["schema_version"] = 99
    content = path.read_bytes()
    found = UserSet(path)
    with pytest.raises(DatasetError, match="newer"):
        found.load()
    with pytest.raises(DatasetError, match="newer"):
        found.add(drawing(2))
    assert path.read_bytes() == content
    assert found.unsaved


def test_what_could_not_be_written_waits_and_is_written_later(own, path):
    path.parent.mkdir()
    path.parent.chmod(0o500)
    if _may_write(path.parent):
        path.parent.chmod(0o700)
        pytest.skip("this user may write everywhere")
    with pytest.raises(SaveError):
        own.add(drawing(1))
    assert len(own) == 1
    assert own.unsaved
    path.parent.chmod(0o700)
    own.add(drawing(2))
    assert len(again(path)) == 2


def _may_write(folder):
    try:
        (folder / "probe").touch()
    except OSError:
        return False
    (folder / "probe").unlink()
    return True


def test_a_folder_that_is_a_file_is_said_in_words(own, path):
    path.parent.write_text("in the way")
    with pytest.raises(SaveError, match="cannot be made"):
        own.add(drawing(1))
    path.parent.unlink()
    own.save()
    assert len(again(path)) == 1


def test_remains_of_a_killed_program_are_cleared_away(own, path):
    own.add(drawing(1))
    remains = path.with_name(".my-digits.h5.abcd.part")
    remains.write_bytes(b"half")
    own.add(drawing(2))
    assert not remains.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
@pytest.mark.parametrize("turns", [1, pytest.param(10, marks=pytest.mark.slow)])
def test_kills_lose_nothing_that_was_called_safe(path, turns):
    path.parent.mkdir()
    rng = random.Random(5)
    safe = set()
    for turn in range(turns):
        # Five at a time: what takes long is to start Python.
        programs = [
            subprocess.Popen(
                [sys.executable, "-m", "tests.support.keep_adding", str(path)],
                stdout=subprocess.PIPE, text=True,
            )
            for _ in range(5)
        ]  # fmt: skip
        first = [program.stdout.readline() for program in programs]  # all have begun to add
        for program in programs:
            time.sleep(rng.uniform(0, 0.02))
            program.send_signal(signal.SIGKILL)
        said = [program.communicate()[0] for program in programs]
        assert all(line.startswith("adding") for line in first)
        for line in "".join(said).splitlines():
            word, _, key = line.partition(" ")
            if word == "safe" and len(key) == 32:
                safe.add(key)
        found = again(path)
        assert found.note == "", f"damaged at turn {turn}"
        assert safe <= set(keys(found.drawings))
    assert safe
