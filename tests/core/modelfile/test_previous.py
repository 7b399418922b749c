"""Networks that gave way to others: on the disk whole, bounded, and found again."""

import errno
import json
import threading

import numpy as np
import pytest

from core.base.errors import ModelFileError, SaveError
from core.base.filelock import locked
from core.modelfile.filed import Filed
from core.modelfile.previous import PreviousNetworks, bytes_of
from tests.support.trained import usual


@pytest.fixture
def run():
    return usual()[0]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "data" / "previous"  # nobody has made it yet


@pytest.fixture
def store(folder):
    return PreviousNetworks(folder)


def words(store):
    return [card.words for card in store.look()]


def test_nothing_is_there_at_first(store, folder):
    assert store.look() == []
    assert not folder.exists()


def test_what_is_put_away_comes_back_as_it_was(store, folder, run, tmp_path):
    filed = Filed(tmp_path / "mine.h5", (3, 2, 1), dirty=True)
    put = store.put(run, "8-12-10, 97.2 %", filed)
    (card,) = PreviousNetworks(folder).look()
    assert card == put
    assert card.filed == filed
    back = store.load(card)
    assert (back.step, back.model_id) == (run.step, run.model_id)
    np.testing.assert_array_equal(back.params, run.params)
    for name, slot in run.slots.items():
        np.testing.assert_array_equal(back.slots[name], slot)


def test_the_last_comes_first_even_if_the_clock_is_put_back(store, run, monkeypatch):
    store.put(run, "one", Filed())
    monkeypatch.setattr("time.time_ns", lambda: 5)
    store.put(run, "two", Filed())
    store.put(run, "three", Filed())
    assert words(store) == ["three", "two", "one"]


def test_there_are_no_more_than_so_many(folder, run):
    store = PreviousNetworks(folder, most=3)
    for number in range(5):
        store.put(run, str(number), Filed())
    assert words(store) == ["4", "3", "2"]
    assert len(list(folder.iterdir())) == 2 * 3 + 1  # and the lock


def test_they_take_no_more_than_so_many_bytes(folder, run):
    one = PreviousNetworks(folder).put(run, "0", Filed()).size
    store = PreviousNetworks(folder, most_bytes=int(2.5 * one))
    for number in range(1, 4):
        store.put(run, str(number), Filed())
    assert words(store) == ["3", "2"]
    assert sum(path.stat().st_size for path in folder.glob("*.h5")) < 2.5 * one


def test_one_that_is_too_large_is_refused_and_the_others_stay(folder, run):
    PreviousNetworks(folder).put(run, "first", Filed())
    store = PreviousNetworks(folder, most_bytes=bytes_of(run) - 1)
    with pytest.raises(SaveError, match="too large"):
        store.put(run, "second", Filed())
    assert words(store) == ["first"]


def test_a_later_state_takes_the_place_of_an_earlier_one(store, run):
    first = store.put(run, "first", Filed())
    store.put(run, "other", Filed())
    store.put(run, "second", Filed(), instead_of=first)
    assert words(store) == ["second", "other"]
    assert not store.holds(first)


@pytest.mark.parametrize("junk", [b"", b"{", b"[]", b'{"version": 2}', b"\xff" * 90])
def test_a_damaged_card_is_left_out(store, folder, run, junk):
    store.put(run, "good", Filed())
    bad = store.put(run, "bad", Filed())
    (folder / f"{bad.name}.json").write_bytes(junk)
    assert words(store) == ["good"]


@pytest.mark.parametrize("name", ["words", "path", "state", "dirty", "size", "when"])
def test_a_card_that_lacks_something_or_holds_nonsense_is_left_out(store, folder, run, name):
    path = folder / f"{store.put(run, 'bad', Filed()).name}.json"
    whole = json.loads(path.read_text())
    path.write_text(json.dumps({key: whole[key] for key in whole if key != name}))
    assert words(store) == []
    if name in ("state", "size", "when"):
        path.write_text(json.dumps({**whole, name: "nonsense"}))
        assert words(store) == []


def test_a_model_that_is_gone_or_cut_is_left_out_and_one_that_is_changed_is_refused(
    store, folder, run
):
    gone, cut, changed = (store.put(run, name, Filed()) for name in ("gone", "cut", "changed"))
    (folder / f"{gone.name}.h5").unlink()
    model = folder / f"{cut.name}.h5"
    model.write_bytes(model.read_bytes()[:-100])
    model = folder / f"{changed.name}.h5"
    content = bytearray(model.read_bytes())
    content[content.index(run.params[:4].tobytes())] ^= 1  # a weight: not all bytes are of use
    model.write_bytes(content)
    assert words(store) == ["changed"]
    with pytest.raises(ModelFileError):
        store.load(changed)
    with pytest.raises(ModelFileError):
        store.load(gone)


def test_a_full_disk_is_a_sentence_and_nothing_is_lost(store, folder, run, monkeypatch):
    store.put(run, "first", Filed())

    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(SaveError) as caught:
        store.put(run, "8-12-10, 97.2 %", Filed())
    assert "(8-12-10, 97.2 %) could not be kept on the disk" in caught.value.message
    assert "in memory until Inkling ends" in caught.value.hint
    monkeypatch.undo()
    assert words(store) == ["first"]
    assert len(list(folder.glob("*.h5"))) == 1


def test_a_folder_that_cannot_be_is_a_sentence(tmp_path, run):
    (tmp_path / "previous").write_text("a file in its place")
    with pytest.raises(SaveError, match="could not be kept"):
        PreviousNetworks(tmp_path / "previous").put(run, "one", Filed())


def test_programs_that_put_away_at_once_keep_all(folder, run):
    def put(name):
        for number in range(5):
            PreviousNetworks(folder, most=20).put(run, f"{name}{number}", Filed())

    threads = [threading.Thread(target=put, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = words(PreviousNetworks(folder, most=20))
    assert sorted(found) == sorted(f"{name}{number}" for name in "ab" for number in range(5))


def test_another_program_that_hangs_is_waited_for_only_so_long(store, folder, run, monkeypatch):
    monkeypatch.setattr("core.modelfile.previous._PATIENCE_S", 0.05)
    folder.mkdir(parents=True)
    with locked(folder / "previous"), pytest.raises(SaveError, match="too long"):
        store.put(run, "one", Filed())
    assert words(store) == []


def test_what_is_not_ours_is_left_alone(store, folder, run):
    folder.mkdir(parents=True)
    (folder / "notes.json").write_text("{}")
    for number in range(12):
        store.put(run, str(number), Filed())
    assert len(store.look()) == 10
    assert (folder / "notes.json").exists()
