"""Hostile files at every door of the program: the short form of `make fuzz`."""

import subprocess
import sys

import pytest

from tests.fuzz.homes import ROOT, program

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="forks"),
]


@pytest.mark.timeout(900)
@pytest.mark.parametrize(("door", "count"), [("command", 24), ("window", 15), ("home", 4)])
def test_hostile_files_get_a_sentence(door, count):
    done = subprocess.run(
        program("tests.fuzz.hostile", count, "--seed", 5, "--doors", door),
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("ok ")
    assert f"{count} files" in done.stdout
