"""The program is ended from outside: what it trained is offered at the next start."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from core.modelfile.autosave import autosave_folder
from core.modelfile.recovery import find_abandoned
from gui.shell.system import missing_libraries

_ROOT = Path(__file__).parents[3]


class Started:
    """The program in a process of its own."""

    def __init__(self, digits, way, **environment):
        clean = {key: os.environ[key] for key in os.environ if key != "DISPLAY"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.window_program", str(digits), way],
            cwd=_ROOT, env={**clean, **environment}, stdout=subprocess.PIPE, text=True,
            stderr=subprocess.PIPE,
        )  # fmt: skip
        self.told = []

    def wait_for(self, words):
        """Read until a line begins with these words, and return the rest of it."""
        for line in self.process.stdout:
            self.told.append(line.strip())
            if line.startswith(words):
                return line.removeprefix(words).strip()
        pytest.fail(f"ended without {words!r}: {self.told} {self.process.stderr.read()}")

    def train(self):
        """Wait until it has trained a while; return the iterations."""
        while (step := int(self.wait_for("step "))) < 50:
            pass
        return step

    def end(self):
        """Wait for the end; return the status."""
        self.told += self.process.stdout.read().splitlines()
        return self.process.wait()


@pytest.fixture
def start(digits_folder):
    made = []

    def begin(way="train", **environment):
        made.append(Started(digits_folder, way, **environment))
        return made[-1]

    yield begin
    for one in made:
        if one.process.poll() is None:
            one.process.kill()
        one.process.wait()
        one.process.stdout.close()
        one.process.stderr.close()


@pytest.fixture
def x_server():
    """An X server, and the name of its display."""
    if shutil.which("Xvfb") is None or missing_libraries("xcb"):
        pytest.skip("needs Xvfb and Qt's X libraries: apt install xvfb and the xcb packages")
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write), "-screen", "0", "1400x900x24", "-nolisten", "tcp"],
        pass_fds=[write], stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(write)
    with os.fdopen(read) as pipe:
        number = pipe.readline().strip()
    yield server, f":{number}"
    server.kill()
    server.wait()


def offered():
    """Return the one network that the next start would offer."""
    (found,) = find_abandoned(autosave_folder())
    found.release()
    return found.kept[0]


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="Windows has no such signals")
@pytest.mark.slow
def test_a_signal_ends_the_program_with_a_last_copy(start, name):
    program = start()
    step = program.train()
    program.process.send_signal(getattr(signal, name))
    assert program.end() == 128 + getattr(signal, name)
    assert program.told[-1] == "shut down"
    assert offered().step >= step
    again = start("idle")
    assert "The network it was training is still here" in again.wait_for("said ")


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="Windows has no such signals")
def test_ctrl_c_asks_and_a_second_one_ends_with_a_copy(start):
    program = start()
    program.train()
    program.process.send_signal(signal.SIGINT)
    step = program.train()  # it asks, and goes on
    program.process.send_signal(signal.SIGINT)
    assert program.end() == 128 + signal.SIGINT
    assert offered().step >= step


@pytest.mark.slow
def test_a_display_that_dies_takes_nothing_with_it(start, x_server):
    server, display = x_server
    program = start(DISPLAY=display, QT_QPA_PLATFORM="xcb")
    step = program.train()
    server.kill()
    assert program.end() == 1
    assert offered().step >= step
    again = start("idle")
    assert "The network it was training is still here" in again.wait_for("said ")
