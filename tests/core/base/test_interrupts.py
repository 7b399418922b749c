"""Whoever asks the program to end, and however: what was trained is saved."""

import os
import pty
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from core.base.interrupts import Interrupted, heard, held, status_of
from core.modelfile import load_model
from tests.support.command_line import (
    PATIENCE_S,
    Home,
    command,
    drained,
    started,
    training,
    wait_for_line,
)
from tests.support.examples import quick_first

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")

_ASKING = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP]


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path)


@pytest.mark.parametrize("number", _ASKING, ids=lambda number: number.name)
def test_a_signal_saves_the_network(number, home):
    out = home.folder / "m.h5"
    process = started(home, training(home, "--out", out))
    wait_for_line(process)
    process.send_signal(number)
    said, errors = drained(process)
    assert process.returncode == 128 + number
    assert f"Saved as {out}." in said
    assert errors.startswith("Stopped at iteration ")
    run = load_model(out)
    assert 0 < run.step < run.target
    assert run.calibration is not None


@pytest.mark.slow
def test_a_network_stopped_at_any_moment_can_be_opened(home):
    """Within an iteration the weights are ahead of the record: such a file is damaged."""
    for _ in range(8):
        out = home.folder / "m.h5"
        process = started(home, training(home, "--out", out))
        wait_for_line(process)
        process.send_signal(signal.SIGINT)
        drained(process)
        assert load_model(out).step > 0
        out.unlink()


def test_a_signal_is_heard_while_nobody_reads_the_output(home):
    out = home.folder / "m.h5"
    read, write = os.pipe()
    process = started(home, training(home, "--out", out), stdout=write, stderr=write)
    os.close(write)
    try:
        os.read(read, 10)
        while _waits_for_room(process.pid) is False:
            assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        while not out.exists():
            assert process.poll() is None
        # Now it waits to say so. A second signal ends it where it is.
        while process.poll() is None:
            process.send_signal(signal.SIGTERM)
            time.sleep(0.01)
        assert process.wait(PATIENCE_S) == -signal.SIGTERM
        assert load_model(out).step > 0
    finally:
        os.close(read)


def _waits_for_room(pid):
    """Tell whether the main thread waits until a pipe can take more; None if unknown."""
    try:
        told = Path(f"/proc/{pid}/wchan").read_text(encoding="ascii")
    except OSError:
        return None
    return "pipe" in told if told not in ("", "0") else None


def test_a_signal_that_comes_twice_at_once_is_one(home):
    """`timeout` sends its signal to the program, and to the group that it is in."""
    if shutil.which("timeout") is None:
        pytest.skip("there is no program `timeout`")
    out = home.folder / "m.h5"
    process = started(home, ["timeout", "3600", *training(home, "--out", out)])
    wait_for_line(process)
    process.send_signal(signal.SIGTERM)
    drained(process)
    assert load_model(out).step > 0


def test_a_terminal_that_closes_loses_nothing(home):
    """Its program gets SIGHUP, and whatever it prints from then on fails."""
    out = home.folder / "m.h5"
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", _IN_A_TERMINAL, *training(home, "--out", out)],
        stdin=theirs, stdout=theirs, stderr=theirs, env=home.environment(), cwd=home.folder,
        start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    seen = b""
    while b"epoch" not in seen:
        seen += os.read(ours, 4096)
    os.close(ours)
    assert process.wait(PATIENCE_S) == 128 + signal.SIGHUP
    assert load_model(out).step > 0


# The terminal becomes that of the session, so that its end is told to the program.
_IN_A_TERMINAL = """
import fcntl, os, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
os.execv(sys.argv[1], sys.argv[1:])
"""


@pytest.mark.slow
def test_with_nohup_it_goes_on(home):
    out = home.folder / "m.h5"
    ignoring = [sys.executable, "-c", _IGNORING, *training(home, "--out", out)]
    process = started(home, ignoring)
    wait_for_line(process)
    process.send_signal(signal.SIGHUP)
    for _ in range(2000):  # far more than the pipe holds: it still trains
        wait_for_line(process)
    process.send_signal(signal.SIGTERM)
    drained(process)
    assert process.returncode == 128 + signal.SIGTERM
    assert load_model(out).step > 0


_IGNORING = """
import os, signal, sys
signal.signal(signal.SIGHUP, signal.SIG_IGN)
os.execv(sys.argv[1], sys.argv[1:])
"""


@pytest.mark.parametrize("number", quick_first(_ASKING, 1), ids=lambda number: number.name)
def test_other_commands_end_in_a_word_and_leave_no_half_file(number, home):
    """A check of many weights takes minutes; nothing of it can be kept."""
    words = command("check", "--data", home.digits, "--set", "hidden=4000", "--images", "50")
    ours, theirs = pty.openpty()  # its bar shows that it is at work
    process = started(home, words, stderr=theirs)
    os.close(theirs)
    seen = b""
    while b"weights" not in seen:
        seen += os.read(ours, 4096)
    process.send_signal(number)
    said, _ = drained(process)
    errors = _rest_of(ours)
    assert process.returncode == 128 + number
    assert said == ""
    assert errors.rstrip().endswith("Interrupted.")
    assert "Traceback" not in errors


def _rest_of(terminal):
    found = b""
    while True:
        try:
            more = os.read(terminal, 4096)
        except OSError:  # how Linux says that nobody is at the other end
            more = b""
        if not more:
            os.close(terminal)
            return found.decode()
        found += more


def test_a_signal_during_the_calibration_keeps_the_network(home):
    """Calibrating comes between training and saving."""
    out = home.folder / "m.h5"
    ours, theirs = pty.openpty()
    process = started(home, training(home, "--out", out, epochs=1), stderr=theirs)
    os.close(theirs)
    seen = b""
    while b"calibrating" not in seen:
        seen += os.read(ours, 4096)
    process.send_signal(signal.SIGTERM)
    drained(process)
    os.close(ours)
    run = load_model(out)
    assert run.step == run.target


# Within this process -----------------------------------------------------------------------


def test_the_first_signal_raises_and_tells_which_it_was():
    with pytest.raises(Interrupted) as caught, heard():
        signal.raise_signal(signal.SIGTERM)
    assert status_of(caught.value) == 143
    assert status_of(KeyboardInterrupt()) == 130


def test_held_work_is_not_torn_apart():
    with heard(), held() as request:
        assert not request
        signal.raise_signal(signal.SIGHUP)
        assert request.number == signal.SIGHUP
        signal.raise_signal(signal.SIGHUP)  # the shell tells of it, too


def test_a_part_of_held_work_may_be_given_up():
    with heard(), held() as request:
        with pytest.raises(Interrupted), request.passing():
            signal.raise_signal(signal.SIGTERM)
        assert request.number == signal.SIGTERM


def test_what_listened_before_listens_again():
    before = [signal.getsignal(number) for number in _ASKING]
    with heard():
        assert signal.getsignal(signal.SIGTERM) != before[1]
    assert [signal.getsignal(number) for number in _ASKING] == before


def test_a_thread_changes_nothing():
    found = []

    def work():
        with heard():
            found.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert found == [signal.SIG_DFL]
