"""Work in progress is kept whole, and found again only if its program did not end in order."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from core.base.errors import ModelFileError, SaveError
from core.modelfile.autosave import MANIFEST, Autosave, Program
from core.modelfile.recovery import find_abandoned
from core.training.run import new_run, split_data
from core.training.train import train
from tests.support.small_data import small_dataset, small_recipe

_ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def states():
    """The same network at three times."""
    dataset, recipe = small_dataset(100), small_recipe()
    parts = split_data(recipe, dataset)
    run = new_run(recipe, dataset, parts)
    made = []
    for target in (3, 6, 9):
        run.target = target
        for _ in train(run, parts):
            pass
        made.append(run.copy())
    return made


@pytest.fixture
def crashed(tmp_path, states):
    """A folder in which a program kept two states and then died; and what it kept."""
    store = Autosave(tmp_path)
    for run in states:
        store.keep(run)
    store.abandon()
    return store


def only(folder):
    """Return the one offer in a folder."""
    (found,) = find_abandoned(folder)
    return found


def test_what_was_kept_last_comes_back_as_it_was(tmp_path, states, crashed):
    run, one = only(tmp_path).load()
    assert run.step == one.step == 9
    np.testing.assert_array_equal(run.params, states[2].params)
    for name, slot in states[2].slots.items():
        np.testing.assert_array_equal(run.slots[name], slot)
    assert one.recipe == states[2].recipe.label
    assert one.target == 9
    assert one.accuracy == states[2].history.evaluations[-1].validation_accuracy
    assert one.measured_on == "held-out images"


def test_training_goes_on_from_it_bit_for_bit(tmp_path):
    dataset, recipe = small_dataset(100), small_recipe()
    parts = split_data(recipe, dataset)
    run = new_run(recipe, dataset, parts)
    run.target = 4
    for _ in train(run, parts):
        pass
    store = Autosave(tmp_path)
    store.keep(run.copy())
    store.abandon()
    back, _ = only(tmp_path).load()
    for one in (run, back):
        one.target = 9
        for _ in train(one, parts):
            pass
    np.testing.assert_array_equal(back.params, run.params)
    np.testing.assert_array_equal(back.history.losses, run.history.losses)


def test_the_two_newest_states_are_on_the_disk_and_no_more(crashed):
    assert [one.step for one in crashed.kept] == [9, 6]
    models = [path for path in crashed.place.iterdir() if path.suffix == ".h5"]
    assert len(models) == 2


def test_if_the_newest_is_damaged_the_one_before_comes_back(tmp_path, crashed):
    newest = crashed.place / crashed.kept[0].file
    content = bytearray(newest.read_bytes())
    content[-1000] ^= 1
    newest.write_bytes(content)
    run, one = only(tmp_path).load()
    assert run.step == one.step == 6


def test_a_state_that_cannot_be_read_when_it_is_wanted_gives_way_to_the_one_before(
    tmp_path, crashed
):
    found = only(tmp_path)
    (crashed.place / crashed.kept[0].file).write_bytes(b"gone wrong meanwhile")
    assert found.load()[1].step == 6
    (crashed.place / crashed.kept[1].file).write_bytes(b"this, too")
    with pytest.raises(ModelFileError):
        found.load()


def test_if_nothing_whole_is_left_nothing_is_offered_and_nothing_deleted(tmp_path, crashed):
    for one in crashed.kept:
        (crashed.place / one.file).write_bytes(b"")
    assert find_abandoned(tmp_path) == []
    assert (crashed.place / MANIFEST).exists()


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"version": 99}', '{"version": 1, "generations": 5}', "\x00",
     '{"version": 1, "generations": [{"file": "../../secret.h5"}], "program": {}}'],
)  # fmt: skip
def test_a_damaged_manifest_offers_nothing(tmp_path, crashed, text):
    (crashed.place / MANIFEST).write_text(text)
    assert find_abandoned(tmp_path) == []


@pytest.mark.parametrize(("key", "value"), [("file", "../a.h5"), ("saved", "soon"), ("step", "x")])
def test_what_a_manifest_cannot_say_is_not_offered(tmp_path, crashed, key, value):
    manifest = crashed.place / MANIFEST
    content = json.loads(manifest.read_text())
    for one in content["generations"]:
        one[key] = value
    manifest.write_text(json.dumps(content))
    assert find_abandoned(tmp_path) == []


def test_a_program_that_lives_is_not_offered(tmp_path, states):
    store = Autosave(tmp_path)
    store.keep(states[0])
    assert find_abandoned(tmp_path) == []
    store.abandon()
    assert only(tmp_path).kept[0].step == 3


def test_where_locks_do_not_work_its_process_tells_that_it_lives(tmp_path, states, monkeypatch):
    pytest.importorskip("fcntl")

    def no_locks(handle, how):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", no_locks)
    store = Autosave(tmp_path)
    store.keep(states[0])
    if not Program(**json.loads((store.place / MANIFEST).read_text())["program"]).started:
        pytest.skip("this system does not say when a process began")
    assert find_abandoned(tmp_path) == []


def test_another_process_of_the_same_number_is_not_that_program():
    assert not Program("elsewhere", os.getpid(), "0 1").lives
    assert not Program("", os.getpid(), "").lives


def test_a_program_that_ends_in_order_leaves_nothing(tmp_path, states):
    store = Autosave(tmp_path / "autosave")
    store.keep(states[0])
    store.close()
    assert list((tmp_path / "autosave").iterdir()) == []


def test_a_program_that_kept_nothing_makes_no_folder(tmp_path):
    store = Autosave(tmp_path / "autosave")
    store.close()
    assert find_abandoned(tmp_path / "autosave") == []
    assert list(tmp_path.iterdir()) == []


def test_saved_work_is_not_offered(tmp_path, states):
    store = Autosave(tmp_path)
    store.keep(states[0])
    store.clear()
    store.abandon()
    assert find_abandoned(tmp_path) == []
    assert list(tmp_path.iterdir()) == []  # an empty folder is cleared away


def test_after_clearing_work_is_kept_again(tmp_path, states):
    store = Autosave(tmp_path)
    store.keep(states[0])
    store.clear()
    store.keep(states[1])
    store.abandon()
    assert [one.step for one in only(tmp_path).kept] == [6]


def test_two_programs_are_offered_one_offer_only_once(tmp_path, crashed):
    first = only(tmp_path)
    assert find_abandoned(tmp_path) == []  # it is claimed
    first.release()
    assert only(tmp_path).kept[0].step == 9


def test_of_several_the_newest_comes_first(tmp_path, states):
    for number, run in enumerate(states):
        store = Autosave(tmp_path)
        store.keep(run)
        store.abandon()
        manifest = store.place / MANIFEST
        content = json.loads(manifest.read_text())
        content["generations"][0]["saved"] = f"2026-05-0{1 + number}T12:00:00+02:00"
        manifest.write_text(json.dumps(content))
    assert [one.kept[0].step for one in find_abandoned(tmp_path)] == [9, 6, 3]


def test_what_was_discarded_is_gone_at_the_next_look(tmp_path, crashed):
    found = only(tmp_path)
    found.set_discarded(True)
    found.set_discarded(False)
    found.release()
    found = only(tmp_path)  # taken back: it is still offered
    found.set_discarded(True)
    found.release()
    assert find_abandoned(tmp_path) == []
    assert not crashed.place.exists()


def test_what_is_deleted_is_gone(tmp_path, crashed):
    only(tmp_path).delete()
    assert list(tmp_path.iterdir()) == []


def test_the_users_file_is_told_of_and_left_alone(tmp_path, states):
    mine = tmp_path / "mine.h5"
    mine.write_bytes(b"precious")
    store = Autosave(tmp_path / "autosave")
    store.keep(states[0], mine)
    store.abandon()
    assert only(tmp_path / "autosave").kept[0].path == str(mine)
    assert mine.read_bytes() == b"precious"


def test_a_folder_that_cannot_be_written_is_said_and_kept_work_stays(tmp_path, states):
    blocked = tmp_path / "autosave"
    blocked.write_bytes(b"a file in its place")
    with pytest.raises(SaveError, match="guards your work") as caught:
        Autosave(blocked).keep(states[0])
    assert "save the network yourself" in caught.value.hint


def test_a_folder_that_was_deleted_meanwhile_is_made_anew(tmp_path, states):
    store = Autosave(tmp_path)
    store.keep(states[0])
    shutil.rmtree(store.place)
    store.keep(states[1])
    assert [one.step for one in store.kept] == [6]
    assert find_abandoned(tmp_path) == []  # and it is locked again
    store.abandon()
    assert only(tmp_path).kept[0].step == 6


def test_an_absent_folder_offers_nothing(tmp_path):
    assert find_abandoned(tmp_path / "never") == []


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no such signal")
def test_the_folder_of_a_program_that_was_killed_is_free(tmp_path):
    program = (
        "import sys, time; from pathlib import Path; from core.modelfile.autosave import Autosave;"
        "from core.training.run import new_run, split_data;"
        "from tests.support.small_data import small_dataset, small_recipe;"
        "d, r = small_dataset(100), small_recipe(); run = new_run(r, d, split_data(r, d));"
        "store = Autosave(Path(sys.argv[1])); store.keep(run);"
        "print('kept', flush=True); time.sleep(600)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], cwd=_ROOT, stdout=subprocess.PIPE
    ) as child:
        child.stdout.readline()
        alive = find_abandoned(tmp_path)
        child.kill()
    assert alive == []
    assert len(find_abandoned(tmp_path)) == 1
