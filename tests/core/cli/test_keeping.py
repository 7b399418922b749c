"""A trained network that cannot be saved where it should be is kept elsewhere."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core.base.errors import SaveError
from core.cli.keeping import keep_model
from core.modelfile import load_model
from core.modelfile.recovery import find_abandoned
from core.training.run import new_run, split_data
from tests.support.command_line import Home, drained, started, training, wait_for_line
from tests.support.small_data import small_dataset, small_recipe

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="other ways to spoil a folder")


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


@pytest.fixture
def run():
    data, recipe = small_dataset(), small_recipe()
    return new_run(recipe, data, split_data(recipe, data))


def _kept_as(sentence):
    """Return the file that a sentence names."""
    return Path(re.search(r"The network is kept as (.*?\.h5)\.", sentence)[1])


def _vanish(out):
    out.parent.rmdir()


def _be_a_folder(out):
    out.mkdir()


def _be_a_pipe(out):
    os.mkfifo(out)


def _forbid(out):
    out.parent.chmod(0o500)


@pytest.mark.parametrize("spoil", [_vanish, _be_a_folder, _be_a_pipe, _forbid])
def test_what_happens_while_it_trains_costs_no_network(spoil, home):
    if spoil is _forbid and os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    out = home.folder / "usb" / "m.h5"
    out.parent.mkdir()
    process = started(home, training(home, "--out", out))
    wait_for_line(process)
    spoil(out)
    process.terminate()
    said, errors = drained(process)
    assert process.returncode == 2
    assert "Saved as" not in said
    assert "Nothing is lost" not in errors
    kept = _kept_as(errors)
    assert kept in home.models()
    assert load_model(kept).step > 0
    assert "Traceback" not in errors
    if spoil is _be_a_pipe:
        assert out.is_fifo()


def test_the_next_window_offers_it(home, run):
    """It lies as the work of a program that crashed."""
    process = started(home, training(home, "--out", home.folder / "usb" / "m.h5"))
    assert drained(process)[1].count("\n") == 1  # there is no such folder: nothing was trained
    assert home.models() == []
    (home.folder / "usb").mkdir()
    process = started(home, training(home, "--out", home.folder / "usb" / "m.h5"))
    wait_for_line(process)
    (home.folder / "usb").rmdir()
    process.terminate()
    kept = _kept_as(drained(process)[1])
    (offer,) = find_abandoned(home.data / "Inkling" / "autosave")
    found, _ = offer.load()
    assert found.step == load_model(kept).step
    assert offer.kept[0].path == str(home.folder / "usb" / "m.h5")
    offer.release()


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("mount") is None,
    reason="only root may mount a small disk; a folder that vanishes is tried above",
)
@pytest.mark.slow
def test_on_a_full_disk_it_goes_to_the_users_data(home):
    disk = home.folder / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)],
        capture_output=True, check=False,
    )  # fmt: skip
    if mounted.returncode:
        pytest.skip("this machine lets nobody mount")
    try:
        process = started(home, training(home, "--out", disk / "m.h5", "--set", "hidden=512"))
        wait_for_line(process)
        process.terminate()
        _, errors = drained(process)
        assert list(disk.iterdir()) == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)
    assert process.returncode == 2
    assert "the disk is full" in errors
    assert load_model(_kept_as(errors)).step > 0


def test_without_a_data_folder_it_goes_to_the_temporary_one(home):
    (home.folder / "usb").mkdir()
    (home.folder / "data").write_text("in the way", encoding="utf-8")
    process = started(home, training(home, "--out", home.folder / "usb" / "m.h5"))
    wait_for_line(process)
    (home.folder / "usb").rmdir()
    process.terminate()
    kept = _kept_as(drained(process)[1])
    assert kept.parents[1] == home.folder / "tmp"
    assert load_model(kept).step > 0


_LIMITED = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
os.execv(sys.argv[1], sys.argv[1:])
"""


def test_where_nothing_can_be_written_it_is_said_to_be_lost(home):
    """A limit on the size of files stands for disks that are full everywhere."""
    out = home.folder / "m.h5"
    words = [sys.executable, "-c", _LIMITED, *training(home, "--out", out)]
    process = started(home, words)
    wait_for_line(process)
    process.terminate()
    said, errors = drained(process)
    assert process.returncode == 2
    assert "the network is lost" in errors
    assert "Nothing is lost" not in errors
    assert "Saved as" not in said
    assert not out.exists()
    assert list((home.folder / "tmp").iterdir()) == []
    assert home.models() == []


@pytest.mark.slow
def test_the_figures_are_told_all_the_same(home):
    (home.folder / "usb").mkdir()
    process = started(home, training(home, "--out", home.folder / "usb" / "m.h5", "--json"))
    wait_for_line(process)
    (home.folder / "usb").rmdir()
    process.terminate()
    assert '"test_accuracy"' in drained(process)[0].splitlines()[-1]


def test_a_new_version_beside_a_file_in_use_is_enough(tmp_path, run, monkeypatch):
    """As on Windows, where another program may hold the file."""
    monkeypatch.setattr("core.base.atomic_write._RETRY_S", 0.001)

    def refuse(source, target):
        raise PermissionError(13, "The process cannot access the file")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(SaveError, match="beside it") as caught:
        keep_model(tmp_path / "m.h5", run)
    assert caught.value.kept == tmp_path / "m (new).h5"
    assert load_model(caught.value.kept).step == 0
