import errno
import subprocess
import sys
import threading
import time
from contextlib import ExitStack

import pytest

from core.base.errors import SaveError
from core.base.filelock import locked

_HOLD = """
import sys, time
from pathlib import Path
from core.base.filelock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


def test_the_second_waits_for_the_first(tmp_path):
    path, order = tmp_path / "file", []

    def second():
        with locked(path):
            order.append("second")

    with locked(path):
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.05)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


def test_who_waits_too_long_is_told(tmp_path):
    with (
        locked(tmp_path / "file"),
        pytest.raises(SaveError, match="Another program"),
        locked(tmp_path / "file", patience_s=0.05),
    ):
        pass


def test_a_fault_within_opens_the_lock(tmp_path):
    with pytest.raises(ZeroDivisionError), locked(tmp_path / "file"):
        _ = 1 / 0
    with locked(tmp_path / "file", patience_s=0.0):
        pass


def test_a_killed_program_holds_no_lock(tmp_path):
    path = tmp_path / "file"
    program = subprocess.Popen([sys.executable, "-c", _HOLD, str(path)], stdout=subprocess.PIPE)
    assert program.stdout.readline() == b"held\n"
    with pytest.raises(SaveError), locked(path, patience_s=0.05):
        pass
    program.kill()
    program.communicate()
    with locked(path, patience_s=5.0):
        pass


def test_a_folder_that_is_not_there_is_said_in_words(tmp_path):
    with pytest.raises(SaveError, match="does not exist"), locked(tmp_path / "no" / "file"):
        pass


def test_the_small_file_stays_so_that_all_lock_the_same_one(tmp_path):
    for _ in range(2):
        with locked(tmp_path / "file"):
            kind = (tmp_path / "file.lock").stat().st_ino
        assert (tmp_path / "file.lock").stat().st_ino == kind
    assert [item.name for item in tmp_path.iterdir()] == ["file.lock"]


def test_another_thread_may_open_the_lock(tmp_path):
    held = ExitStack()
    held.enter_context(locked(tmp_path / "file"))
    thread = threading.Thread(target=held.close)
    thread.start()
    thread.join()
    with locked(tmp_path / "file", patience_s=0.0):
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no flock")
def test_a_drive_that_knows_no_locks_keeps_nobody_out_and_is_left_no_mark(tmp_path, monkeypatch):
    def no_locks(handle, how):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", no_locks)
    with locked(tmp_path / "file"), locked(tmp_path / "file", patience_s=0.0):
        pass
    with locked(tmp_path / "file", patience_s=0.0):
        pass
    assert [item.name for item in tmp_path.iterdir()] == ["file.lock"]
    assert (tmp_path / "file.lock").read_bytes() == b""


def test_a_lock_that_an_older_inkling_holds_keeps_out(tmp_path):
    fcntl = pytest.importorskip("fcntl")
    with (tmp_path / "file.lock").open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        with pytest.raises(SaveError, match="Another program"), locked(tmp_path / "file", 0.0):
            pass
